"""The series of a plan as Qt's views want them: a list, or a tree of groups; sorted, filtered, and alive.

What happens to a series changes its cells and never its place: while the table is sorted by status or shows
the failed alone, a row stays where it is under the mouse, and one that no longer fits remains. The model
says that it ``is_outdated``, and orders and filters again when it is asked to (``settle``, a click on a
heading, another filter) and when the run ends.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, overload

from attrs import evolve
from PyQt6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, pyqtSignal

from cartload.events import SessionEnded
from cartload.plan import Plan
from cartload_qt.table.arrangement import Arrangement, Choices
from cartload_qt.table.arranging import Filter, Grouping, Sorting
from cartload_qt.table.cells import GroupCells, SeriesCells
from cartload_qt.table.columns import Column, title
from cartload_qt.table.roles import READERS, alignment
from cartload_qt.table.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cartload.events import Event
    from cartload.model import SeriesUID
    from cartload.plan import Task
    from cartload.progress import Attempt
    from cartload.state import TaskState
    from cartload_qt.table.rows import Details

_ROOT = QModelIndex()
_COLUMNS = tuple(Column)
_WIDTH = len(_COLUMNS)
_MOST_SIGNALS = 1000


class SeriesModel(QAbstractItemModel):
    """The downloads table; *clock* gives seconds since 1970.

    ``arranged`` tells that other rows are shown, or in another order; ``happened`` that events changed some,
    shown or not; ``outdated_changed`` whether rows stand where they may no longer belong.
    """

    arranged = pyqtSignal()
    happened = pyqtSignal()
    outdated_changed = pyqtSignal(bool)

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._clock = clock
        self._take_over(Plan(()), Choices())

    # --- the plan and what happens to it -----------------------------------------------------------

    def show_plan(self, plan: Plan) -> None:
        """Show the series of a plan, sorted, filtered and grouped as before."""
        self.beginResetModel()
        self._take_over(plan, self._now.choices)
        self.endResetModel()
        self._tell_arranged()

    def clear(self) -> None:
        """Show nothing."""
        self.show_plan(Plan(()))

    def apply(self, events: Sequence[Event]) -> None:
        """Show what events tell of series; the end of a run also puts every row where it belongs by then."""
        before = self._now.rows.take(events)
        if before:
            was_outdated = self._now.is_outdated
            self._now.changed(before)
            self._tell_changed(self._now.runs(before))
            if self._now.is_outdated != was_outdated:
                self.outdated_changed.emit(True)
            self.happened.emit()
        if any(isinstance(event, SessionEnded) for event in events):
            self.settle()

    def settle(self) -> None:
        """Put every row where it belongs by now."""
        if self._now.is_outdated:
            self._rearrange(self._now.choices)

    @property
    def is_outdated(self) -> bool:
        """Tell whether rows may stand where they no longer belong."""
        return self._now.is_outdated

    # --- what the user chooses ------------------------------------------------------------------------

    @property
    def choices(self) -> Choices:
        """Say what is shown, and how."""
        return self._now.choices

    def set_filter(self, chosen: Filter) -> None:
        """Show only some rows."""
        self._choose(evolve(self.choices, filter=chosen))

    def set_grouping(self, grouping: Grouping) -> None:
        """Gather rows in groups, or no longer."""
        self._choose(evolve(self.choices, grouping=grouping))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column, equal ones as they stood; without a column (-1) as in the cart."""
        is_descending = order is Qt.SortOrder.DescendingOrder
        sorting = Sorting(Column(column), is_descending) if 0 <= column < _WIDTH else Sorting()
        self._choose(evolve(self.choices, sorting=sorting))

    # --- questions ------------------------------------------------------------------------------------

    @property
    def arrangement(self) -> Arrangement:
        """Give how the rows stand now."""
        return self._now

    @property
    def rows(self) -> Rows:
        """Give the rows behind what is shown."""
        return self._now.rows

    @property
    def order(self) -> Sequence[int]:
        """Give the rows that are shown, in order, whatever groups they are in."""
        return self._now.order

    def task(self, index: QModelIndex) -> Task | None:
        """Give the task at an index; None for a group."""
        row = self.row_at(index)
        return None if row is None else self.rows.tasks[row]

    def state(self, uid: SeriesUID) -> TaskState:
        """Say where a series is; raises KeyError if it is not in the plan, as the other questions do."""
        return self.rows.state(self.rows.row_of(uid))

    def reason(self, uid: SeriesUID) -> str:
        """Say why a series is not there; empty where nothing is wrong."""
        return self.rows.reason(self.rows.row_of(uid))

    def attempts(self, uid: SeriesUID) -> tuple[Attempt, ...]:
        """Give every failed attempt at a series."""
        return self.rows.attempts(self.rows.row_of(uid))

    def details(self, uid: SeriesUID) -> Details:
        """Give all that is known of a series now."""
        return self.rows.details(self.rows.row_of(uid))

    def row_at(self, index: QModelIndex) -> int | None:
        """Give the row at an index; None for a group, and for what was laid out before the last change."""
        return self._now.row_at(index.internalId(), index.row()) if index.isValid() else None

    def index_of(self, uid: SeriesUID, column: Column = Column.COLLECTION) -> QModelIndex:
        """Give where a series stands; an invalid index if it is not shown."""
        return self._index(self._now.place(self.rows.row_of(uid)), column)

    # --- what Qt asks ------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: QModelIndex = _ROOT) -> QModelIndex:
        """Give the index of a cell; its internal number is that of the arrangement."""
        if parent.isValid():
            number, count = parent.row() + 1, self.rowCount(parent)
        else:
            number, count = 0, self._top
        if 0 <= row < count and 0 <= column < _WIDTH:
            return self.createIndex(row, column, number)
        return QModelIndex()

    @overload
    def parent(self, child: QModelIndex) -> QModelIndex: ...

    @overload
    def parent(self) -> QObject | None: ...

    def parent(self, child: QModelIndex | None = None) -> QModelIndex | QObject | None:
        """Give the group that a cell is in; without a cell, the object that owns the model."""
        if child is None:
            return super().parent()
        if self._is_list:
            return QModelIndex()
        number = child.internalId() if child.isValid() else 0
        return self.createIndex(number - 1, 0, 0) if number else QModelIndex()

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        """Count the rows below *parent*."""
        if not parent.isValid():
            return self._top
        if parent.column():
            return 0
        group = self._now.group_at(parent.internalId(), parent.row())
        return 0 if group is None else len(group.rows)

    def columnCount(self, parent: QModelIndex = _ROOT) -> int:
        """Count the columns, the same everywhere."""
        del parent
        return _WIDTH

    def hasChildren(self, parent: QModelIndex = _ROOT) -> bool:
        """Tell whether there are rows below *parent*."""
        if self._is_list:  # asked of every row when it is laid out
            return not parent.isValid() and self._top > 0
        return self.rowCount(parent) > 0

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the heading of a column."""
        if orientation is Qt.Orientation.Vertical or not 0 <= section < _WIDTH:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return title(_COLUMNS[section])
        return alignment(_COLUMNS[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give what a cell shows, says or means; nothing for a place that is no more."""
        read = READERS.get(role)
        if read is None or not index.isValid():
            return None
        number, place, column = index.internalId(), index.row(), _COLUMNS[index.column()]
        row = self._now.row_at(number, place)
        if row is not None:
            return read.of_series(self._cells, row, column)
        group = self._now.group_at(number, place)
        return None if group is None else read.of_group(self._group_cells, group, column)

    # --- behind it ---------------------------------------------------------------------------------------

    def _take_over(self, plan: Plan, choices: Choices) -> None:
        rows = Rows(plan, self._clock)
        self._cells = SeriesCells(rows)
        self._use(Arrangement(rows, choices))

    def _use(self, arrangement: Arrangement) -> None:
        """Stand by this arrangement; what Qt asks of every row is kept at hand."""
        self._now = arrangement
        self._top = arrangement.top
        self._is_list = not arrangement.has_groups
        self._group_cells = GroupCells(arrangement.choices.grouping)

    def _choose(self, choices: Choices) -> None:
        if choices != self.choices or self.is_outdated:
            self._rearrange(choices)

    def _rearrange(self, choices: Choices) -> None:
        """Arrange the rows anew; selection, current row and opened groups go along."""
        arranged = self._now.chosen(choices)
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        named = [self._now.identity(index.internalId(), index.row()) for index in kept]
        self._use(arranged)
        there = [
            self._index(arranged.found(name), index.column()) for name, index in zip(named, kept, strict=True)
        ]
        self.changePersistentIndexList(kept, there)
        self.layoutChanged.emit()
        self._tell_arranged()

    def _index(self, place: tuple[int, int] | None, column: int) -> QModelIndex:
        return QModelIndex() if place is None else self.createIndex(place[1], column, place[0])

    def _tell_arranged(self) -> None:
        self.outdated_changed.emit(False)
        self.arranged.emit()

    def _tell_changed(self, runs: Sequence[tuple[int, int, int]]) -> None:
        if len(runs) > _MOST_SIGNALS:  # so many signals take longer than to look at all of it again
            self.layoutAboutToBeChanged.emit()
            self.layoutChanged.emit()
            return
        for number, first, last in runs:
            begin = self.createIndex(first, Column.PROGRESS, number)
            self.dataChanged.emit(begin, self.createIndex(last, Column.STATUS, number))
