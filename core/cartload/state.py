"""States of session and task, and the tables that say what leads from one to the other.

Everything that decides a state is in this module: a table maps a state and an input (a command that
somebody gave, or something that happened) to the next state, and ``step`` applies it. What is not
in the table cannot happen. The diagrams in the documentation are drawn from these tables.

A session resolves its cart (reads, asks, describes, plans), is ready, and runs until every task is
final. Pausing and cancelling take a moment, because workers let go of what they hold: hence PAUSING and
CANCELLING. A task waits in the queue, is fetched, verified and stored; what fails and is worth another
attempt waits for it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from cartload.errors import TransitionError

if TYPE_CHECKING:
    from collections.abc import Mapping


class SessionState(Enum):
    """Where a session is on its way."""

    NEW = "new"
    RESOLVING = "resolving"
    AWAITING_ANSWER = "awaiting answer"
    READY = "ready"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Tell whether nothing happens any more unless somebody commands it."""
        return self in {SessionState.FINISHED, SessionState.CANCELLED, SessionState.FAILED}


class SessionInput(Enum):
    """What can happen to a session: commands first, then events."""

    RESOLVE = "resolve"
    ANSWER = "answer"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY_FAILED = "retry failed"
    ASKED = "asked"
    PLANNED = "planned"
    STOPPED = "stopped"
    ENDED = "ended"
    FAILED = "failed"


class TaskState(Enum):
    """Where the retrieval of one series is."""

    QUEUED = "queued"
    FETCHING = "fetching"
    VERIFYING = "verifying"
    STORING = "storing"
    WAITING = "waiting"
    PAUSED = "paused"
    COMPLETE = "complete"
    ALREADY_HELD = "already held"
    DENIED = "denied"
    FAILED = "failed"
    REMOVED = "removed"
    LEFT_OUT = "left out"

    @property
    def is_final(self) -> bool:
        """Tell whether the run does nothing more for this series."""
        return self in _FINAL_TASKS

    @property
    def is_active(self) -> bool:
        """Tell whether a worker has the series in hand."""
        return self in {TaskState.FETCHING, TaskState.VERIFYING, TaskState.STORING}


_FINAL_TASKS = frozenset(
    {
        TaskState.COMPLETE,
        TaskState.ALREADY_HELD,
        TaskState.DENIED,
        TaskState.FAILED,
        TaskState.REMOVED,
        TaskState.LEFT_OUT,
    }
)


class TaskInput(Enum):
    """What can happen to a task."""

    FETCH = "fetch"
    RECEIVED = "received"
    VERIFIED = "verified"
    STORED = "stored"
    POSTPONE = "postpone"
    PAUSE = "pause"
    RESUME = "resume"
    FAIL = "fail"
    DENY = "deny"
    REMOVE = "remove"
    RETRY_FAILED = "retry failed"


_S, _I = SessionState, SessionInput

SESSION_TABLE: Mapping[tuple[SessionState, SessionInput], SessionState] = {
    (_S.NEW, _I.RESOLVE): _S.RESOLVING,
    (_S.READY, _I.RESOLVE): _S.RESOLVING,
    (_S.RESOLVING, _I.ASKED): _S.AWAITING_ANSWER,
    (_S.AWAITING_ANSWER, _I.ANSWER): _S.RESOLVING,
    (_S.RESOLVING, _I.PLANNED): _S.READY,
    (_S.READY, _I.START): _S.RUNNING,
    (_S.RUNNING, _I.PAUSE): _S.PAUSING,
    (_S.PAUSING, _I.STOPPED): _S.PAUSED,
    (_S.PAUSING, _I.RESUME): _S.RUNNING,
    (_S.PAUSING, _I.ENDED): _S.FINISHED,
    (_S.PAUSED, _I.RESUME): _S.RUNNING,
    (_S.PAUSED, _I.ENDED): _S.FINISHED,
    (_S.RUNNING, _I.ENDED): _S.FINISHED,
    (_S.FINISHED, _I.RETRY_FAILED): _S.RUNNING,
    (_S.RUNNING, _I.CANCEL): _S.CANCELLING,
    (_S.PAUSING, _I.CANCEL): _S.CANCELLING,
    (_S.CANCELLING, _I.STOPPED): _S.CANCELLED,
    (_S.CANCELLING, _I.ENDED): _S.FINISHED,
    **{
        (state, _I.CANCEL): _S.CANCELLED
        for state in (_S.NEW, _S.RESOLVING, _S.AWAITING_ANSWER, _S.READY, _S.PAUSED)
    },
    **{(state, _I.FAILED): _S.FAILED for state in _S if not state.is_final},
}

_T, _J = TaskState, TaskInput

TASK_TABLE: Mapping[tuple[TaskState, TaskInput], TaskState] = {
    (_T.QUEUED, _J.FETCH): _T.FETCHING,
    (_T.WAITING, _J.FETCH): _T.FETCHING,
    (_T.FETCHING, _J.RECEIVED): _T.VERIFYING,
    (_T.VERIFYING, _J.VERIFIED): _T.STORING,
    (_T.STORING, _J.STORED): _T.COMPLETE,
    **{(state, _J.POSTPONE): _T.WAITING for state in (_T.FETCHING, _T.VERIFYING, _T.STORING)},
    **{(state, _J.PAUSE): _T.PAUSED for state in (_T.FETCHING, _T.VERIFYING, _T.WAITING)},
    (_T.PAUSED, _J.RESUME): _T.QUEUED,
    **{(state, _J.FAIL): _T.FAILED for state in (_T.FETCHING, _T.VERIFYING, _T.STORING)},
    (_T.FETCHING, _J.DENY): _T.DENIED,
    **{
        (state, _J.REMOVE): _T.REMOVED
        for state in (
            _T.QUEUED,
            _T.FETCHING,
            _T.VERIFYING,
            _T.WAITING,
            _T.PAUSED,
            _T.FAILED,
            _T.DENIED,
            _T.LEFT_OUT,
        )
    },
    (_T.FAILED, _J.RETRY_FAILED): _T.QUEUED,
}

StateT = TypeVar("StateT", bound=Enum)
InputT = TypeVar("InputT", bound=Enum)


def step(table: Mapping[tuple[StateT, InputT], StateT], state: StateT, given: InputT, subject: str) -> StateT:
    """Give the next state; raises TransitionError naming the state and the input if there is none."""
    following = table.get((state, given))
    if following is None:
        raise TransitionError(f"it is {state.value}, where {given.value!r} is not possible.", subject=subject)
    return following
