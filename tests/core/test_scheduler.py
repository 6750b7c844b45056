"""The scheduler: the cart's order, the limit, and nothing before its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cartload.model import SeriesUID
from cartload.scheduler import Scheduler

if TYPE_CHECKING:
    from collections.abc import Callable

A, B, C = SeriesUID("1.1"), SeriesUID("1.2"), SeriesUID("1.3")
uids = st.integers(0, 7).map(lambda number: SeriesUID(f"1.{number}"))


def handed_out(scheduler: Scheduler, now: float = 0.0) -> list[SeriesUID]:
    given = []
    while (uid := scheduler.next(now)) is not None:
        given.append(uid)
    return given


def test_series_come_in_the_carts_order() -> None:
    scheduler = Scheduler(5)
    scheduler.add([B, A, C])
    assert handed_out(scheduler) == [B, A, C]


def test_no_more_are_handed_out_than_the_limit_until_one_is_released() -> None:
    scheduler = Scheduler(2)
    scheduler.add([A, B, C])
    assert handed_out(scheduler) == [A, B]
    scheduler.release(A)
    assert handed_out(scheduler) == [C]


def test_a_postponed_series_comes_when_its_wait_is_over_and_before_the_queue() -> None:
    scheduler = Scheduler(1)
    scheduler.add([A, B, C])
    assert scheduler.next(0.0) == A
    scheduler.postpone(A, 10.0)
    assert scheduler.next(9.9) == B
    scheduler.release(B)
    assert scheduler.next(10.0) == A


def test_of_two_waits_the_shorter_ends_first_and_equal_ones_in_their_order() -> None:
    scheduler = Scheduler(3)
    scheduler.postpone(A, 20.0)
    scheduler.postpone(C, 10.0)
    scheduler.postpone(B, 10.0)
    assert handed_out(scheduler, 30.0) == [C, B, A]


def test_a_removed_series_is_never_handed_out() -> None:
    scheduler = Scheduler(5)
    scheduler.add([A, B])
    scheduler.postpone(C, 1.0)
    scheduler.remove(A)
    scheduler.remove(C)
    assert handed_out(scheduler, 2.0) == [B]


def test_a_series_that_was_removed_and_added_again_comes_at_the_end() -> None:
    scheduler = Scheduler(5)
    scheduler.add([A, B])
    scheduler.remove(A)
    scheduler.add([A])
    assert handed_out(scheduler) == [B, A]


def test_an_earlier_wait_that_was_given_up_does_not_shorten_a_later_one() -> None:
    scheduler = Scheduler(1)
    scheduler.postpone(A, 60.0)
    scheduler.remove(A)
    scheduler.postpone(A, 2.0)
    assert scheduler.next(2.0) == A
    scheduler.postpone(A, 600.0)
    assert scheduler.next(60.0) is None
    assert scheduler.wakes_at() == 600.0


def test_a_place_in_the_queue_that_was_given_up_does_not_end_a_wait() -> None:
    scheduler = Scheduler(1)
    scheduler.add([A])
    scheduler.remove(A)
    scheduler.postpone(A, 600.0)
    assert scheduler.next(0.0) is None


def test_it_says_when_to_look_again() -> None:
    scheduler = Scheduler(1)
    assert scheduler.wakes_at() is None
    scheduler.postpone(A, 5.0)
    scheduler.postpone(B, 7.0)
    assert scheduler.wakes_at() == 5.0
    scheduler.remove(A)
    assert scheduler.wakes_at() == 7.0


def test_there_is_nothing_to_wake_for_while_no_worker_is_free() -> None:
    scheduler = Scheduler(1)
    scheduler.add([A])
    scheduler.postpone(B, 5.0)
    scheduler.next(0.0)
    assert scheduler.wakes_at() is None


def test_it_is_done_when_nothing_runs_waits_or_is_queued() -> None:
    scheduler = Scheduler(1)
    done = [scheduler.is_done]
    happenings: tuple[Callable[[], object], ...] = (
        lambda: scheduler.add([A]),
        lambda: scheduler.next(0.0),
        lambda: scheduler.postpone(A, 5.0),
        lambda: scheduler.next(5.0),
        lambda: scheduler.release(A),
    )
    for happening in happenings:
        happening()
        done.append(scheduler.is_done)
    assert done == [True, False, False, False, False, True]


def test_it_counts_what_is_in_workers_hands() -> None:
    scheduler = Scheduler(3)
    scheduler.add([A, B])
    handed_out(scheduler)
    scheduler.release(A)
    assert scheduler.running == 1


class SchedulerBesideItsModel(RuleBasedStateMachine):
    """The model: a list of what is queued, a list of what waits, a set of what runs."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = 0
        self.now = 0.0
        self.queue: list[SeriesUID] = []
        self.waiting: list[tuple[float, SeriesUID]] = []
        self.running: set[SeriesUID] = set()

    @initialize(limit=st.integers(1, 4))
    def begin(self, limit: int) -> None:
        self.limit = limit
        self.scheduler = Scheduler(limit)

    def forget(self, uid: SeriesUID) -> None:
        self.queue = [queued for queued in self.queue if queued != uid]
        self.waiting = [(until, waiting) for until, waiting in self.waiting if waiting != uid]

    @rule(uid=uids)
    def add(self, uid: SeriesUID) -> None:
        if uid not in self.running:
            self.scheduler.add([uid])
            self.forget(uid)
            self.queue.append(uid)

    @rule(uid=uids, delay=st.floats(0.0, 20.0))
    def postpone(self, uid: SeriesUID, delay: float) -> None:
        self.scheduler.postpone(uid, self.now + delay)
        self.forget(uid)
        self.running.discard(uid)
        self.waiting.append((self.now + delay, uid))

    @rule(uid=uids)
    def remove(self, uid: SeriesUID) -> None:
        self.scheduler.remove(uid)
        self.forget(uid)

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        uid = data.draw(st.sampled_from(sorted(self.running)))
        self.scheduler.release(uid)
        self.running.discard(uid)

    @rule(seconds=st.floats(0.0, 30.0))
    def let_time_pass(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def next(self) -> None:
        expected = self.expected()
        assert self.scheduler.next(self.now) == expected
        if expected is not None:
            self.forget(expected)
            self.running.add(expected)

    def expected(self) -> SeriesUID | None:
        if len(self.running) >= self.limit:
            return None
        due = [(until, uid) for until, uid in self.waiting if until <= self.now]
        if due:
            return min(due, key=lambda wait: wait[0])[1]
        return self.queue[0] if self.queue else None

    @invariant()
    def it_counts_what_runs(self) -> None:
        assert self.limit == 0 or self.scheduler.running == len(self.running) <= self.limit

    @invariant()
    def it_is_done_when_the_model_is(self) -> None:
        assert self.limit == 0 or self.scheduler.is_done == (not self.running | {*self.queue, *self.waiting})

    @invariant()
    def it_wakes_with_the_first_wait(self) -> None:
        if self.limit:
            is_idle = len(self.running) >= self.limit or not self.waiting
            expected = None if is_idle else min(until for until, _ in self.waiting)
            assert self.scheduler.wakes_at() == expected


TestSchedulerBesideItsModel = SchedulerBesideItsModel.TestCase
