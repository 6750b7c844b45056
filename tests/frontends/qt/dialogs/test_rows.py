"""Tables of texts can be read, copied, and be long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtGui import QGuiApplication

from cartload_qt.dialogs.rows import Rows, RowsView
from dialog_parts import press_key

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

ROWS = [(f"name {number}", f"a\tb\n{number}") for number in range(20_000)]


def made(window: QWidget) -> tuple[Rows, RowsView]:
    rows = Rows(("Name", "Text"), ROWS, window)
    return rows, RowsView(rows, "Rows", window)


def copied() -> list[str]:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.text().splitlines()


def test_the_selected_rows_are_copied_from_above(window: QWidget) -> None:
    _, view = made(window)
    view.setSelectionMode(RowsView.SelectionMode.MultiSelection)
    view.selectRow(2)
    view.selectRow(0)
    press_key(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied() == ["name 0\ta\\x09b\\x0a0", "name 2\ta\\x09b\\x0a2"]


def test_all_rows_are_copied_when_none_is_selected(window: QWidget) -> None:
    _, view = made(window)
    view.copy()
    assert len(copied()) == 20_000


def test_a_cell_shows_one_line_and_its_tip_all(window: QWidget) -> None:
    rows, _ = made(window)
    index = rows.index(1, 1)
    assert index.data() == "a\\x09b\\x0a1"
    assert "<br>" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_titles_stand_above(window: QWidget) -> None:
    rows, _ = made(window)
    assert rows.headerData(0, Qt.Orientation.Horizontal) == "Name"
    assert rows.headerData(0, Qt.Orientation.Vertical) is None
    assert rows.headerData(9, Qt.Orientation.Horizontal) is None
    assert rows.data(QModelIndex()) is None


def test_other_rows_take_their_place(window: QWidget) -> None:
    rows, view = made(window)
    view.selectRow(3)
    rows.replace([("a", "b")])
    assert (rows.rowCount(), view.selected()) == (1, [])
