"""The only threads: workers that take a series through its steps, and the inbox they report to."""

from __future__ import annotations

import threading
import time as system_time
from collections.abc import Callable  # noqa: TC003 - attrs reads the annotations
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import frozen

from cartload.errors import CartloadError, PluginError
from cartload.model import SeriesUID  # noqa: TC001 - attrs reads the annotations
from cartload.ports import StagedSeries, StoredSeries  # noqa: TC001 - likewise
from cartload.registry import describe_fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

    from cartload.ports import Naming, Stop, Storage, TellsDigests, Transport
    from cartload.retrieval import Retrieval

T = TypeVar("T")


@frozen
class Clock:
    """The time of day in seconds since 1970, and seconds that only ever go on."""

    time: Callable[[], float] = system_time.time
    monotonic: Callable[[], float] = system_time.monotonic


@frozen
class Arrived:
    """All that the archive sends of a series is here, and is about to be verified."""

    series_uid: SeriesUID


@frozen
class Verified:
    """A series is whole, verified and named."""

    series_uid: SeriesUID
    staged: StagedSeries


@frozen
class Stored:
    """A series is in its place."""

    series_uid: SeriesUID
    stored: StoredSeries


@frozen
class Stopped:
    """A worker let go of a series because it was asked to."""

    series_uid: SeriesUID


@frozen
class Failed:
    """A worker could not go on with a series."""

    series_uid: SeriesUID
    error: CartloadError


Outcome = Arrived | Verified | Stored | Stopped | Failed


class StopSignal:
    """The wish that something end: set by any thread, seen by the one that works."""

    def __init__(self) -> None:
        self._requested = False
        self._lock = threading.RLock()  # a signal handler may come while its own thread holds it
        self._closers: list[Callable[[], object]] = []

    @property
    def requested(self) -> bool:
        """Tell whether the work should end."""
        return self._requested

    def request(self) -> None:
        """Ask for the end, and close what a thread may be waiting for."""
        with self._lock:
            self._requested = True
            closers, self._closers = self._closers, []
        for close in closers:
            with suppress(Exception):  # what cannot be closed is broken, as its own thread will find
                close()

    @contextmanager
    def closing(self, close: Callable[[], object]) -> Iterator[None]:
        """Call *close* when the end is asked for while the block runs, or was before."""
        with self._lock:
            self._closers.append(close)
            late = self._requested
        if late:
            close()
        try:
            yield
        finally:
            with self._lock:
                if close in self._closers:
                    self._closers.remove(close)


class Pace:
    """Lets all workers together go on with at most *rate* bytes a second; None lets them go at once.

    What was not used for a moment may be made up for, but no more than that: the rate holds for every stretch
    of some seconds, and so for the whole session.
    """

    def __init__(self, rate: int | None, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._due: float | None = None

    def __call__(self, length: int, stop: Stop) -> None:
        """Wait until so many bytes more are within the rate, or *stop* is requested."""
        if self._rate is not None:
            seconds = self._delay(length, self._rate)
            if seconds > 0:
                _rest(seconds, stop)

    def _delay(self, length: int, rate: int) -> float:
        with self._lock:
            now = self._monotonic()
            earliest = now if self._due is None else max(self._due, now - MOMENT)
            self._due = earliest + length / rate
            return self._due - now


MOMENT = 0.5
"""Seconds of which a rate that was not used may be made up for."""


def _rest(seconds: float, stop: Stop) -> None:
    """Let time pass until somebody wants the end."""
    ended = threading.Event()
    with stop.closing(ended.set):
        ended.wait(seconds)


class Inbox(Generic[T]):
    """Where the coordinator gets its commands and outcomes, from any thread or signal handler."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[T] = SimpleQueue()

    def put(self, item: T) -> None:
        """Hand something in; never waits."""
        self._queue.put(item)

    def get(self, seconds: float | None) -> T | None:
        """Take the next, waiting at most *seconds* (None: for ever); None when nothing came."""
        try:
            return self._queue.get(timeout=seconds)
        except Empty:
            return None


class Workers:
    """A fixed number of threads, each doing one piece of work after the other."""

    def __init__(self, count: int) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"cartload-worker-{number}", daemon=True)
            for number in range(1, count + 1)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], None]) -> None:
        """Have *work* done by the next free thread; it must not raise."""
        self._queue.put(work)

    def close(self) -> None:
        """End the threads once all submitted work is done."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            work()


@frozen(eq=False)
class FetchWork:
    """The first half of a task: fetch, verify, name."""

    retrieval: Retrieval
    transport: Transport
    naming: Naming
    directory: PurePosixPath
    replaces: frozenset[str]
    stop: StopSignal
    source: str
    report: Callable[[Outcome], None]
    tellers: tuple[TellsDigests, ...] = ()

    def __call__(self) -> None:
        """Do it and report how it ended."""
        uid = self.retrieval.assembly.record.series_uid
        self.report(_guarded(uid, f"transport {self.source}", self._fetch, self.stop))

    def _fetch(self, uid: SeriesUID) -> Outcome:
        if self.stop.requested:
            return Stopped(uid)
        with self.retrieval.area.at_work():
            return self._fetched(uid)

    def _fetched(self, uid: SeriesUID) -> Outcome:
        self.retrieval.fetch(self.transport, self.source, self.naming, self.stop)
        self.retrieval.confirm(self.tellers, self.stop)
        self.report(Arrived(uid))
        self.retrieval.verify()
        return Verified(uid, self.retrieval.stage(self.naming, self.directory, self.replaces))


@frozen(eq=False)
class StoreWork:
    """The second half of a task, once the journal says what is intended: store."""

    staged: StagedSeries
    storage: Storage
    name: str
    report: Callable[[Outcome], None]

    def __call__(self) -> None:
        """Do it and report how it ended."""
        self.report(_guarded(self.staged.series.series_uid, f"storage {self.name}", self._store, None))

    def _store(self, uid: SeriesUID) -> Outcome:
        return Stored(uid, self.storage.store(self.staged))


def _guarded(
    uid: SeriesUID, plugin: str, work: Callable[[SeriesUID], Outcome], stop: StopSignal | None
) -> Outcome:
    try:
        return work(uid)
    except BaseException as error:  # noqa: BLE001 - a plugin's fault costs its series, not its thread
        if stop is not None and stop.requested:
            return Stopped(uid)  # a connection that was closed to stop it ends in any error
        return Failed(uid, error if isinstance(error, CartloadError) else _blamed(plugin, error))


def _blamed(plugin: str, error: BaseException) -> PluginError:
    fault = PluginError(f"failed: {describe_fault(error)}.", subject=plugin)
    fault.__cause__ = error
    return fault
