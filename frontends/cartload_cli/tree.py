"""The first lines of a directory tree, files of one folder on one line."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from cartload_common import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_LINES = 24


def first_lines(root: Path, most: int = MOST_LINES) -> Iterator[str]:
    """Write at most so many lines, and say when there is more; hidden names are left out."""
    lines = _lines(root, "  ")
    yield from islice(lines, most)
    if next(lines, None) is not None:
        yield "  ..."


def _lines(folder: Path, indent: str) -> Iterator[str]:
    visible = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    files = [entry.name for entry in visible if not entry.is_dir()]
    if files:
        yield indent + texts.safe(_together(files))
    for entry in visible:
        if entry.is_dir():
            yield f"{indent}{texts.safe(entry.name)}/"
            yield from _lines(entry, indent + "  ")


def _together(names: list[str]) -> str:
    if len(names) < 4:  # noqa: PLR2004 - so few need no shortening
        return ", ".join(names)
    return f"{names[0]} ... {names[-1]} ({texts.count(len(names), 'file')})"
