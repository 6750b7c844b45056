"""Whether a cart can go where the user wants it: writable, and with room; looked at in a thread."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING

from attrs import frozen

from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@frozen
class Place:
    """What was found at *directory*: bytes free (None: not known), and why it cannot be used, if so."""

    directory: Path
    free: int | None = None
    fault: str = ""


def look(directory: Path) -> Place:
    """Look at a folder, or at the nearest above it that is there; a trial file is made and removed."""
    whole = directory.absolute()
    at = next((each for each in (whole, *whole.parents) if each.exists()), whole)
    if not at.is_dir():
        return Place(directory, fault=tr("{folder} is not a folder.", folder=at))
    try:
        with tempfile.TemporaryFile(dir=at):
            free = shutil.disk_usage(at).free
    except OSError as error:
        return Place(directory, fault=tr("{folder}: {reason}", folder=at, reason=error.strerror or error))
    return Place(directory, free)


def looking(directory: Path) -> Callable[[object], Place]:
    """Give the work of looking, for a Bridge."""
    return lambda _: look(directory)
