"""Files that bear the mark: written and removed; those of others are left as they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cartload_qt.desktop.integration.mark import MARK
from cartload_qt.desktop.integration.steps import Outcome, Step

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 1024 * 1024


def put(path: Path, text: str) -> Step:
    """Write a file that bears the mark, in place of an earlier one."""
    try:
        before = _read(path)
        if before is not None and MARK not in before:
            return Step(str(path), Outcome.IN_THE_WAY)
        if before == text:
            return Step(str(path), Outcome.UNCHANGED)
        replace(path, text.encode())
    except OSError as error:
        return Step(str(path), Outcome.FAILED, error.strerror or str(error))
    return Step(str(path), Outcome.WRITTEN)


def take_away(path: Path) -> Step:
    """Remove a file if it bears the mark."""
    try:
        before = _read(path)
        if before is None:
            return Step(str(path), Outcome.ABSENT)
        if MARK not in before:
            return Step(str(path), Outcome.FOREIGN)
        path.unlink()
    except OSError as error:
        return Step(str(path), Outcome.FAILED, error.strerror or str(error))
    return Step(str(path), Outcome.REMOVED)


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a desktop reads it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _read(path: Path) -> str | None:
    """Read a file; None when nothing is there. A link that leads nowhere is something."""
    if path.is_symlink() and not path.exists():
        return ""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except FileNotFoundError:
        return None
