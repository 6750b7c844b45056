"""Threads, the inbox they report to, the signal that stops them, and the two halves of a task."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload import workers
from cartload.assembly import Assembly
from cartload.errors import DestinationError, PluginError, StoppedError, TransportError
from cartload.headers import HEAD_BYTES
from cartload.ports import StagedSeries
from cartload.retrieval import Retrieval
from cartload.staging import StagingArea
from cartload.workers import (
    Arrived,
    Clock,
    Failed,
    FetchWork,
    Inbox,
    Outcome,
    Pace,
    Stopped,
    StopSignal,
    Stored,
    StoreWork,
    Verified,
    Workers,
)
from engine_world import FakeNaming, FakeStorage
from fake_archive import PATIENCE, FakeTransport, a_scan, failing, honestly, stalling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fake_archive import Play

SCAN = a_scan()


# --- the signal


def test_a_request_closes_what_a_thread_waits_for() -> None:
    stop, closed = StopSignal(), threading.Event()
    with stop.closing(closed.set):
        stop.request()
        assert closed.is_set()
    assert stop.requested


def test_what_begins_after_a_request_is_closed_at_once() -> None:
    stop, closed = StopSignal(), threading.Event()
    stop.request()
    with stop.closing(closed.set):
        assert closed.is_set()


def test_what_is_over_is_not_closed_any_more() -> None:
    stop, closed = StopSignal(), threading.Event()
    with stop.closing(closed.set):
        pass
    stop.request()
    assert not closed.is_set()


def test_a_second_request_closes_nothing_twice() -> None:
    stop, closings = StopSignal(), []
    with stop.closing(lambda: closings.append(1)):
        stop.request()
        stop.request()
    assert closings == [1]


def test_what_cannot_be_closed_does_not_keep_the_rest_open() -> None:
    stop, closed = StopSignal(), threading.Event()

    def fail() -> None:
        raise OSError("bad file descriptor")

    with stop.closing(fail), stop.closing(closed.set):
        stop.request()
    assert closed.is_set()


# --- the inbox and the threads


def test_the_inbox_gives_what_was_put_in_in_order() -> None:
    inbox: Inbox[int] = Inbox()
    inbox.put(1)
    inbox.put(2)
    assert [inbox.get(None), inbox.get(None), inbox.get(0)] == [1, 2, None]


def test_workers_do_all_that_was_submitted_before_they_end() -> None:
    done: list[int] = []
    workers = Workers(3)
    for number in range(20):
        workers.submit(partial(done.append, number))
    workers.close()
    assert sorted(done) == list(range(20))


def test_as_many_workers_work_at_once_as_were_asked_for() -> None:
    together = threading.Barrier(3)

    def meet() -> None:
        together.wait(PATIENCE)

    workers = Workers(3)
    for _ in range(3):
        workers.submit(meet)
    workers.close()
    assert not together.broken


def test_closing_workers_twice_does_no_harm() -> None:
    before = threading.active_count()
    workers = Workers(1)
    workers.close()
    workers.close()
    assert threading.active_count() == before


def test_the_systems_clock_goes_on() -> None:
    clock = Clock()
    assert clock.time() > 1_600_000_000
    assert clock.monotonic() <= clock.monotonic()


# --- the pace


class Timed:
    """A clock that goes on by what is waited for."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waited: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def rest(self, seconds: float, _: object) -> None:
        self.waited.append(seconds)
        self.now += seconds


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> Timed:
    made = Timed()
    monkeypatch.setattr(workers, "_rest", made.rest)
    return made


@given(
    steps=st.lists(st.tuples(st.integers(1, 300_000), st.floats(0, 0.4)), min_size=20, max_size=60),
    rate=st.integers(1_000, 1_000_000),
)
def test_the_rate_holds_over_a_session(steps: list[tuple[int, float]], rate: int) -> None:
    timed = Timed()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(workers, "_rest", timed.rest)
        pace, begun = Pace(rate, timed.monotonic), timed.now
        for length, pause in steps:
            pace(length, StopSignal())
            timed.now += pause  # the network's own time
    came = sum(length for length, _ in steps)
    least = came / rate
    assert timed.now - begun >= least - workers.MOMENT
    if all(pause <= length / rate for length, pause in steps):  # the network could keep up
        assert timed.now - begun <= 1.05 * least + workers.MOMENT


def test_without_a_rate_nobody_waits(timed: Timed) -> None:
    Pace(None, timed.monotonic)(10**12, StopSignal())
    assert timed.waited == []


def test_all_workers_share_one_rate(timed: Timed) -> None:
    pace = Pace(1000, timed.monotonic)
    timed.rest = lambda seconds, _: timed.waited.append(seconds)  # type: ignore[method-assign]  # others wait too
    pace(1000, StopSignal())
    pace(1000, StopSignal())
    assert sum(timed.waited) >= 1.0


def test_whoever_wants_it_to_stop_does_not_wait_for_the_rate() -> None:
    stop = StopSignal()
    waiting = threading.Thread(target=Pace(1, lambda: 0.0), args=(10**9, stop), daemon=True)
    waiting.start()
    stop.request()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()


# --- the halves of a task


@pytest.fixture
def area(tmp_path: Path) -> Iterator[StagingArea]:
    made = StagingArea(tmp_path / "area", HEAD_BYTES, a_scan().record.series_uid)
    yield made
    made.discard()


def fetched(
    area: StagingArea, stop: StopSignal, *plays: Play, naming: FakeNaming | None = None
) -> list[Outcome]:
    """Give the outcomes of fetching the scan once."""
    transport = FakeTransport.of(SCAN)
    transport.plan(SCAN, *plays)
    outcomes: list[Outcome] = []
    retrieval = Retrieval(Assembly(SCAN.record, annotations=True), area, annotations=True)
    directory = PurePosixPath("Kidney")
    FetchWork(
        retrieval, transport, naming or FakeNaming(), directory, frozenset(), stop, "nbia", outcomes.append
    )()
    return outcomes


def test_a_fetched_series_is_reported_when_it_has_arrived_and_when_it_is_verified(area: StagingArea) -> None:
    arrived, verified = fetched(area, StopSignal())
    assert arrived == Arrived(SCAN.uid)
    assert isinstance(verified, Verified)
    assert {file.name for file in verified.staged.files} == set(SCAN.files)


def test_a_stop_before_the_work_begins_costs_no_request(area: StagingArea) -> None:
    stop = StopSignal()
    stop.request()
    assert fetched(area, stop) == [Stopped(SCAN.uid)]


@pytest.mark.parametrize("play", [honestly, failing(TransportError("503"), after=1)])
def test_a_worker_that_is_done_holds_no_folder_open(area: StagingArea, play: Play) -> None:
    fetched(area, StopSignal(), play)
    assert area._files._descriptor is None  # white-box: thousands of series may wait half received


def test_an_error_of_the_archive_is_reported_as_it_is(area: StagingArea) -> None:
    error = TransportError("503")
    assert fetched(area, StopSignal(), failing(error)) == [Failed(SCAN.uid, error)]


@pytest.mark.parametrize(
    "error", [TransportError("closed"), ValueError("read of closed file"), StoppedError("stopped")]
)
def test_whatever_a_connection_raises_when_it_is_closed_counts_as_stopped(
    area: StagingArea, error: Exception
) -> None:
    stop = StopSignal()
    assert fetched(area, stop, stalling(stop.request, error=error)) == [Stopped(SCAN.uid)]


@pytest.mark.parametrize("fault", [KeyError("x"), SystemExit(3), RecursionError()])
def test_what_a_transport_raises_is_a_failure_that_names_it(area: StagingArea, fault: BaseException) -> None:
    (failed,) = fetched(area, StopSignal(), failing(fault))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, PluginError)
    assert failed.error.subject == "transport nbia"
    assert type(fault).__name__ in failed.error.what
    assert failed.error.__cause__ is fault


def test_a_transport_that_claims_to_be_stopped_has_failed(area: StagingArea) -> None:
    (failed,) = fetched(area, StopSignal(), failing(StoppedError("stopped")))
    assert isinstance(failed, Failed)


def staged_in(folder: Path) -> StagedSeries:
    return StagedSeries(SCAN.record, PurePosixPath("Kidney"), folder, ())


def stored(storage: FakeStorage, folder: Path) -> Outcome:
    outcomes: list[Outcome] = []
    StoreWork(staged_in(folder), storage, "local", outcomes.append)()
    (outcome,) = outcomes
    return outcome


def test_a_stored_series_is_reported(tmp_path: Path) -> None:
    (tmp_path / "staged").mkdir()
    outcome = stored(FakeStorage(tmp_path), tmp_path / "staged")
    assert isinstance(outcome, Stored)
    assert outcome.stored.directory == "Kidney"


def test_an_error_of_the_storage_is_reported_as_it_is(tmp_path: Path) -> None:
    storage, error = FakeStorage(tmp_path), DestinationError("full")
    storage.faults.append(error)
    assert stored(storage, tmp_path) == Failed(SCAN.uid, error)


@pytest.mark.parametrize("fault", [ZeroDivisionError(), StoppedError("stopped")])
def test_what_a_storage_raises_is_a_failure(tmp_path: Path, fault: Exception) -> None:
    storage = FakeStorage(tmp_path)
    storage.faults.append(fault)
    assert isinstance(stored(storage, tmp_path), Failed)


def test_a_fault_of_the_storage_names_it(tmp_path: Path) -> None:
    storage = FakeStorage(tmp_path)
    storage.faults.append(ZeroDivisionError())
    failed = stored(storage, tmp_path)
    assert isinstance(failed, Failed)
    assert str(failed.error) == "storage local: failed: ZeroDivisionError."
