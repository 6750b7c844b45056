"""What every end-to-end test starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cartload(tmp_path: Path) -> CommandLine:
    """Give the command line."""
    (tmp_path / "home").mkdir()
    return CommandLine(tmp_path)
