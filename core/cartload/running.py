"""The coordinator: it alone changes states, writes the journal and publishes events, in one thread.

Workers report outcomes and frontends give commands; both come through one inbox, one after the
other, so states, journal and bus need no locks.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from cartload.assembly import Assembly
from cartload.errors import CartloadError, DestinationError
from cartload.events import AttemptFailed, BytesReceived, Event, Received, SeriesStored, Warned
from cartload.headers import HEAD_BYTES
from cartload.journal import Confirmed, Entry, Intended, to_line
from cartload.model import MemberKind, SeriesUID
from cartload.ports import TellsDigests
from cartload.retrieval import Retrieval
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

    from cartload.plan import Task
    from cartload.ports import Naming, StagedSeries, Storage, StoredSeries
    from cartload.repair import EarlierCopy
    from cartload.retry import RetryPolicy
    from cartload.scheduler import Scheduler
    from cartload.sources import Sources
    from cartload.staging import CartFolder, JournalFile
    from cartload.tasks import Running, Tasks
    from cartload.workers import Clock, Workers

TICK = 0.1
"""Seconds between two events about bytes, at least."""


@frozen(kw_only=True, eq=False)
class Equipment:
    """What a run works with."""

    clock: Clock
    folder: CartFolder
    journal: JournalFile
    storage: Storage
    storage_name: str
    naming: Naming
    sources: Sources
    retry: RetryPolicy
    workers: Workers
    annotations: bool
    check: bool
    recorded: Callable[[SeriesUID], StoredSeries | None]
    earlier: Callable[[Task], EarlierCopy | None]
    publish: Callable[[Event], None]
    report: Callable[[Outcome], None]


class Run:
    """Takes the tasks of a plan to their ends."""

    def __init__(self, tasks: Tasks, scheduler: Scheduler, equipment: Equipment) -> None:
        self._tasks = tasks
        self._scheduler = scheduler
        self._with = equipment
        self._received = 0
        self._told = 0
        self._next_tick = 0.0
        self._halted = False
        self.broken: DestinationError | None = None

    @property
    def is_idle(self) -> bool:
        """Tell whether no worker has anything in hand."""
        return self._scheduler.running == 0

    @property
    def is_over(self) -> bool:
        """Tell whether every task is final."""
        return self._scheduler.is_done and not self._tasks.count(TaskState.PAUSED)

    def start_tasks(self) -> None:
        """Hand out as many tasks as may start now."""
        while (uid := self._scheduler.next(self._with.clock.monotonic())) is not None:
            self._start(uid)

    def wait(self, *, starting: bool) -> float | None:
        """Say how long the coordinator may sleep when nothing comes in; None: for ever."""
        if not self.is_idle:
            return TICK
        wakes_at = self._scheduler.wakes_at() if starting else None
        return None if wakes_at is None else max(0.0, wakes_at - self._with.clock.monotonic())

    def tick(self) -> None:
        """Tell how much has arrived, at most about ten times a second."""
        now = self._with.clock.monotonic()
        if now >= self._next_tick:
            self._next_tick = now + TICK
            self.tell_bytes()

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
        for uid in self._tasks.in_state(TaskState.PAUSED):
            self._requeue(uid)

    def retry_failed(self) -> None:
        """Queue the failed tasks again, with all their attempts; what was verified of them is kept."""
        for uid in self._tasks.in_state(TaskState.FAILED):
            if self._tasks.fetchable(uid):
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
            running.retrieval = running.retrieval or self._begin(uid)
        except CartloadError as error:
            self._with.report(Failed(uid, error))
            return
        self._with.workers.submit(
            FetchWork(
                running.retrieval,
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
        if not self._with.check:
            return ()
        transports = map(self._with.sources.get, task.sources)
        return tuple(transport for transport in transports if isinstance(transport, TellsDigests))

    def _begin(self, uid: SeriesUID) -> Retrieval:
        task = self._tasks[uid]
        record = task.record
        if record is None:
            raise CartloadError("there is no record of it.", subject=f"series {uid}")
        area = self._with.folder.area(uid, HEAD_BYTES)
        assembly = Assembly(record, annotations=self._with.annotations, check=self._with.check)
        return Retrieval(assembly, area, self._with.annotations, earlier=self._with.earlier(task))

    def _replaced(self, uid: SeriesUID) -> frozenset[str]:
        """Name the files of an earlier copy in the very place where this one goes."""
        stored = self._with.recorded(uid)
        if stored is None or stored.directory != self._tasks[uid].directory:
            return frozenset()
        return frozenset(file.name for file in stored.files)

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
        except DestinationError as error:
            self._break(error)
        except CartloadError as error:
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
            self._shelve(running)
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
            self._drop_staged(running)
        self._shelve(running)
        delay = None if self.broken else self._delay(uid, running, error)
        self._with.publish(AttemptFailed(uid, attempt, source, str(error), delay))
        if running.removing:
            self._stopped(uid)
        elif delay is not None:
            self._tasks.step(uid, TaskInput.POSTPONE, str(error))
            self._scheduler.postpone(uid, self._with.clock.monotonic() + delay)
        else:
            self._tasks.step(uid, TaskInput.FAIL, str(error))
            if running.retrieval is None:
                self._tasks.forget(uid)

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

    def _shelve(self, running: Running) -> None:
        """Keep what was verified for the next attempt or session; a staging folder without anything goes."""
        if running.retrieval is not None and running.retrieval.is_empty:
            self._drop_staged(running)

    def _drop_staged(self, running: Running) -> None:
        """Let go of all that is staged: another attempt begins afresh."""
        if running.retrieval is not None:
            self._received += running.retrieval.meter.total
            running.retrieval.area.discard()
            running.retrieval = None

    def _discard(self, uid: SeriesUID) -> None:
        running = self._tasks.forget(uid)
        if running is not None:
            self._drop_staged(running)

    def tell_bytes(self) -> None:
        """Tell how much has arrived, unless nothing has since it was told last."""
        begun = [
            (uid, running.retrieval.meter)
            for uid, running in self._tasks.begun()
            if running.retrieval is not None
        ]
        total = self._received + sum(meter.total for _, meter in begun)
        if total != self._told:
            self._told = total
            series = tuple(
                Received(uid, meter.images, meter.bytes)
                for uid, meter in begun
                if self._tasks.state(uid).is_active
            )
            self._with.publish(BytesReceived(series, total))


_THERE = frozenset({TaskState.COMPLETE, TaskState.ALREADY_HELD, TaskState.REMOVED})
