"""The state tables: complete, without dead ends, and the only way from one state to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import TransitionError
from cartload.plan import INITIAL
from cartload.state import (
    SESSION_TABLE,
    TASK_TABLE,
    SessionInput,
    SessionState,
    TaskInput,
    TaskState,
    step,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import Enum


StateT = TypeVar("StateT", bound="Enum")
InputT = TypeVar("InputT", bound="Enum")


def reachable(table: Mapping[tuple[StateT, InputT], StateT], starts: Iterable[StateT]) -> set[StateT]:
    found: set[StateT] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += [new for (old, _), new in table.items() if old is state]
    return found


def test_every_session_state_can_be_reached_from_a_new_session() -> None:
    assert reachable(SESSION_TABLE, [SessionState.NEW]) == set(SessionState)


def test_every_task_state_can_be_reached_from_where_a_plan_begins() -> None:
    assert reachable(TASK_TABLE, INITIAL.values()) == set(TaskState)


@pytest.mark.parametrize("state", [state for state in SessionState if not state.is_final])
def test_every_unfinished_session_can_still_end_well(state: SessionState) -> None:
    assert SessionState.FINISHED in reachable(SESSION_TABLE, [state])


@pytest.mark.parametrize("state", [state for state in SessionState if not state.is_final])
def test_every_unfinished_session_can_fail(state: SessionState) -> None:
    assert step(SESSION_TABLE, state, SessionInput.FAILED, "session") is SessionState.FAILED


@pytest.mark.parametrize(
    "state",
    [state for state in SessionState if not state.is_final and state is not SessionState.CANCELLING],
)
def test_every_unfinished_session_can_be_cancelled(state: SessionState) -> None:
    cancelled = step(SESSION_TABLE, state, SessionInput.CANCEL, "session")
    assert cancelled in {SessionState.CANCELLING, SessionState.CANCELLED}


@pytest.mark.parametrize("state", [state for state in TaskState if not state.is_final])
def test_every_unfinished_task_can_still_complete(state: TaskState) -> None:
    assert TaskState.COMPLETE in reachable(TASK_TABLE, [state])


def test_only_retrying_leads_out_of_a_final_session() -> None:
    ways = {(old, given) for old, given in SESSION_TABLE if old.is_final}
    assert ways == {(SessionState.FINISHED, SessionInput.RETRY_FAILED)}


def test_a_final_task_can_only_be_tried_again_or_removed() -> None:
    ways = {(old, given) for old, given in TASK_TABLE if old.is_final}
    assert ways == {
        (TaskState.FAILED, TaskInput.RETRY_FAILED),
        (TaskState.FAILED, TaskInput.REMOVE),
        (TaskState.DENIED, TaskInput.REMOVE),
        (TaskState.LEFT_OUT, TaskInput.REMOVE),
    }


@pytest.mark.parametrize("state", [state for state in TaskState if state.is_active])
def test_a_series_in_a_workers_hands_can_fail_and_be_tried_again(state: TaskState) -> None:
    assert step(TASK_TABLE, state, TaskInput.FAIL, "series") is TaskState.FAILED
    assert step(TASK_TABLE, state, TaskInput.POSTPONE, "series") is TaskState.WAITING


def test_what_is_being_stored_is_neither_paused_nor_removed() -> None:
    for given_input in (TaskInput.PAUSE, TaskInput.REMOVE):
        with pytest.raises(TransitionError):
            step(TASK_TABLE, TaskState.STORING, given_input, "series")


def test_no_final_task_is_active() -> None:
    assert not [state for state in TaskState if state.is_final and state.is_active]


def test_every_input_is_of_use() -> None:
    assert {given for _, given in SESSION_TABLE} == set(SessionInput)
    assert {given for _, given in TASK_TABLE} == set(TaskInput)


def test_a_cart_comes_home() -> None:
    state = SessionState.NEW
    for given_input in (
        SessionInput.RESOLVE,
        SessionInput.ASKED,
        SessionInput.ANSWER,
        SessionInput.PLANNED,
        SessionInput.START,
        SessionInput.PAUSE,
        SessionInput.STOPPED,
        SessionInput.RESUME,
        SessionInput.ENDED,
        SessionInput.RETRY_FAILED,
        SessionInput.ENDED,
    ):
        state = step(SESSION_TABLE, state, given_input, "session")
    assert state is SessionState.FINISHED


@given(st.sampled_from(SessionState), st.sampled_from(SessionInput))
def test_a_session_goes_where_the_table_says_or_nowhere(
    state: SessionState, given_input: SessionInput
) -> None:
    if (state, given_input) in SESSION_TABLE:
        assert step(SESSION_TABLE, state, given_input, "session") is SESSION_TABLE[state, given_input]
        return
    with pytest.raises(TransitionError) as raised:
        step(SESSION_TABLE, state, given_input, "session")
    assert state.value in str(raised.value)
    assert given_input.value in str(raised.value)


@given(st.sampled_from(TaskState), st.sampled_from(TaskInput))
def test_a_task_goes_where_the_table_says_or_nowhere(state: TaskState, given_input: TaskInput) -> None:
    if (state, given_input) in TASK_TABLE:
        assert step(TASK_TABLE, state, given_input, "series 1.2") is TASK_TABLE[state, given_input]
        return
    with pytest.raises(TransitionError) as raised:
        step(TASK_TABLE, state, given_input, "series 1.2")
    assert (
        str(raised.value) == f"series 1.2: it is {state.value}, where {given_input.value!r} is not possible."
    )
