"""The little Markdown that the pages are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Make a table; a bar in a cell is escaped, a line break becomes a blank."""
    lines = [_row(headings), _row(["---"] * len(headings)), *map(_row, rows)]
    return "\n".join(lines)


def code(text: object) -> str:
    """Set *text* in code letters; nothing where there is none."""
    words = str(text)
    return f"`{words}`" if words else ""


def block(language: str, text: str) -> str:
    """Set *text* apart as a block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def section(level: int, title: str, *parts: str, anchor: str = "") -> str:
    """Make a section with a heading; parts that are empty are left out."""
    target = [f"({anchor})="] if anchor else []
    return "\n\n".join(part for part in (*target, f"{'#' * level} {title}", *parts) if part)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"
