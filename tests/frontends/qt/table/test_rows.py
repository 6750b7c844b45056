"""How the rows of a plan stand."""

from __future__ import annotations

import pytest

from cartload.events import AttemptFailed, BytesReceived, Received
from cartload.plan import Need, Plan
from cartload.state import TaskState
from cartload_qt.table.rows import Rows
from frontends.qt.table.table_plans import a_plan_task, completing, going, small, uid


@pytest.fixture
def rows() -> Rows:
    return Rows(small(), lambda: 1000.0)


def test_rows_begin_where_the_plan_has_them(rows: Rows) -> None:
    assert [rows.state(row) for row in range(len(rows))] == [
        TaskState.QUEUED,
        TaskState.QUEUED,
        TaskState.ALREADY_HELD,
        TaskState.QUEUED,
        TaskState.DENIED,
        TaskState.FAILED,
    ]


def test_what_was_received_is_shown_in_percent(rows: Rows) -> None:
    rows.take([*going(rows.tasks[0], TaskState.FETCHING), BytesReceived((Received(uid(1), 1, 1500),), 1500)])
    assert (rows.percent(0), rows.done(0), rows.images_done(0)) == (50, 1500, 1)


def test_no_more_than_all_is_here(rows: Rows) -> None:
    rows.take([*going(rows.tasks[0], TaskState.FETCHING), BytesReceived((Received(uid(1), 9, 99_999),), 1)])
    assert (rows.percent(0), rows.done(0)) == (100, 3000)


def test_without_announced_bytes_images_count() -> None:
    rows = Rows(Plan((a_plan_task(1, size=0),)), lambda: 0.0)
    rows.take([*going(rows.tasks[0], TaskState.FETCHING), BytesReceived((Received(uid(1), 1, 10),), 10)])
    assert rows.percent(0) == 50


def test_bytes_that_come_late_do_not_open_a_series_again(rows: Rows) -> None:
    rows.take([*completing(rows.tasks[0]), BytesReceived((Received(uid(1), 1, 1),), 1)])
    assert (rows.state(0), rows.percent(0)) == (TaskState.COMPLETE, 100)


def test_a_stored_series_has_its_folder(rows: Rows) -> None:
    assert rows.directory(0) == ""
    rows.take(completing(rows.tasks[0]))
    assert rows.directory(0) == f"there/{uid(1)}"
    assert rows.directory(2) == "Kidney/3"


def test_a_denied_series_says_why_without_its_uid(rows: Rows) -> None:
    assert rows.reason(4) == "It is limited to members."


def test_a_series_that_waits_says_what_the_last_attempt_met(rows: Rows) -> None:
    failed = AttemptFailed(uid(1), 1, "nbia", f"{uid(1)}: the line broke.", 3.0)
    rows.take([*going(rows.tasks[0], TaskState.FETCHING), failed, *going(rows.tasks[0], TaskState.WAITING)])
    assert rows.reason(0) == "the line broke."
    assert [(each.number, each.at, each.delay) for each in rows.attempts(0)] == [(1, 1000.0, 3.0)]


def test_a_new_attempt_forgets_the_old_reason_and_keeps_the_attempts(rows: Rows) -> None:
    failed = AttemptFailed(uid(1), 1, "nbia", "broke", None)
    rows.take([failed, *going(rows.tasks[0], TaskState.FETCHING, TaskState.FAILED, reason="broke")])
    assert rows.reason(0) == "broke"
    rows.take(going(rows.tasks[0], TaskState.QUEUED))
    assert rows.reason(0) == ""
    assert len(rows.attempts(0)) == 1


def test_only_what_changed_is_told_with_how_it_stood(rows: Rows) -> None:
    before = rows.take(completing(rows.tasks[1]))
    assert {row: (was.state, was.done) for row, was in before.items()} == {1: (TaskState.QUEUED, 0)}


def test_events_of_another_plan_are_left_alone(rows: Rows) -> None:
    assert rows.take(completing(a_plan_task(77))) == {}


def test_restricted_series_that_were_taken_out_no_longer_count(rows: Rows) -> None:
    assert rows.count_restricted() == 1
    rows.take(going(rows.tasks[3], TaskState.REMOVED))
    assert rows.count_restricted() == 0


@pytest.mark.parametrize("need", list(Need))
def test_a_series_of_no_images_and_no_bytes_divides_nothing(need: Need) -> None:
    rows = Rows(Plan((a_plan_task(1, size=0, need=need),)), lambda: 0.0)
    assert rows.percent(0) == (100 if need is Need.HELD else 0)
