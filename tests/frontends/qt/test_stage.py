"""What can be done where: a table."""

from __future__ import annotations

import pytest

from cartload.state import TaskState
from cartload_qt.stage import Action, Stage, Standing, possible

A = Action
BEFORE: dict[Stage, set[Action]] = {
    Stage.EMPTY: {A.OPEN},
    Stage.READING: {A.STOP, A.CLOSE},
    Stage.SHOWN: {A.OPEN, A.START, A.CHOOSE, A.CLOSE},
    Stage.PREPARING: {A.STOP, A.CLOSE},
    Stage.RUNNING: {A.PAUSE, A.STOP, A.REPORT, A.CLOSE},
    Stage.PAUSING: {A.RESUME, A.STOP, A.CLOSE},
    Stage.PAUSED: {A.RESUME, A.STOP, A.REPORT, A.CLOSE},
    Stage.STOPPING: set(),
    Stage.ENDED: {A.OPEN, A.START, A.CHOOSE, A.REPORT, A.CLOSE},
}


@pytest.mark.parametrize("stage", Stage)
def test_with_nothing_selected_these_actions_make_sense(stage: Stage) -> None:
    assert possible(Standing(stage, startable=3)) == BEFORE[stage]


@pytest.mark.parametrize("stage", Stage)
def test_what_is_selected_can_be_deleted_where_there_is_a_table(stage: Stage) -> None:
    can = A.DELETE in possible(Standing(stage, (TaskState.QUEUED,)))
    assert can == (stage in {Stage.SHOWN, Stage.RUNNING, Stage.PAUSING, Stage.PAUSED, Stage.ENDED})


@pytest.mark.parametrize("state", TaskState)
def test_what_is_there_or_gone_cannot_be_deleted(state: TaskState) -> None:
    can = A.DELETE in possible(Standing(Stage.RUNNING, (state,)))
    kept = {TaskState.COMPLETE, TaskState.ALREADY_HELD, TaskState.REMOVED, TaskState.STORING}
    assert can == (state not in kept)


def test_one_that_can_be_deleted_among_others_is_enough() -> None:
    assert A.DELETE in possible(Standing(Stage.SHOWN, (TaskState.REMOVED, TaskState.FAILED)))


def test_an_empty_cart_cannot_be_started() -> None:
    assert A.START not in possible(Standing(Stage.SHOWN, startable=0))


def test_only_a_session_that_can_tries_again() -> None:
    assert A.RETRY in possible(Standing(Stage.ENDED, can_retry=True))
    assert A.RETRY not in possible(Standing(Stage.RUNNING, can_retry=True))
