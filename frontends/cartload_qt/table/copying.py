"""Rows as text for the clipboard: a line each with tabs between, as spreadsheets and editors take it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartload_qt import measures
from cartload_qt.table.columns import FIELDS, Column, title
from cartload_qt.table.words import state_word
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from cartload_qt.table.columns import Field
    from cartload_qt.table.rows import Rows

_NUMBER = re.compile(r"[+-]?[0-9.,]+")


def rows_text(rows: Rows, selected: Sequence[int], columns: Sequence[Column]) -> str:
    """Write the selected rows below a line of headings: sizes in bytes, and the whole UID at the end."""
    headings = [*map(_heading, columns), tr("Series UID")]
    written = [_column(rows, selected, column) for column in columns]
    uids = (rows.tasks[row].series_uid for row in selected)
    lines = map("\t".join, zip(*written, uids, strict=True))
    return "\n".join(("\t".join(headings), *lines, ""))


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking what a server wrote for a formula."""
    if text[:1] in {"=", "+", "-", "@"} and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _heading(column: Column) -> str:
    return tr("Size (bytes)") if column is Column.SIZE else title(column)


def _column(rows: Rows, selected: Sequence[int], column: Column) -> Iterable[str]:
    if column is Column.SIZE:
        return (str(rows.tasks[row].size) for row in selected)
    if column is Column.STATUS:
        return (state_word(rows.state(row)) for row in selected)
    if column is Column.PROGRESS:
        return (measures.percent(rows.percent(row)) for row in selected)
    return _written(rows, selected, FIELDS[column])


def _written(rows: Rows, selected: Sequence[int], field: Field) -> Iterable[str]:
    """Write each different value once: there are few of them in many rows."""
    known: dict[Hashable, str] = {}
    for row in selected:
        task = rows.tasks[row]
        value = field.value(task)
        if value not in known:
            known[value] = harmless(field.text(task))
        yield known[value]
