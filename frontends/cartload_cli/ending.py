"""How a console script ends: whatever happens in it becomes lines for the user and an exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cartload_cli.streams import discard, never_choke

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130


def carry_out(command: click.Command, arguments: Sequence[str] | None, name: str) -> int:
    """Run the command that users call *name*, and give its exit code; nothing that happens in it gets out."""
    never_choke()
    try:
        return _outcome(command.main(arguments, prog_name=name, standalone_mode=False))
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted.", err=True)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Nobody reads the output any more, which click turns into an exit with 1: here, a failed series.
        discard(sys.stdout)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - every error becomes a line and an exit code, here
        from cartload_cli.failures import show  # noqa: PLC0415 - only a failure needs it

        return show(error)


def _outcome(result: object) -> int:
    return int(result) if isinstance(result, int) else 0
