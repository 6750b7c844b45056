"""The coordinator: it alone changes states, writes the journal and publishes events, in one thread.

Workers report outcomes and frontends give commands; both come through one inbox, one after the
other, so states, journal and bus need no locks.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from cartload.arrivals import TICK
from cartload.errors import CartloadError, DestinationError, DiskFullError, LoginError
from cartload.events import AttemptFailed, Event, SeriesStored, SpaceQuestion, Warned
from cartload.journal import Confirmed, Entry, Intended, to_line
from cartload.model import MemberKind, SeriesUID
from cartload.state import TaskInput, TaskState
from cartload.tasks import is_of_source, is_spoiled
from cartload.workers import (
    Arrived,
    Failed,
    FetchWork,
    Outcome,
    Stopped,
    StopSignal,
    Stored,
    StoreWork,
    Verified,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from cartload.arrivals import Arrivals
    from cartload.plan import Task
    from cartload.ports import Naming, StagedSeries, Storage, StoredSeries, TellsDigests
    from cartload.retry import RetryPolicy
    from cartload.room import Room
    from cartload.scheduler import Scheduler
    from cartload.shelves import Shelves
    from cartload.sources import Sources
    from cartload.staging import JournalFile
    from cartload.tasks import Running, Tasks
    from cartload.workers import Clock, Workers


@frozen(kw_only=True, eq=False)
class Equipment:
    """What a run works with."""

    clock: Clock
    journal: JournalFile
    storage: Storage
    storage_name: str
    naming: Naming
    sources: Sources
    retry: RetryPolicy
    workers: Workers
    check: bool
    arrivals: Arrivals
    shelves: Shelves
    room: Room
    names_at: Callable[[SeriesUID, str], frozenset[str]]
    publish: Callable[[Event], None]
    report: Callable[[Outcome], None]


class Run:
    """Takes the tasks of a plan to their ends."""

    def __init__(self, tasks: Tasks, scheduler: Scheduler, equipment: Equipment) -> None:
        self._tasks = tasks
        self._scheduler = scheduler
        self._with = equipment
        self._arrivals = equipment.arrivals
        self._shelves = equipment.shelves
        self._halted = False
        self.broken: DestinationError | None = None

    @property
    def is_idle(self) -> bool:
        """Tell whether no worker has anything in hand."""
        return self._scheduler.running == 0

    @property
    def is_full(self) -> bool:
        """Tell whether there was no room left, so that it goes on once there is some."""
        return isinstance(self.broken, DiskFullError)

    def lack(self) -> SpaceQuestion | None:
        """Give what to ask where there was no room left."""
        if not (self.is_full and self.broken):
            return None
        return SpaceQuestion(
            str(self.broken), self._with.room.left(self._tasks), self._with.room.free(), begun=True
        )

    @property
    def is_over(self) -> bool:
        """Tell whether every task is final."""
        return self._scheduler.is_done and not self._tasks.count(TaskState.PAUSED)

    def start_tasks(self) -> None:
        """Hand out as many tasks as may start now, and have room."""
        now = self._with.clock.monotonic()
        while self.broken is None and (uid := self._scheduler.next(now)) is not None:
            lack = self._with.room.lacking(self._tasks, uid)
            if lack is None:
                self._start(uid)
            else:
                self._scheduler.postpone(uid, now)
                self._break(lack)

    def wait(self, *, starting: bool) -> float | None:
        """Say how long the coordinator may sleep when nothing comes in; None: for ever."""
        if not self.is_idle:
            return TICK
        wakes_at = self._scheduler.wakes_at() if starting else None
        return None if wakes_at is None else max(0.0, wakes_at - self._with.clock.monotonic())

    def tick(self) -> None:
        """Tell how much has arrived, at most about ten times a second."""
        self._arrivals.tick(self._with.clock.monotonic())

    def tell_bytes(self) -> None:
        """Tell how much has arrived by now."""
        self._arrivals.tell()

    def take(self, outcome: Outcome) -> None:
        """Act on what a worker reports."""
        match outcome:
            case Arrived(uid):
                self._tasks.step(uid, TaskInput.RECEIVED)
            case Verified(uid, staged):
                self._store(uid, staged)
            case Stored(uid, stored):
                self._complete(uid, stored)
            case Stopped(uid):
                self._stopped(uid)
            case Failed(uid, error):
                self._failed(uid, error)
            case _:
                assert_never(outcome)

    def stop_all(self) -> None:
        """Pause what is fetched and what waits; what is being stored is stored."""
        self._halted = True
        self.let_go()
        for uid in self._tasks.in_state(TaskState.WAITING):
            self._scheduler.remove(uid)
            self._tasks.step(uid, TaskInput.PAUSE)

    def let_go(self) -> None:
        """Ask every worker to let go of what it fetches."""
        for _, running in self._tasks.active():
            running.stop.request()

    def resume(self) -> None:
        """Queue again what was paused, before what never began; also what a worker has yet to let go of."""
        self._halted = False
        if self.is_full:
            self.broken = None
        for uid in self._tasks.in_state(TaskState.PAUSED):
            self._requeue(uid)

    def retry_failed(self, chosen: AbstractSet[SeriesUID] | None) -> None:
        """Queue the *chosen* failed tasks again (None: all), with all their attempts; what came is kept."""
        for uid in self._tasks.in_state(TaskState.FAILED):
            if self._tasks.fetchable(uid) and (chosen is None or uid in chosen):
                running = self._tasks.running(uid)
                running.attempt, running.source = 0, 0
                self._tasks.step(uid, TaskInput.RETRY_FAILED)
                self._scheduler.add([uid])

    def remove(self, uids: Iterable[SeriesUID]) -> None:
        """Take series out of this cart; those that are complete, or being stored, stay as they are."""
        for uid in uids:
            if uid in self._tasks:
                self._remove(uid)

    def _remove(self, uid: SeriesUID) -> None:
        state = self._tasks.state(uid)
        if state in {TaskState.FETCHING, TaskState.VERIFYING}:
            running = self._tasks.running(uid)
            running.removing = True
            running.stop.request()
        elif not state.is_active and state not in _THERE:
            self._scheduler.remove(uid)
            self._tasks.step(uid, TaskInput.REMOVE)
            self._discard(uid)

    def _start(self, uid: SeriesUID) -> None:
        task, running = self._tasks[uid], self._tasks.running(uid)
        running.begin(StopSignal())
        self._tasks.step(uid, TaskInput.FETCH)
        source = task.sources[running.source]
        try:
            transport = self._with.sources.get(source)
            tellers = self._tellers(task)
            replaced = self._replaced(uid)
            retrieval = self._shelves.take(task, running)
        except CartloadError as error:
            self._with.report(Failed(uid, error))
            return
        self._with.workers.submit(
            FetchWork(
                retrieval,
                transport,
                self._with.naming,
                PurePosixPath(task.directory or ""),
                replaced,
                running.stop,
                source,
                self._with.report,
                tellers,
            )
        )

    def _tellers(self, task: Task) -> tuple[TellsDigests, ...]:
        """Give the transports of a series that can tell digests, if anybody wants to know."""
        return self._with.sources.tellers(task.sources) if self._with.check else ()

    def _replaced(self, uid: SeriesUID) -> frozenset[str]:
        """Name the files of an earlier copy in the very place where this one goes."""
        directory, intended = self._tasks[uid].directory or "", self._tasks.running(uid).intended
        names = self._with.names_at(uid, directory)
        return names | {file.name for file in intended.files} if intended else names

    def _store(self, uid: SeriesUID, staged: StagedSeries) -> None:
        running = self._tasks.running(uid)
        if running.removing:
            self._stopped(uid)
            return
        try:
            self._write(self._intention(uid, staged), durable=True)
        except CartloadError as error:
            self._failed(uid, error)
            return
        running.intended = staged.stored()
        self._tasks.step(uid, TaskInput.VERIFIED)
        self._with.workers.submit(
            StoreWork(staged, self._with.storage, self._with.storage_name, self._with.report)
        )

    def _intention(self, uid: SeriesUID, staged: StagedSeries) -> Intended:
        return Intended(staged.stored(), self._source(uid), self._with.clock.time())

    def _complete(self, uid: SeriesUID, stored: StoredSeries) -> None:
        self._scheduler.release(uid)
        try:
            self._write(Confirmed(uid, self._with.clock.time()), durable=False)
        except CartloadError as error:
            if isinstance(error, DestinationError) and not isinstance(error, DiskFullError):
                self._break(error)
            text = f"{error} It is in its place; the next run confirms it."
            self._with.publish(Warned(f"series {uid}", text))
        self._tasks.step(uid, TaskInput.STORED)
        images = sum(file.kind is MemberKind.IMAGE for file in stored.files)
        source = self._source(uid)
        self._discard(uid)
        self._with.publish(SeriesStored(uid, stored.directory, images, stored.size, source))

    def _stopped(self, uid: SeriesUID) -> None:
        self._scheduler.release(uid)
        running = self._tasks.running(uid)
        if running.removing:
            self._tasks.step(uid, TaskInput.REMOVE)
            self._discard(uid)
        else:
            running.attempt -= 1  # it was not the archive's fault
            self._shelves.keep(running)
            self._tasks.step(uid, TaskInput.PAUSE)
            if not self._halted:
                self._requeue(uid)

    def _requeue(self, uid: SeriesUID) -> None:
        self._tasks.step(uid, TaskInput.RESUME)
        self._scheduler.postpone(uid, self._with.clock.monotonic())

    def _failed(self, uid: SeriesUID, error: CartloadError) -> None:
        running = self._tasks.running(uid)
        attempt, source = running.attempt, self._source(uid)
        self._scheduler.release(uid)
        if isinstance(error, DestinationError):
            self._break(error)
        if is_spoiled(self._tasks.state(uid), error):
            self._shelves.give_back(uid, running)
        self._shelves.keep(running)
        if isinstance(error, DiskFullError) and not running.removing:
            self._rest(uid, running)
            return
        delay = None if self.broken else self._delay(uid, running, error)
        self._with.publish(AttemptFailed(uid, attempt, source, str(error), delay))
        if running.removing:
            self._stopped(uid)
        elif delay is not None:
            self._tasks.step(uid, TaskInput.POSTPONE, str(error))
            self._scheduler.postpone(uid, self._with.clock.monotonic() + delay)
        else:
            # A login that is refused is no fault of the series, and another attempt would not help.
            is_denied = self._tasks.state(uid) is TaskState.FETCHING and isinstance(error, LoginError)
            self._tasks.step(uid, TaskInput.DENY if is_denied else TaskInput.FAIL, str(error))
            if running.retrieval is None:
                self._tasks.forget(uid)

    def _rest(self, uid: SeriesUID, running: Running) -> None:
        """Have a series that found no room go on with the others, once there is some."""
        running.attempt -= 1
        for given in (TaskInput.POSTPONE, TaskInput.PAUSE):
            self._tasks.step(uid, given)

    def _delay(self, uid: SeriesUID, running: Running, error: CartloadError) -> float | None:
        """Give the delay before the next attempt, turning to the next source when this one is used up."""
        if running.made_progress and self._tasks.state(uid) is TaskState.FETCHING:
            running.attempt -= 1  # a transfer that broke after some images will come to its end
        delay = self._with.retry.after(error, running.attempt)
        has_next = running.source + 1 < len(self._tasks[uid].sources)
        if delay is None and has_next and is_of_source(self._tasks.state(uid), error):
            running.source += 1
            running.attempt = 0
            return 0.0
        return delay

    def _break(self, error: DestinationError) -> None:
        if self.broken is None:
            self.broken = error
            self.stop_all()

    def _write(self, entry: Entry, *, durable: bool) -> None:
        self._with.journal.append(to_line(entry), durable=durable)

    def _source(self, uid: SeriesUID) -> str:
        return self._tasks[uid].sources[self._tasks.running(uid).source]

    def _discard(self, uid: SeriesUID) -> None:
        running = self._tasks.forget(uid)
        if running is not None:
            self._shelves.drop(running)


_THERE = frozenset({TaskState.COMPLETE, TaskState.ALREADY_HELD, TaskState.REMOVED})
