"""One proof for all threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import TYPE_CHECKING

import pytest

from cartload.errors import LoginError, StoppedError, UnreachableError
from cartload.workers import StopSignal
from cartload_plugins.auth.sharing import Shared

if TYPE_CHECKING:
    from concurrent.futures import Future

THREADS = 8


class Maker:
    """Makes proofs when it is let, and counts."""

    def __init__(self, *failures: Exception | None) -> None:
        self._failures = list(failures)
        self._lock = Lock()
        self.made = 0
        self.begun = Event()
        self.may_end = Event()

    def __call__(self, old: str | None) -> str:
        with self._lock:
            self.made += 1
            number = self.made
            failure = self._failures.pop(0) if self._failures else None
        self.begun.set()
        assert self.may_end.wait(30)
        if failure is not None:
            raise failure
        return f"{old} {number}"


class CountingStop(StopSignal):
    """A stop that tells when somebody looked at it, which is just before waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.looked = Event()

    @property
    def requested(self) -> bool:
        self.looked.set()
        return super().requested


def anything(_: str) -> bool:
    return True


def test_a_proof_is_got_once_and_kept() -> None:
    shared, maker = Shared[str](), Maker()
    maker.may_end.set()
    assert {shared.get(anything, maker, StopSignal()) for _ in range(5)} == {"None 1"}


def test_one_that_is_no_longer_good_is_replaced_by_what_is_made_of_it() -> None:
    shared, maker = Shared[str](), Maker()
    maker.may_end.set()
    old = shared.get(anything, maker, StopSignal())
    assert shared.get(lambda held: held != old, maker, StopSignal()) == "None 1 2"


def waiting(shared: Shared[str], maker: Maker, threads: ThreadPoolExecutor) -> list[Future[str]]:
    """Start one thread that makes, and then the others, which wait for it."""
    first = threads.submit(shared.get, anything, maker, StopSignal())
    assert maker.begun.wait(30)
    stops = [CountingStop() for _ in range(THREADS - 1)]
    others = [threads.submit(shared.get, anything, maker, stop) for stop in stops]
    assert all(stop.looked.wait(30) for stop in stops)
    with shared._condition:  # whoever looked at its stop holds this until it waits
        pass
    return [first, *others]


def test_however_many_need_it_at_once_it_is_got_once() -> None:
    shared, maker = Shared[str](), Maker()
    with ThreadPoolExecutor(THREADS) as threads:
        got = waiting(shared, maker, threads)
        maker.may_end.set()
        assert {one.result(30) for one in got} == {"None 1"}
    assert maker.made == 1


def test_who_waits_for_a_try_that_fails_fails_with_it() -> None:
    shared, maker = Shared[str](), Maker(LoginError("no"))
    with ThreadPoolExecutor(THREADS) as threads:
        got = waiting(shared, maker, threads)
        maker.may_end.set()
        assert all(isinstance(one.exception(30), LoginError) for one in got)
    assert maker.made == 1


@pytest.mark.parametrize("failure", [StoppedError("stopped."), ZeroDivisionError()])
def test_who_waits_for_one_that_was_stopped_or_is_broken_tries_by_itself(failure: Exception) -> None:
    shared, maker = Shared[str](), Maker(failure)
    with ThreadPoolExecutor(THREADS) as threads:
        first, *others = waiting(shared, maker, threads)
        maker.may_end.set()
        assert first.exception(30) is failure
        assert {one.result(30) for one in others} == {"None 2"}
    assert maker.made == 2


def test_after_a_failure_the_next_one_tries_again() -> None:
    shared, maker = Shared[str](), Maker(LoginError("no"))
    maker.may_end.set()
    with pytest.raises(LoginError):
        shared.get(anything, maker, StopSignal())
    assert shared.get(anything, maker, StopSignal()) == "None 2"


def test_a_failed_renewal_keeps_the_old_proof() -> None:
    shared, maker = Shared[str](), Maker(None, UnreachableError("no"))
    maker.may_end.set()
    old = shared.get(anything, maker, StopSignal())
    with pytest.raises(UnreachableError):
        shared.get(lambda _: False, maker, StopSignal())
    assert shared.get(anything, maker, StopSignal()) == old


def test_a_login_that_is_refused_takes_the_old_proof_along() -> None:
    shared, maker = Shared[str](), Maker(None, LoginError("no"))
    maker.may_end.set()
    old = shared.get(anything, maker, StopSignal())
    with pytest.raises(LoginError):
        shared.get(lambda _: False, maker, StopSignal())
    assert shared.get(anything, maker, StopSignal()) != old


def test_nothing_is_got_once_the_stop_is_requested() -> None:
    shared, maker, stop = Shared[str](), Maker(), StopSignal()
    stop.request()
    with pytest.raises(StoppedError):
        shared.get(anything, maker, stop)
    assert maker.made == 0


def test_a_stop_wakes_who_waits_for_another() -> None:
    shared, maker, stop = Shared[str](), Maker(), CountingStop()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(shared.get, anything, maker, StopSignal())
        assert maker.begun.wait(30)
        second = threads.submit(shared.get, anything, maker, stop)
        assert stop.looked.wait(30)
        stop.request()
        assert isinstance(second.exception(30), StoppedError)
        maker.may_end.set()
        assert first.result(30) == "None 1"


def test_it_shows_nothing_of_the_proof() -> None:
    shared = Shared[str]()
    shared.get(anything, lambda _: "c4n4ry", StopSignal())
    assert "c4n4ry" not in repr(shared)
