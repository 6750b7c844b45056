"""Sorting, filtering and grouping, without a window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.plan import Plan
from cartload.state import TaskState
from cartload_qt.table.arranging import Filter, Grouping, Sorting, group_name, grouped, in_order, wanted
from cartload_qt.table.columns import Column
from cartload_qt.table.rows import Rows
from frontends.qt.table.table_plans import a_plan_task, completing, going, hostile, small, uid

pytestmark = pytest.mark.usefixtures("qapp")


def rows_of(plan: Plan | None = None) -> Rows:
    return Rows(plan or small(), lambda: 0.0)


def by(column: Column, *, descending: bool = False) -> list[int]:
    rows = rows_of()
    return list(in_order(rows, range(len(rows)), Sorting(column, descending)))


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (Column.COLLECTION, [3, 0, 1, 2, 4, 5]),
        (Column.PATIENT, [3, 1, 2, 0, 4, 5]),
        (Column.SIZE, [1, 0, 3, 2, 4, 5]),
        (Column.DESCRIPTION, [0, 2, 3, 1, 4, 5]),
        (Column.SERIES, [0, 1, 2, 3, 4, 5]),
        (Column.STUDY, [0, 1, 2, 3, 4, 5]),
        (Column.MODALITY, [0, 2, 1, 3, 4, 5]),
        (Column.STATUS, [5, 4, 0, 1, 3, 2]),
        (Column.PROGRESS, [0, 1, 3, 4, 5, 2]),
    ],
)
def test_rows_are_sorted_as_their_column_means_it(column: Column, order: list[int]) -> None:
    assert by(column) == order


def test_equal_rows_keep_their_order_downwards_too() -> None:
    assert by(Column.DESCRIPTION, descending=True) == [4, 5, 1, 0, 2, 3]


def test_a_second_sorting_keeps_the_first_among_equals() -> None:
    rows = rows_of()
    first = in_order(rows, range(len(rows)), Sorting(Column.SIZE, descending=True))
    assert list(in_order(rows, first, Sorting(Column.PATIENT)))[1:3] == [2, 1]


def test_without_a_column_rows_stand_as_in_the_cart() -> None:
    assert list(in_order(rows_of(), [3, 1, 2, 0, 4, 5], Sorting())) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("  ", [0, 1, 2, 3, 4, 5]),
        ("KIDNEY", [0, 1, 2]),
        ("p-9 axial", [2]),
        ("axial p-9", [2]),
        ("t1 nothing", []),
        ("cc", [3]),
        (uid(5), [4]),
        ("1.3.9.1", [1, 2]),
        ("2001-02-03", [1]),
    ],
)
def test_every_word_of_the_filter_must_be_there(text: str, left: list[int]) -> None:
    rows = rows_of()
    assert list(wanted(rows, range(len(rows)), Filter(text))) == left


def test_a_short_number_is_searched_in_what_is_shown_alone() -> None:
    assert list(wanted(rows_of(), range(6), Filter("84"))) == [4, 5]


def test_filters_join() -> None:
    rows = rows_of()
    chosen = Filter("b-1", frozenset({TaskState.QUEUED}), restricted=True)
    assert list(wanted(rows, range(6), chosen)) == [3]
    assert list(wanted(rows, range(6), Filter(states=frozenset({TaskState.FAILED})))) == [5]
    assert list(wanted(rows, range(6), Filter("kidney", restricted=True))) == []


def test_groups_have_their_sums() -> None:
    rows = rows_of()
    groups = grouped(rows, range(6), Grouping.COLLECTION, Sorting())
    assert [group_name(group, Grouping.COLLECTION) for group in groups] == ["Kidney", "brain", ""]
    kidney = groups[0]
    assert (list(kidney.rows), kidney.sums.size, kidney.sums.done, kidney.sums.images) == (
        [0, 1, 2],
        23_500,
        20_000,
        6,
    )
    assert kidney.worst is TaskState.QUEUED
    assert groups[2].worst is TaskState.FAILED


def test_groups_stand_by_their_sums_where_there_are_some() -> None:
    rows = rows_of()
    groups = grouped(rows, range(6), Grouping.PATIENT, Sorting(Column.SIZE, descending=True))
    assert [group_name(group, Grouping.PATIENT) for group in groups] == ["P-9", "B-1", "P-10", ""]


def test_patients_of_two_collections_are_two() -> None:
    tasks = (a_plan_task(1, collection="A", patient="1"), a_plan_task(2, collection="B", patient="1"))
    assert len(grouped(rows_of(Plan(tasks)), range(2), Grouping.PATIENT, Sorting())) == 2


def test_sums_stay_true_while_series_come() -> None:
    rows = rows_of()
    groups = grouped(rows, range(6), Grouping.COLLECTION, Sorting())
    assert groups[0].sums.done == 20_000
    events = [*completing(rows.tasks[0]), *going(rows.tasks[1], TaskState.FETCHING, TaskState.FAILED)]
    for row, was in rows.take(events).items():
        groups[0].changed(was, rows.standing(row))
    fresh = grouped(rows, range(6), Grouping.COLLECTION, Sorting())
    assert (groups[0].sums.done, groups[0].sums.counts) == (fresh[0].sums.done, fresh[0].sums.counts)
    assert groups[0].worst is TaskState.FAILED


@pytest.mark.parametrize("column", list(Column))
def test_hostile_values_can_be_sorted(column: Column) -> None:
    rows = rows_of(hostile())
    assert sorted(in_order(rows, range(len(rows)), Sorting(column))) == list(range(len(rows)))


@given(st.text(), st.sampled_from(list(Grouping)))
def test_no_filter_loses_or_doubles_a_row(text: str, grouping: Grouping) -> None:
    rows = rows_of()
    left = wanted(rows, range(6), Filter(text))
    assert sorted(left) == sorted(set(left))
    if grouping is not Grouping.NONE:
        groups = grouped(rows, left, grouping, Sorting())
        assert sorted(row for group in groups for row in group.rows) == sorted(left)
