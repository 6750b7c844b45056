"""The model of the table, as Qt's views see it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from PyQt6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PyQt6.QtGui import QTextDocumentFragment

from cartload.events import AttemptFailed, BytesReceived, Received, SessionEnded
from cartload.model import License
from cartload.plan import Plan
from cartload.ports import LicenseTerms
from cartload.state import TaskState
from cartload_qt.table import roles
from cartload_qt.table.arranging import Filter, Grouping
from cartload_qt.table.columns import Column
from cartload_qt.table.model import SeriesModel
from drawing_thread import BLINK, GLANCE, spent
from frontends.qt.table.table_plans import (
    COMPLETION,
    a_plan_task,
    completing,
    going,
    hostile,
    large,
    small,
    uid,
)

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester

    from cartload.events import Event

LONG_NAME = "Creative Commons Attribution 4.0 International License"


@pytest.fixture
def model(qapp: object) -> SeriesModel:
    del qapp
    made = SeriesModel(clock=lambda: 1_000_000_000.0)
    made.show_plan(small())
    return made


def texts(model: SeriesModel, column: Column) -> list[str]:
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


END = SessionEnded(complete=1, already_held=0, failed=0, denied=0, removed=0, unfinished=0)


@pytest.mark.parametrize("grouping", list(Grouping))
def test_qt_finds_no_fault_with_it(
    qtmodeltester: ModelTester, model: SeriesModel, grouping: Grouping
) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt has no types here
    model.set_grouping(grouping)
    model.apply(completing(model.rows.tasks[0]))
    model.sort(Column.SIZE, Qt.SortOrder.DescendingOrder)
    model.set_filter(Filter("kidney"))
    model.set_grouping(Grouping.PATIENT)
    model.set_filter(Filter("nothing at all"))
    model.set_filter(Filter())
    model.show_plan(large(50))
    model.clear()


def test_a_row_says_what_the_series_is(model: SeriesModel) -> None:
    shown = [str(model.index(0, column).data()) for column in Column]
    assert shown == [
        "Kidney",
        "P-10",
        "2001-02-02",
        "1",
        "Axial",
        "CT",
        "2",
        "None",
        "3.0 kB",
        "",
        "0%",
        "Queued",
    ]


def test_headings_are_those_of_the_columns(model: SeriesModel) -> None:
    horizontal = Qt.Orientation.Horizontal
    assert model.headerData(Column.LICENSE, horizontal) == "Licence"
    assert model.headerData(99, horizontal) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_events_change_cells_where_they_are(model: SeriesModel) -> None:
    half = BytesReceived((Received(uid(1), 1, 1500),), 1500)
    model.apply([*going(model.rows.tasks[0], TaskState.FETCHING), half])
    assert texts(model, Column.PROGRESS)[0] == "50%"
    assert texts(model, Column.STATUS)[0] == "Downloading"


def test_changes_side_by_side_are_told_together(model: SeriesModel) -> None:
    model.show_plan(large(100))
    told: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last: told.append((first.row(), last.row(), first.column(), last.column()))
    )
    model.apply([event for task in model.rows.tasks[10:20] for event in completing(task)])
    assert told == [(10, 19, Column.PROGRESS, Column.STATUS)]


def test_many_changes_far_apart_are_few_signals(model: SeriesModel) -> None:
    model.show_plan(large(2000))
    told: list[object] = []
    model.dataChanged.connect(lambda *_: told.append(_))
    model.apply([event for task in model.rows.tasks[::20] for event in completing(task)])
    assert len(told) <= 16


def test_changes_of_rows_that_are_filtered_out_are_not_told(model: SeriesModel) -> None:
    model.set_filter(Filter("brain"))
    told: list[object] = []
    model.dataChanged.connect(lambda *_: told.append(_))
    model.apply(completing(model.rows.tasks[0]))
    assert told == []
    assert model.state(uid(1)) is TaskState.COMPLETE


def test_a_row_stays_under_the_mouse_while_it_changes(model: SeriesModel) -> None:
    model.sort(Column.STATUS)
    before = texts(model, Column.SERIES)
    model.apply(going(model.rows.tasks[0], TaskState.FETCHING, TaskState.FAILED, reason="It broke."))
    assert texts(model, Column.SERIES) == before
    assert model.is_outdated
    model.settle()
    assert texts(model, Column.SERIES)[1] == "1"
    assert not model.is_outdated


def test_the_end_of_the_run_puts_rows_where_they_belong(model: SeriesModel) -> None:
    model.set_filter(Filter(states=frozenset({TaskState.COMPLETE})))
    model.apply(completing(model.rows.tasks[0]))
    assert model.rowCount() == 0
    model.apply([END])
    assert texts(model, Column.SERIES) == ["1"]


def test_what_does_not_depend_on_states_is_never_outdated(model: SeriesModel) -> None:
    model.sort(Column.PATIENT)
    model.apply(completing(model.rows.tasks[0]))
    assert not model.is_outdated


def test_sorting_takes_marked_rows_along(model: SeriesModel) -> None:
    kept = QPersistentModelIndex(model.index_of(uid(2), Column.SIZE))
    model.sort(Column.SIZE)
    assert (kept.row(), kept.column()) == (0, Column.SIZE)
    model.set_grouping(Grouping.COLLECTION)
    assert kept.parent().data() == "Kidney (3 series)"
    model.set_filter(Filter("brain"))
    assert not kept.isValid()


def test_groups_show_names_sums_and_the_worst_state(model: SeriesModel) -> None:
    model.set_grouping(Grouping.COLLECTION)
    model.apply(going(model.rows.tasks[0], TaskState.FETCHING, TaskState.FAILED, reason="It broke."))
    shown = [str(model.index(0, column).data()) for column in Column]
    assert shown[0] == "Kidney (3 series)"
    assert shown[Column.IMAGES : Column.ANNOTATIONS + 2] == ["6", "0 series", "23.5 kB"]
    assert shown[-2:] == ["85%", "Failed: 1 of 3"]
    assert model.index(2, 0).data() == "Not described by the archive (2 series)"


def test_a_group_is_no_task(model: SeriesModel) -> None:
    model.set_grouping(Grouping.COLLECTION)
    assert model.task(model.index(0, 0)) is None


def test_an_index_of_rows_that_are_no_more_shows_nothing(model: SeriesModel) -> None:
    old = model.index(5, Column.STATUS)
    model.set_filter(Filter("brain"))
    assert old.data() is None
    model.set_grouping(Grouping.PATIENT)
    assert old.data() is None
    assert model.task(old) is None


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (Column.PATIENT, ["P-10", "Kidney"]),
        (Column.STUDY, ["2001-02-02", "1.3.9.0"]),
        (Column.SERIES, ["Series 1", "Axial", uid(1)]),
        (Column.SIZE, ["3,000 bytes"]),
        (Column.PROGRESS, ["0 B of 3.0 kB", "0 of 2 images"]),
        (Column.LICENSE, ["names no licence"]),
        (Column.DESCRIPTION, ["Axial"]),
    ],
)
def test_a_tooltip_says_what_does_not_fit(model: SeriesModel, column: Column, words: list[str]) -> None:
    tip = shown_tip(model.index(0, column))
    assert all(word in tip for word in words), tip


def test_the_tooltip_of_a_failure_has_the_reason_and_every_attempt(model: SeriesModel) -> None:
    attempts = [
        AttemptFailed(uid(1), 1, "nbia", "the line broke", 2.0),
        AttemptFailed(uid(1), 2, "idc", "gone", None),
    ]
    model.apply(
        [*attempts, *going(model.rows.tasks[0], TaskState.FETCHING, TaskState.FAILED, reason="It broke.")]
    )
    tip = shown_tip(model.index(0, Column.STATUS))
    for words in (
        "Failed: It could not",
        "It broke.",
        "Attempt 1",
        "nbia: the line broke",
        "2 s later",
        "idc: gone",
    ):
        assert words in tip
    assert model.reason(uid(1)) == "It broke."
    assert len(model.attempts(uid(1))) == 2


def test_the_tooltip_of_a_licence_has_its_address_and_what_it_forbids(model: SeriesModel) -> None:
    tip = shown_tip(model.index(3, Column.LICENSE))
    assert "https://example.org/nc" in tip
    assert "Not for commercial use." in tip


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (LicenseTerms(commercial=True, names=("CC BY 4.0",)), "CC BY 4.0"),
        (LicenseTerms(commercial=True, names=("CC BY 4.0",), contradictory=True), LONG_NAME),
        (LicenseTerms(commercial=True), LONG_NAME),
        (None, LONG_NAME),
    ],
)
def test_a_licence_bears_its_short_name_where_that_is_certain(
    model: SeriesModel, terms: LicenseTerms | None, words: str
) -> None:
    task = evolve(a_plan_task(1, licence=License(LONG_NAME)), terms=terms)
    model.show_plan(Plan((task,)))
    assert model.index(0, Column.LICENSE).data() == words
    assert LONG_NAME in shown_tip(model.index(0, Column.LICENSE))


@pytest.mark.parametrize("word", ["international", "4.0", "cc by"])
def test_a_licence_is_found_by_either_of_its_names(model: SeriesModel, word: str) -> None:
    terms = LicenseTerms(commercial=True, names=("CC BY 4.0",))
    task = evolve(a_plan_task(1, licence=License(LONG_NAME)), terms=terms)
    model.show_plan(Plan((task, a_plan_task(2))))
    model.set_filter(Filter(word))
    assert list(model.order) == [0]


def test_a_screen_reader_is_told_what_is_only_drawn(model: SeriesModel) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(3, Column.LICENSE).data(role) == "CC BY-NC 3.0, not for commercial use"
    assert model.index(4, Column.STATUS).data(role) == "No access: It is limited to members."
    assert model.index(2, Column.PROGRESS).data(role) == "100%"


def test_roles_give_what_cells_mean(model: SeriesModel) -> None:
    index = model.index(3, Column.STATUS)
    assert index.data(roles.STATE) is TaskState.QUEUED
    assert index.data(roles.PERCENT) == 0
    assert index.data(roles.RESTRICTED) is True
    assert index.data(roles.UID) == uid(4)


@pytest.mark.parametrize("grouping", list(Grouping))
def test_hostile_values_are_shown_as_they_are(qapp: object, grouping: Grouping) -> None:
    del qapp
    model = SeriesModel()
    model.show_plan(hostile())
    model.set_grouping(grouping)
    top = [model.index(row, 0) for row in range(model.rowCount())]
    cells = [index.siblingAtColumn(column) for index in top for column in Column]
    cells += [
        model.index(0, column, parent) for parent in top for column in Column if model.hasChildren(parent)
    ]
    for cell in cells:
        text = str(cell.data())
        assert len(text) < 400
        assert text.isprintable()
        tip = str(cell.data(Qt.ItemDataRole.ToolTipRole))
        assert not tip or "<img" not in tip.removeprefix("<p style='white-space:pre-wrap'>")


def test_an_unknown_series_is_a_mistake_of_the_caller(model: SeriesModel) -> None:
    with pytest.raises(KeyError):
        model.state(uid(99))


def test_no_update_of_a_large_table_stops_the_window(model: SeriesModel) -> None:
    model.show_plan(large(20_000))
    model.sort(Column.STATUS)
    model.set_grouping(Grouping.PATIENT)
    batches = [batch(model, first) for first in range(0, 2000, 80)]
    assert max(spent(partial(model.apply, each)) for each in batches) < GLANCE


@pytest.mark.parametrize("grouping", list(Grouping))
def test_no_choice_in_a_large_table_stops_the_window(model: SeriesModel, grouping: Grouping) -> None:
    plan = large(20_000)
    assert spent(lambda: model.show_plan(plan)) < BLINK
    assert spent(lambda: model.set_grouping(grouping)) < BLINK
    assert spent(lambda: model.sort(Column.PATIENT)) < BLINK
    assert spent(lambda: model.sort(Column.SIZE, Qt.SortOrder.DescendingOrder)) < BLINK
    assert spent(lambda: model.set_filter(Filter("series p-1"))) < BLINK
    assert spent(lambda: model.set_filter(Filter(states=frozenset({TaskState.QUEUED})))) < BLINK


def batch(model: SeriesModel, first: int) -> list[Event]:
    """Give as much as the bridge hands on at once, far apart in the table."""
    return [event for task in model.rows.tasks[first : first + 80] for event in going(task, *COMPLETION)]


def shown_tip(index: QModelIndex) -> str:
    return QTextDocumentFragment.fromHtml(str(index.data(Qt.ItemDataRole.ToolTipRole))).toPlainText()


def test_a_plan_again_is_sorted_filtered_and_grouped_as_before(model: SeriesModel) -> None:
    model.sort(Column.SIZE)
    model.set_filter(Filter("kidney"))
    model.show_plan(Plan((*small().tasks, a_plan_task(7, size=1))))
    assert texts(model, Column.SERIES) == ["7", "2", "1", "3"]
