"""What stands in the cells of the table: of series and of groups, for eyes and for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_qt import measures
from cartload_qt.table.arranging import Grouping, group_name
from cartload_qt.table.columns import FIELDS, Column
from cartload_qt.table.tips import tip_of
from cartload_qt.table.words import WORST_FIRST, state_word
from cartload_qt.translation import figure, numbered, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cartload.state import TaskState
    from cartload_qt.table.groups import Group
    from cartload_qt.table.rows import Rows

_MOST_KEPT = 2000


class SeriesCells:
    """Writes the cells of series; what it wrote of those on the screen is kept."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._written: dict[int, Sequence[str]] = {}

    def text(self, row: int, column: Column) -> str:
        """Give what a cell shows."""
        if column is Column.STATUS:
            return state_word(self.rows.state(row))
        if column is Column.PROGRESS:
            return measures.percent(self.rows.percent(row))
        written = self._written.get(row)
        if written is None:
            if len(self._written) >= _MOST_KEPT:
                self._written.clear()
            task = self.rows.tasks[row]
            written = self._written[row] = [field.text(task) for field in FIELDS.values()]
        return written[column]

    def tip(self, row: int, column: Column) -> str:
        """Give the lines of a cell's tooltip, not yet made harmless."""
        return tip_of(column, self.rows.details(row))

    def spoken(self, row: int, column: Column) -> str:
        """Give what a screen reader says of a cell, with what is drawn and not written."""
        text = self.text(row, column)
        if column is Column.LICENSE and self.is_restricted(row):
            return tr("{licence}, not for commercial use", licence=text)
        if column is Column.STATUS and (reason := self.rows.reason(row)):
            return tr("{state}: {reason}", state=text, reason=reason)
        return text

    def is_restricted(self, row: int) -> bool:
        """Tell whether the licence of a series forbids commercial use."""
        terms = self.rows.tasks[row].terms
        return terms is not None and not terms.commercial


class GroupCells:
    """Writes the cells of groups: their names, and sums where a column has such."""

    def __init__(self, grouping: Grouping) -> None:
        self._grouping = grouping

    def text(self, group: Group, column: Column) -> str:
        """Give what a cell shows; columns without sums are empty."""
        if column is Column.COLLECTION:
            return self._name(group)
        write = _SUMS.get(column)
        return write(group) if write else ""

    def tip(self, group: Group, column: Column) -> str:
        """Give the lines of a cell's tooltip: the whole name, or how many series are in which state."""
        if column is Column.STATUS:
            counted = zip(WORST_FIRST, group.sums.counts, strict=True)
            return "\n".join(_counted(state, figure(count)) for state, count in counted if count)
        return self._name(group) if column is Column.COLLECTION else ""

    def _name(self, group: Group) -> str:
        name = group_name(group, self._grouping)
        return numbered(
            "{name} ({number} series)",
            "{name} ({number} series)",
            len(group.rows),
            name=name or tr("Not described by the archive"),
        )


def _counted(state: TaskState, count: str) -> str:
    return tr("{state}: {count}", state=state_word(state), count=count)


def _group_status(group: Group) -> str:
    count, whole = group.sums.counts[WORST_FIRST.index(group.worst)], len(group.rows)
    if count == whole:
        return state_word(group.worst)
    part = tr("{done} of {total}", done=figure(count), total=figure(whole))
    return _counted(group.worst, part)


_SUMS: Mapping[Column, Callable[[Group], str]] = {
    Column.IMAGES: lambda group: figure(group.sums.images),
    Column.ANNOTATIONS: lambda group: numbered("{number} series", "{number} series", group.sums.annotated),
    Column.SIZE: lambda group: measures.size(group.sums.size),
    Column.PROGRESS: lambda group: measures.percent(group.percent),
    Column.STATUS: _group_status,
}
