"""What a cell has besides its text, by Qt's roles and a few of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont

from cartload_qt import plain
from cartload_qt.table.cells import GroupCells, SeriesCells
from cartload_qt.table.columns import NUMBERS, Column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cartload_qt.table.groups import Group

STATE = Qt.ItemDataRole.UserRole + 1
"""The TaskState of a series, the worst of a group."""
PERCENT = Qt.ItemDataRole.UserRole + 2
RESTRICTED = Qt.ItemDataRole.UserRole + 3
"""Whether the licence of a series forbids commercial use."""
UID = Qt.ItemDataRole.UserRole + 4

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@frozen
class Reader:
    """Reads one role of a cell, of a series and of a group."""

    of_series: Callable[[SeriesCells, int, Column], object]
    of_group: Callable[[GroupCells, Group, Column], object]


def alignment(column: Column) -> Qt.AlignmentFlag:
    """Say at which side a column stands."""
    return _RIGHT if column in NUMBERS else _LEFT


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font


READERS: Mapping[int, Reader] = {
    Qt.ItemDataRole.DisplayRole: Reader(SeriesCells.text, GroupCells.text),
    Qt.ItemDataRole.AccessibleTextRole: Reader(SeriesCells.spoken, GroupCells.text),
    Qt.ItemDataRole.ToolTipRole: Reader(
        lambda cells, row, column: plain.tip(cells.tip(row, column)),
        lambda cells, group, column: plain.tip(cells.tip(group, column)),
    ),
    Qt.ItemDataRole.TextAlignmentRole: Reader(
        lambda _, __, column: alignment(column), lambda _, __, column: alignment(column)
    ),
    Qt.ItemDataRole.FontRole: Reader(lambda *_: None, lambda *_: _bold()),
    STATE: Reader(lambda cells, row, _: cells.rows.state(row), lambda _, group, __: group.worst),
    PERCENT: Reader(lambda cells, row, _: cells.rows.percent(row), lambda _, group, __: group.percent),
    RESTRICTED: Reader(lambda cells, row, _: cells.is_restricted(row), lambda *_: False),
    UID: Reader(lambda cells, row, _: cells.rows.tasks[row].series_uid, lambda *_: None),
}
