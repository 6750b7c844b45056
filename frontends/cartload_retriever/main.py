"""The console script ``nbia-data-retriever``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cartload_cli.ending import carry_out
from cartload_retriever.command import command

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "nbia-data-retriever"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    return carry_out(command, arguments, NAME)


if __name__ == "__main__":
    sys.exit(main())
