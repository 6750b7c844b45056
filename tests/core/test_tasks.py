"""The tasks of a run: their states, told one by one, and what is kept of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import CartloadError, DamagedError, DestinationError, NamingError, TransitionError
from cartload.events import Event, TaskChanged
from cartload.model import SeriesUID
from cartload.plan import Need, Plan
from cartload.state import TASK_TABLE, TaskInput, TaskState
from cartload.tasks import Tasks, is_of_source, is_spoiled
from series_builders import a_task

A, B, C, D = (SeriesUID(f"1.{number}") for number in range(4))
PLAN = Plan((a_task(B), a_task(A), a_task(C, Need.HELD), a_task(D, Need.UNKNOWN)))


def test_tasks_begin_as_their_needs_say_in_the_carts_order() -> None:
    tasks = Tasks(PLAN, lambda _: None)
    assert tasks.in_state(TaskState.QUEUED) == (B, A)
    assert tasks.in_state(TaskState.FAILED, TaskState.ALREADY_HELD) == (C, D)
    assert tasks.in_state() == ()
    assert tasks.count(TaskState.QUEUED, TaskState.FAILED) == 3


def test_a_task_is_found_by_its_series() -> None:
    tasks = Tasks(PLAN, lambda _: None)
    assert tasks[A] == PLAN.tasks[1]
    assert A in tasks
    assert SeriesUID("9.9") not in tasks


def test_a_step_changes_the_state_and_tells_it() -> None:
    heard: list[Event] = []
    tasks = Tasks(PLAN, heard.append)
    tasks.step(A, TaskInput.FETCH)
    tasks.step(A, TaskInput.FAIL, "it broke.")
    assert tasks.state(A) is TaskState.FAILED
    assert heard == [
        TaskChanged(A, TaskState.QUEUED, TaskState.FETCHING),
        TaskChanged(A, TaskState.FETCHING, TaskState.FAILED, "it broke."),
    ]


def test_a_step_that_is_not_in_the_table_changes_and_tells_nothing() -> None:
    heard: list[Event] = []
    tasks = Tasks(PLAN, heard.append)
    with pytest.raises(TransitionError, match=f"series {A}: it is queued, where 'stored' is not possible"):
        tasks.step(A, TaskInput.STORED)
    assert tasks.state(A) is TaskState.QUEUED
    assert heard == []


@given(st.lists(st.tuples(st.sampled_from([A, B, C, D]), st.sampled_from(TaskInput)), max_size=30))
def test_the_counts_are_those_of_the_states_whatever_happens(
    happening: list[tuple[SeriesUID, TaskInput]],
) -> None:
    tasks = Tasks(PLAN, lambda _: None)
    for uid, given_input in happening:
        if (tasks.state(uid), given_input) in TASK_TABLE:
            tasks.step(uid, given_input)
    for state in TaskState:
        assert tasks.count(state) == len(tasks.in_state(state))
    assert tasks.count(*TaskState) == len(PLAN.tasks)


def test_what_is_kept_of_a_task_is_kept_until_it_is_forgotten() -> None:
    tasks = Tasks(PLAN, lambda _: None)
    running = tasks.running(A)
    running.attempt = 3
    assert tasks.running(A) is running
    assert list(tasks.begun()) == [(A, running)]
    assert tasks.forget(A) is running
    assert tasks.forget(A) is None
    assert list(tasks.begun()) == []


def test_only_what_a_worker_has_in_hand_is_active() -> None:
    tasks = Tasks(PLAN, lambda _: None)
    for uid in (A, B):
        tasks.running(uid)
        tasks.step(uid, TaskInput.FETCH)
    tasks.step(B, TaskInput.POSTPONE)
    assert [uid for uid, _ in tasks.active()] == [A]


def test_only_what_has_a_record_can_be_fetched() -> None:
    tasks = Tasks(PLAN, lambda _: None)
    assert tasks.fetchable(A)
    assert not tasks.fetchable(D)


@pytest.mark.parametrize(
    ("state", "error", "spoiled", "of_source"),
    [
        (TaskState.FETCHING, DamagedError("cut."), False, True),
        (TaskState.FETCHING, DestinationError("full."), False, False),
        (TaskState.VERIFYING, DamagedError("short."), False, True),
        (TaskState.VERIFYING, DestinationError("full."), True, False),
        (TaskState.VERIFYING, NamingError("too long."), False, False),
        (TaskState.STORING, DamagedError("odd."), True, False),
        (TaskState.STORING, DestinationError("full."), True, False),
    ],
)
def test_an_error_tells_by_when_it_came_what_can_be_gone_on_with(
    state: TaskState, error: CartloadError, *, spoiled: bool, of_source: bool
) -> None:
    assert is_spoiled(state, error) is spoiled
    assert is_of_source(state, error) is of_source
