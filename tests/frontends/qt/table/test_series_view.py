"""The table on the screen, driven by keys and mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QByteArray, QSettings, Qt
from PyQt6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PyQt6.QtWidgets import QMenu

from cartload.plan import Plan
from cartload.state import TaskState
from cartload_qt.table.arranging import Filter, Grouping, Sorting
from cartload_qt.table.columns import Column
from cartload_qt.table.model import SeriesModel
from cartload_qt.table.offers import Offer
from cartload_qt.table.rows import Details
from cartload_qt.table.view import SeriesView
from frontends.qt.pressing import click, double_click, press, type_in
from frontends.qt.table.table_plans import a_plan_task, completing, going, hostile, large, small, uid

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtCore import QPoint
    from pytestqt.qtbot import QtBot

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(qtbot: QtBot) -> SeriesView:
    model = SeriesModel()
    made = SeriesView(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(1400, 500)
    made.show()
    model.show_plan(small())
    return made


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


def model_of(view: SeriesView) -> SeriesModel:
    model = view.model()
    assert isinstance(model, SeriesModel)
    return model


def clipboard() -> str:
    board = QGuiApplication.clipboard()
    assert board is not None
    return board.text()


def centre(view: SeriesView, row: int, column: Column) -> QPoint:
    return view.visualRect(model_of(view).index(row, column)).center()


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text().replace("&", "") == text)


def test_a_click_on_a_heading_sorts_then_turns_then_restores_the_cart(view: SeriesView) -> None:
    headings, model = view.headings, model_of(view)
    viewport = headings.viewport()
    assert viewport is not None
    place = viewport.rect().center()
    place.setX(headings.sectionViewportPosition(Column.SIZE) + headings.sectionSize(Column.SIZE) // 2)
    said = []
    for _ in range(3):
        click(viewport, place)
        said.append(model.choices.sorting)
    assert said == [Sorting(Column.SIZE), Sorting(Column.SIZE, descending=True), Sorting()]


def test_the_menu_sorts_too(view: SeriesView) -> None:
    entry(sub_menu(view.menu(), "Sort by"), "Patient").trigger()
    assert model_of(view).choices.sorting == Sorting(Column.PATIENT)
    assert view.headings.sortIndicatorSection() == Column.PATIENT
    entry(sub_menu(view.menu(), "Sort by"), "Patient").trigger()
    assert model_of(view).choices.sorting == Sorting(Column.PATIENT, descending=True)
    entry(sub_menu(view.menu(), "Sort by"), "Order of the cart").trigger()
    assert model_of(view).choices.sorting == Sorting()


def test_selected_series_are_told(view: SeriesView) -> None:
    told: list[list[str]] = []
    view.selection_changed.connect(told.append)
    viewport = view.viewport()
    click(viewport, centre(view, 1, Column.PATIENT))
    click(viewport, centre(view, 3, Column.PATIENT), CONTROL)
    assert told[-1] == [uid(2), uid(4)]


def test_a_selected_group_stands_for_its_series(view: SeriesView) -> None:
    model_of(view).set_grouping(Grouping.COLLECTION)
    view.setCurrentIndex(model_of(view).index(0, 0))
    assert view.selected_uids() == [uid(1), uid(2), uid(3)]


def test_the_current_series_is_told_and_none_for_a_group(view: SeriesView) -> None:
    told: list[object] = []
    view.current_changed.connect(told.append)
    view.show_series(uid(2))
    model_of(view).set_grouping(Grouping.COLLECTION)
    view.setCurrentIndex(model_of(view).index(1, 0))
    assert told == [uid(2), None]


def test_sorting_keeps_what_is_selected(view: SeriesView) -> None:
    view.show_series(uid(2))
    view.sortByColumn(Column.SIZE, Qt.SortOrder.AscendingOrder)
    model_of(view).set_grouping(Grouping.PATIENT)
    assert view.selected_uids() == [uid(2)]


def test_all_can_be_selected(view: SeriesView) -> None:
    press(view, Qt.Key.Key_A, CONTROL)
    assert len(view.selected_uids()) == 6
    model_of(view).set_grouping(Grouping.PATIENT)
    press(view, Qt.Key.Key_A, CONTROL)
    assert len(view.selected_uids()) == 6


def test_copied_rows_have_headings_and_tabs(view: SeriesView) -> None:
    view.headings.setSectionHidden(Column.STUDY, True)  # noqa: FBT003 - Qt's
    view.headings.moveSection(view.headings.visualIndex(Column.SIZE), 1)
    view.show_series(uid(2))
    press(view, Qt.Key.Key_C, CONTROL)
    heading, row = (line.split("\t") for line in clipboard().splitlines())
    assert heading[:3] == ["Collection", "Size (bytes)", "Patient"]
    assert "Study" not in heading
    assert row[:3] == ["Kidney", "500", "P-9"]
    assert (heading[-1], row[-1]) == ("Series UID", uid(2))


def test_no_copied_cell_is_a_formula_or_breaks_its_line(view: SeriesView) -> None:
    model_of(view).show_plan(hostile())
    view.selectAll()
    view.do(Offer.COPY_ROWS)
    lines = clipboard().split("\n")
    assert len(lines) == len(hostile().tasks) + 2
    cells = [cell for line in lines[:-1] for cell in line.split("\t")]
    assert len(cells) == (len(lines) - 1) * (len(Column) + 1)
    assert not [cell for cell in cells if cell[:1] in {"=", "@", "+"}]


def test_uids_are_copied_a_line_each(view: SeriesView) -> None:
    view.selectAll()
    view.do(Offer.COPY_UIDS)
    assert clipboard().splitlines() == [uid(number) for number in range(1, 7)]


def test_delete_asks_to_remove_what_can_be_removed(qtbot: QtBot, view: SeriesView) -> None:
    view.selectAll()
    with qtbot.waitSignal(view.remove_wanted) as told:
        press(view, Qt.Key.Key_Delete)
    assert told.args == [[uid(1), uid(2), uid(4), uid(5), uid(6)]]


def test_delete_does_nothing_to_what_is_here(qtbot: QtBot, view: SeriesView) -> None:
    view.show_series(uid(3))
    with qtbot.assertNotEmitted(view.remove_wanted):
        press(view, Qt.Key.Key_Delete)


def test_enter_and_a_double_click_show_the_details(qtbot: QtBot, view: SeriesView) -> None:
    view.show_series(uid(5))
    with qtbot.waitSignal(view.details_wanted) as told:
        press(view, Qt.Key.Key_Return)
    (details,) = told.args or []
    assert isinstance(details, Details)
    assert details.reason == "It is limited to members."
    with qtbot.waitSignal(view.details_wanted):
        double_click(view.viewport(), centre(view, 1, Column.PATIENT))


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_space_opens_and_closes_a_group(view: SeriesView, key: Qt.Key) -> None:
    model = model_of(view)
    model.show_plan(large(1000))
    model.set_grouping(Grouping.COLLECTION)
    view.setCurrentIndex(model.index(0, 0))
    press(view, key)
    assert view.isExpanded(model.index(0, 0))
    press(view, key)
    assert not view.isExpanded(model.index(0, 0))


def test_groups_have_room_for_their_names(view: SeriesView) -> None:
    header = view.headings
    header.resizeSection(Column.COLLECTION, 40)
    model_of(view).set_grouping(Grouping.COLLECTION)
    width = header.sectionSize(Column.COLLECTION)
    assert width > 40
    header.resizeSection(Column.COLLECTION, width + 100)
    model_of(view).set_grouping(Grouping.PATIENT)
    assert header.sectionSize(Column.COLLECTION) == width + 100


def test_few_series_are_shown_in_open_groups(view: SeriesView) -> None:
    model_of(view).set_grouping(Grouping.COLLECTION)
    assert view.isExpanded(model_of(view).index(0, 0))
    assert view.rootIsDecorated()


def test_open_groups_stay_open_when_they_are_sorted(view: SeriesView) -> None:
    model = model_of(view)
    model.show_plan(large(1000))
    model.set_grouping(Grouping.COLLECTION)
    view.expand(model.index(0, 0))
    view.sortByColumn(Column.COLLECTION, Qt.SortOrder.DescendingOrder)
    assert [view.isExpanded(model.index(row, 0)) for row in range(5)] == [False] * 4 + [True]


def test_letters_go_to_the_patient_or_the_column_it_is_sorted_by(view: SeriesView) -> None:
    type_in(view, "b-")
    assert view.selected_uids() == [uid(4)]
    view.keyboardSearch("")
    view.sortByColumn(Column.DESCRIPTION, Qt.SortOrder.AscendingOrder)


def test_one_letter_again_goes_on(view: SeriesView) -> None:
    view.show_series(uid(1))
    said = []
    for _ in range(4):
        type_in(view, "p")
        said += view.selected_uids()
    assert said == [uid(2), uid(3), uid(1), uid(2)]


def test_the_menu_offers_what_can_be_done(view: SeriesView) -> None:
    view.show_series(uid(5))
    said = {action.text().replace("&", ""): action.isEnabled() for action in view.menu().actions()}
    assert said["Show error"]
    assert said["Remove from cart"]
    assert not said["Open folder"]
    assert not said["Try again"]


def test_the_menu_opens_by_the_keyboard(qtbot: QtBot, view: SeriesView) -> None:
    view.show_series(uid(2))
    QGuiApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, centre(view, 1, Column.PATIENT))
    )
    (menu,) = (menu for menu in view.findChildren(QMenu) if menu.isVisible())
    assert "Copy series UID" in {action.text().replace("&", "") for action in menu.actions()}
    menu.close()
    qtbot.waitUntil(lambda: not [each for each in view.findChildren(QMenu) if each.isVisible()])


def test_failed_series_are_tried_again_when_the_session_can(qtbot: QtBot, view: SeriesView) -> None:
    task = model_of(view).rows.tasks[0]
    model_of(view).apply(going(task, TaskState.FETCHING, TaskState.FAILED, reason="It broke."))
    view.selectAll()
    assert not entry(view.menu(), "Try again").isEnabled()
    view.set_can_retry(can_retry=True)
    with qtbot.waitSignal(view.retry_wanted) as told:
        entry(view.menu(), "Try again").trigger()
    assert told.args == [[uid(1)]]


def test_the_folder_of_a_stored_series_is_wanted(qtbot: QtBot, view: SeriesView) -> None:
    model_of(view).apply(completing(model_of(view).rows.tasks[0]))
    view.show_series(uid(1))
    with qtbot.waitSignal(view.folder_wanted) as told:
        entry(view.menu(), "Open folder").trigger()
    assert told.args == [f"there/{uid(1)}"]


def test_columns_are_hidden_and_shown_by_the_menu(view: SeriesView) -> None:
    columns = sub_menu(view.menu(), "Columns")
    entry(columns, "Modality").trigger()
    assert view.isColumnHidden(Column.MODALITY)
    assert not entry(columns, "Collection").isEnabled()
    entry(sub_menu(view.menu(), "Columns"), "Reset columns").trigger()
    assert not view.isColumnHidden(Column.MODALITY)


def test_columns_sorting_and_groups_are_kept(qtbot: QtBot, view: SeriesView, settings: QSettings) -> None:
    view.headings.resizeSection(Column.PATIENT, 333)
    view.headings.setSectionHidden(Column.LICENSE, True)  # noqa: FBT003 - Qt's
    view.headings.moveSection(view.headings.visualIndex(Column.STATUS), 1)
    view.sortByColumn(Column.SIZE, Qt.SortOrder.DescendingOrder)
    model_of(view).set_grouping(Grouping.PATIENT)
    view.save_state(settings)
    settings.sync()
    other = SeriesView(SeriesModel(view))
    qtbot.addWidget(other)
    other.restore_state(QSettings(settings.fileName(), QSettings.Format.IniFormat))
    assert other.columnWidth(Column.PATIENT) == 333
    assert other.isColumnHidden(Column.LICENSE)
    assert other.headings.shown()[1] is Column.STATUS
    assert model_of(other).choices.sorting == Sorting(Column.SIZE, descending=True)
    assert model_of(other).choices.grouping is Grouping.PATIENT


@pytest.mark.parametrize("state", [None, 7, "text", QByteArray(b"\x00\xffgarbage"), QByteArray()])
def test_what_was_kept_and_is_not_understood_changes_nothing(
    view: SeriesView, settings: QSettings, state: object
) -> None:
    view.save_state(settings)
    before = [view.columnWidth(column) for column in Column]
    settings.setValue("table/columns", state)
    settings.setValue("table/grouping", state)
    view.restore_state(settings)
    assert [view.columnWidth(column) for column in Column] == before
    assert model_of(view).choices.grouping is Grouping.NONE


def test_columns_of_another_version_are_left_alone(view: SeriesView, settings: QSettings) -> None:
    view.headings.setSectionHidden(Column.SIZE, True)  # noqa: FBT003 - Qt's
    view.save_state(settings)
    view.headings.reset_columns()
    settings.setValue("table/column_names", "COLLECTION,PATIENT")
    view.restore_state(settings)
    assert not view.isColumnHidden(Column.SIZE)


def test_an_empty_table_says_why(qtbot: QtBot, view: SeriesView) -> None:
    model_of(view).set_filter(Filter("nothing like it"))
    with qtbot.assertNotEmitted(view.details_wanted):
        press(view, Qt.Key.Key_Return)
    blank = SeriesView(SeriesModel(view))
    qtbot.addWidget(blank)
    blank.resize(view.size())
    assert view.grab().toImage() != blank.grab().toImage()


@pytest.mark.parametrize("grouping", list(Grouping))
def test_hostile_values_can_be_drawn_and_offered(view: SeriesView, grouping: Grouping) -> None:
    model_of(view).show_plan(hostile())
    model_of(view).set_grouping(grouping)
    view.expandAll()
    assert not view.grab().isNull()
    view.selectAll()
    assert all("<" not in action.text() for action in view.menu().actions())


@pytest.mark.parametrize("state", list(TaskState))
def test_every_state_is_drawn(view: SeriesView, state: TaskState) -> None:
    task = a_plan_task(1)
    model_of(view).show_plan(Plan((task,)))
    model_of(view).apply(going(task, state))
    assert not view.grab().isNull()


def sub_menu(menu: QMenu, title: str) -> QMenu:
    return next(each for each in menu.findChildren(QMenu) if each.title().replace("&", "") == title)
