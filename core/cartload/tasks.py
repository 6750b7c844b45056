"""The tasks of a run as they are now: state, attempts, source and what is staged of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import field, mutable

from cartload.errors import StorageError, TransportError
from cartload.events import TaskChanged
from cartload.plan import INITIAL, Need
from cartload.state import TASK_TABLE, TaskInput, TaskState, step
from cartload.workers import StopSignal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cartload.errors import CartloadError
    from cartload.events import Event
    from cartload.model import SeriesUID
    from cartload.plan import Plan, Task
    from cartload.ports import StoredSeries
    from cartload.retrieval import Retrieval


def is_spoiled(state: TaskState, error: CartloadError) -> bool:
    """Tell whether what is staged cannot be gone on with: it was named, or a storage had its hands on it."""
    return state is TaskState.STORING or (state is TaskState.VERIFYING and isinstance(error, StorageError))


def is_of_source(state: TaskState, error: CartloadError) -> bool:
    """Tell whether another source may help after an error: none mends a disk, a naming or a storage."""
    if state is TaskState.FETCHING:
        return not isinstance(error, StorageError)
    return state is TaskState.VERIFYING and isinstance(error, TransportError)


@mutable
class Running:
    """What is kept of a task from its first attempt to its end."""

    attempt: int = 0
    source: int = 0
    retrieval: Retrieval | None = None
    stop: StopSignal = field(factory=StopSignal)
    removing: bool = False
    intended: StoredSeries | None = None
    """What was about to be stored when the storage failed; some of it may be in its place."""
    _brought: int = 0

    def begin(self, stop: StopSignal) -> None:
        """Begin another attempt, which *stop* can end."""
        self.attempt += 1
        self.stop = stop
        self._brought = self._so_far

    @property
    def made_progress(self) -> bool:
        """Tell whether this attempt brought images that were not there before."""
        return self._so_far > self._brought

    @property
    def _so_far(self) -> int:
        return self.retrieval.meter.brought if self.retrieval else 0


class Tasks:
    """All tasks by their series, their states, and the only way to change one."""

    def __init__(self, plan: Plan, publish: Callable[[Event], None]) -> None:
        self._publish = publish
        self._tasks = plan.by_uid
        self._states = {task.series_uid: INITIAL[task.need] for task in plan.tasks}
        self._counts = Counter(self._states.values())
        self._running: dict[SeriesUID, Running] = {}

    def __getitem__(self, uid: SeriesUID) -> Task:
        return self._tasks[uid]

    def __contains__(self, uid: object) -> bool:
        return uid in self._tasks

    def state(self, uid: SeriesUID) -> TaskState:
        """Say where a task is."""
        return self._states[uid]

    def count(self, *states: TaskState) -> int:
        """Count the series in any of these states."""
        return sum(self._counts[state] for state in states)

    def running(self, uid: SeriesUID) -> Running:
        """Give what is kept of a task that has begun, beginning it if need be."""
        found = self._running.get(uid)
        if found is None:
            found = self._running[uid] = Running()
        return found

    def retrieval(self, uid: SeriesUID) -> Retrieval | None:
        """Give what is staged of a task, if it has begun and anything is."""
        found = self._running.get(uid)
        return None if found is None else found.retrieval

    def forget(self, uid: SeriesUID) -> Running | None:
        """Take out what was kept of a task."""
        return self._running.pop(uid, None)

    def active(self) -> Iterator[tuple[SeriesUID, Running]]:
        """Give the tasks that a worker has in hand."""
        for uid, running in self._running.items():
            if self._states[uid].is_active:
                yield uid, running

    def begun(self) -> Iterator[tuple[SeriesUID, Running]]:
        """Give the tasks that something is kept of."""
        yield from self._running.items()

    def in_state(self, *states: TaskState) -> tuple[SeriesUID, ...]:
        """Give the series in any of these states, in the cart's order."""
        return tuple(uid for uid, state in self._states.items() if state in states)

    def unfinished(self) -> Iterator[SeriesUID]:
        """Give the series that the run has still something to do for."""
        yield from (uid for uid, state in self._states.items() if not state.is_final)

    def step(self, uid: SeriesUID, given: TaskInput, reason: str = "") -> None:
        """Take a task to its next state and tell it; raises TransitionError if there is none."""
        old = self._states[uid]
        new = step(TASK_TABLE, old, given, f"series {uid}")
        self._states[uid] = new
        self._counts[old] -= 1
        self._counts[new] += 1
        self._publish(TaskChanged(uid, old, new, reason))

    def fetchable(self, uid: SeriesUID) -> bool:
        """Tell whether the archive gave a record of the series, so that it can be tried at all."""
        return self._tasks[uid].need is Need.FETCH
