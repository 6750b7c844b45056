"""The line above the table, the notice, and the details: widgets that follow the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from cartload.state import TaskState
from cartload_qt.table.arranging import Filter, Grouping
from cartload_qt.table.columns import Column
from cartload_qt.table.filter_bar import FilterBar
from cartload_qt.table.model import SeriesModel
from frontends.qt.pressing import click, press, type_in
from frontends.qt.table.table_plans import going, small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtWidgets import QComboBox
    from pytestqt.qtbot import QtBot


@pytest.fixture
def model(qapp: object) -> SeriesModel:
    del qapp
    made = SeriesModel()
    made.show_plan(small())
    return made


@pytest.fixture
def bar(qtbot: QtBot, model: SeriesModel) -> Iterator[FilterBar]:
    window = QWidget()
    qtbot.addWidget(window)
    made = FilterBar(model, window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    yield made
    window.close()


def choose(box: QComboBox, text: str) -> None:
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_what_is_typed_filters_the_table_after_a_moment(
    qtbot: QtBot, bar: FilterBar, model: SeriesModel
) -> None:
    with qtbot.waitSignal(model.arranged):
        type_in(bar.box, "p-9 axial")
    assert model.rowCount() == 1
    assert bar.count.text() == "1 of 6 series"


def test_escape_empties_the_box_at_once(bar: FilterBar, model: SeriesModel) -> None:
    model.set_filter(Filter("kidney"))
    assert bar.box.text() == "kidney"
    press(bar.box, Qt.Key.Key_Escape)
    assert (model.rowCount(), bar.count.text()) == (6, "6 series")


def test_enter_searches_at_once_and_leaves(qtbot: QtBot, bar: FilterBar, model: SeriesModel) -> None:
    type_in(bar.box, "brain")
    with qtbot.waitSignal(bar.left):
        press(bar.box, Qt.Key.Key_Return)
    assert model.rowCount() == 1


def test_a_filter_that_another_sets_is_not_taken_for_typed(
    qtbot: QtBot, bar: FilterBar, model: SeriesModel
) -> None:
    model.set_filter(Filter("kidney"))
    model.set_filter(Filter("brain"))
    with qtbot.assertNotEmitted(model.arranged, wait=250):
        pass
    assert (bar.box.text(), model.choices.filter.text) == ("brain", "brain")


def test_states_and_groups_are_chosen(bar: FilterBar, model: SeriesModel) -> None:
    choose(bar.states, "Failed")
    choose(bar.groups, "By collection")
    assert model.choices.filter.states == frozenset({TaskState.FAILED})
    assert model.choices.grouping is Grouping.COLLECTION
    assert bar.count.text() == "1 of 6 series"
    model.set_filter(Filter())
    assert bar.states.currentText() == "All states"


def test_an_outdated_order_can_be_updated(bar: FilterBar, model: SeriesModel) -> None:
    model.sort(Column.STATUS)
    assert bar.settling.isHidden()
    model.apply(going(model.rows.tasks[0], TaskState.FETCHING))
    assert not bar.settling.isHidden()
    click(bar.settling)
    assert bar.settling.isHidden()
    assert not model.is_outdated


def test_control_f_goes_to_the_box(bar: FilterBar) -> None:
    bar.groups.setFocus()
    press(bar.groups, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.box.hasFocus()


def test_what_has_no_label_has_a_name(bar: FilterBar) -> None:
    assert all(each.accessibleName() for each in (bar.box, bar.states, bar.groups))
