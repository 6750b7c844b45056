"""A series from the queue to its end: attempts, sources, bytes, and how it is removed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.arrivals import TICK
from cartload.errors import (
    AccessDeniedError,
    LoginError,
    NamingError,
    StorageError,
    TransportError,
)
from cartload.events import (
    AttemptFailed,
    BytesReceived,
    Received,
    SeriesStored,
    SessionEnded,
    TaskChanged,
)
from cartload.model import Member, Unknown
from cartload.plan import Need, Plan, Task
from cartload.retry import RetryPolicy
from cartload.state import TASK_TABLE, SessionState, TaskInput, TaskState, step
from cartload.workers import Clock
from engine_cart import CUT, GONE, HOME, ONE, TWO, home, shortfall
from engine_world import Watched, World, reaching, when
from fake_archive import (
    PATIENCE,
    FakeTransport,
    a_scan,
    failing,
    honestly,
    meanwhile,
    sending,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.manifest import Manifest
    from fake_archive import Fetching

T = TaskState


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, ONE, TWO)


def attempts(manifest: Manifest, number: int) -> Manifest:
    return evolve(manifest, attempts=number)


# --- the way home


def test_a_series_goes_from_state_to_state_as_the_table_says(world: World) -> None:
    watched = world.run()
    assert watched.path(ONE) == watched.path(TWO) == HOME
    inputs = [TaskInput.FETCH, TaskInput.RECEIVED, TaskInput.VERIFIED, TaskInput.STORED]
    state = T.QUEUED
    for given, event in zip(
        inputs, [e for e in watched.heard(TaskChanged) if e.series_uid == ONE.uid], strict=True
    ):
        assert event.old is state
        state = step(TASK_TABLE, state, given, "")
        assert event.new is state


def test_a_series_is_told_when_it_is_in_its_place(world: World) -> None:
    watched = world.run()
    assert world.tree() == home(ONE, TWO)
    assert watched.heard(SeriesStored) == [
        SeriesStored(ONE.uid, f"Kidney/{ONE.uid}", 3, ONE.size, "fake"),
        SeriesStored(TWO.uid, f"Kidney/{TWO.uid}", 3, TWO.size, "fake"),
    ]
    assert watched.heard(SessionEnded) == [SessionEnded(2, 0, 0, 0, 0, 0)]


def test_no_more_series_are_fetched_at_once_than_was_asked_for(world: World) -> None:
    scans = [a_scan(number) for number in range(1, 7)]
    world.transports["fake"] = FakeTransport.of(*scans)
    world.carts = tuple(scan.uid for scan in scans)
    world.settings = evolve(world.settings, jobs=2)
    now, most, lock = [0], [0], threading.Lock()
    together = threading.Barrier(2)

    def counted(fetching: Fetching) -> Iterator[Member]:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait(PATIENCE)
        yield from honestly(fetching)
        with lock:
            now[0] -= 1

    for scan in scans:
        world.transport.plan(scan, counted)
    world.run()
    assert most == [2]
    assert world.tree() == home(*scans)


def test_annotations_stay_away_when_they_are_not_wanted(world: World) -> None:
    world.settings = evolve(world.settings, annotations=False)
    world.run()
    assert f"Kidney/{TWO.uid}/a.xml" not in world.tree()
    assert len(world.tree()) == 6


# --- attempts


def test_a_failed_attempt_is_followed_by_one_for_what_is_missing(world: World) -> None:
    world.transport.plan(ONE, failing(CUT, after=2))
    watched = world.run()
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, *HOME]
    assert world.transport.held(ONE) == [set(), set(ONE.uids[:2])]
    assert max(world.transport.sent.values()) == 1
    assert watched.heard(AttemptFailed) == [AttemptFailed(ONE.uid, 1, "fake", str(CUT), 0.0)]


def test_attempts_are_counted_and_delayed_as_the_policy_says(world: World) -> None:
    world.manifest = lambda plain: attempts(plain, 4)
    world.transport.plan(ONE, *[failing(CUT)] * 3)
    moments = iter(range(0, 100_000, 100))
    clock = Clock(time=lambda: 0.0, monotonic=lambda: float(next(moments)))
    policy = RetryPolicy(first=2.0, random=lambda: 0.5)
    watched = Watched.of(world.session(clock=clock, retry=policy))
    with watched:
        watched.session.prepare()
        watched.session.run()
    assert [(e.attempt, e.delay) for e in watched.heard(AttemptFailed)] == [(1, 1.0), (2, 2.0), (3, 4.0)]
    assert world.tree() == home(ONE, TWO)


def test_other_series_are_fetched_while_one_waits(world: World) -> None:
    world.transport.plan(ONE, failing(CUT))
    moment = [0.0]
    clock = Clock(time=lambda: 0.0, monotonic=lambda: moment[0])
    watched = Watched.of(world.session(clock=clock, retry=RetryPolicy(random=lambda: 1.0)))

    def go_on() -> None:
        moment[0] += 10.0

    watched.session.subscribe(when(reaching(T.COMPLETE, TWO.uid), go_on))
    with watched:
        watched.session.prepare()
        watched.session.run()
    ends = [event.series_uid for event in watched.heard(TaskChanged) if event.new is T.COMPLETE]
    assert ends == [TWO.uid, ONE.uid]


@pytest.mark.parametrize("received", [0, 1])
def test_a_series_that_waits_keeps_a_folder_only_for_what_it_received(world: World, received: int) -> None:
    world.transport.plan(ONE, failing(CUT, after=received))
    folders: list[int] = []
    with world.watched() as watched:
        look = when(
            reaching(T.WAITING), lambda: folders.append(len(list(world.root.glob(".cartload/staging/*/*"))))
        )
        watched.session.subscribe(look)
        watched.session.prepare()
        watched.session.run()
    assert folders == [received]
    assert world.tree() == home(ONE, TWO)


def test_a_wait_is_over_when_its_time_has_come(world: World) -> None:
    world.carts = (ONE.uid,)
    world.transport.plan(ONE, failing(CUT))
    session = world.session(clock=Clock(), retry=RetryPolicy(first=1e-3, random=lambda: 1.0))
    with session:
        session.prepare()
        assert session.run().complete == 1


def test_a_series_whose_attempts_are_used_up_has_failed_and_is_named_with_each(world: World) -> None:
    world.transport.plan(ONE, failing(CUT), failing(TransportError("503.", retryable=True)))
    watched = world.run()
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, T.FETCHING, T.FAILED]
    assert watched.session.state is SessionState.FINISHED
    assert world.tree() == home(TWO)
    found = shortfall(watched)
    assert (found.series_uid, found.state, found.reason) == (ONE.uid, T.FAILED, "503.")
    assert [(each.number, each.source, each.error) for each in found.attempts] == [
        (1, "fake", str(CUT)),
        (2, "fake", "503."),
    ]
    assert watched.heard(SessionEnded) == [SessionEnded(1, 0, 1, 0, 0, 0)]


def test_an_attempt_that_brought_images_does_not_use_one_up(world: World) -> None:
    world.manifest = lambda plain: attempts(plain, 1)
    world.transport.plan(ONE, failing(CUT, after=1), failing(CUT, after=1))
    watched = world.run()
    assert [len(held) for held in world.transport.held(ONE)] == [0, 1, 2]
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, T.FETCHING, T.WAITING, *HOME]
    assert world.tree() == home(ONE, TWO)


def test_what_is_not_worth_another_attempt_gets_none(world: World) -> None:
    world.transport.plan(ONE, failing(GONE))
    watched = world.run()
    assert watched.path(ONE) == [T.FETCHING, T.FAILED]
    assert watched.heard(AttemptFailed) == [AttemptFailed(ONE.uid, 1, "fake", "404.", None)]


def test_an_unknown_series_has_failed_from_the_start(world: World) -> None:
    world.carts = (*world.carts, a_scan(3).uid)
    world.transport.says[a_scan(3).uid] = Unknown(a_scan(3).uid, "no such series")
    watched = world.run()
    assert shortfall(watched).reason == "no such series"
    assert watched.path(a_scan(3)) == []


# --- sources


@pytest.fixture
def two_sources(tmp_path: Path) -> World:
    """Give a world where two transports may serve the one series."""
    transports = {name: FakeTransport.of(ONE, name=name) for name in ("first", "second")}
    return World(tmp_path, transports, carts=(ONE.uid,))


def test_the_next_source_is_tried_when_the_attempts_at_the_first_are_used_up(two_sources: World) -> None:
    first, second = two_sources.transports.values()
    first.plan(ONE, failing(CUT, after=2), failing(CUT), failing(CUT))
    watched = two_sources.run()
    assert two_sources.tree() == home(ONE)
    assert second.held(ONE) == [set(ONE.uids[:2])]
    assert watched.heard(SeriesStored)[0].source == "second"
    told = [(e.attempt, e.source, e.delay) for e in watched.heard(AttemptFailed)]
    assert told == [(1, "first", 0.0), (1, "first", 0.0), (2, "first", 0.0)]


def test_what_is_not_worth_another_attempt_is_asked_of_the_next_source_at_once(two_sources: World) -> None:
    first, _ = two_sources.transports.values()
    first.plan(ONE, failing(AccessDeniedError("401.")))
    watched = two_sources.run()
    assert two_sources.tree() == home(ONE)
    assert len(first.fetches) == 1
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, *HOME]


def test_a_login_that_is_refused_on_the_way_denies_its_series_and_keeps_what_came(world: World) -> None:
    world.transport.plan(ONE, failing(LoginError("no more."), after=2))
    watched = world.run()
    assert watched.path(ONE) == [T.FETCHING, T.DENIED]
    found = shortfall(watched)
    assert (found.state, found.reason) == (T.DENIED, "no more.")
    assert world.run().path(ONE) == list(HOME)
    assert world.transport.held(ONE)[-1] == set(ONE.uids[:2])


def test_where_all_sources_fail_the_report_names_what_each_said(two_sources: World) -> None:
    first, second = two_sources.transports.values()
    first.plan(ONE, failing(CUT), failing(GONE))
    second.plan(ONE, failing(TransportError("410.")))
    watched = two_sources.run()
    found = shortfall(watched)
    assert found.reason == "410."
    assert [(each.number, each.source, each.error) for each in found.attempts] == [
        (1, "first", str(CUT)),
        (2, "first", "404."),
        (1, "second", "410."),
    ]


def test_a_damaged_image_may_be_had_from_the_next_source(two_sources: World) -> None:
    first, second = two_sources.transports.values()
    damaged = [sending(*(ONE.image(n) for n in (1, 2)), ONE.altered(3), ONE.sums()) for _ in range(2)]
    first.plan(ONE, *damaged)
    watched = two_sources.run()
    assert two_sources.tree() == home(ONE)
    assert second.held(ONE) == [set(ONE.uids[:2])]
    assert watched.heard(SeriesStored)[0].source == "second"


def test_a_source_that_does_not_start_is_passed_over(two_sources: World) -> None:
    first, _ = two_sources.transports.values()
    first.plan(ONE, failing(GONE))
    two_sources.manifest = lambda plain: evolve(plain, transports=("first", "missing"))
    watched = two_sources.run()
    assert "no such plugin" in shortfall(watched).reason
    assert [each.source for each in shortfall(watched).attempts] == ["first", "missing"]


@pytest.mark.parametrize("error", [StorageError("in the way."), ValueError("odd")])
def test_no_other_source_mends_what_a_storage_refuses(two_sources: World, error: Exception) -> None:
    two_sources.prepare_storage = lambda storage: storage.faults.append(error)
    watched = two_sources.run()
    _, second = two_sources.transports.values()
    assert second.fetches == []
    assert shortfall(watched).state is T.FAILED


def test_no_other_source_mends_a_naming(two_sources: World) -> None:
    two_sources.naming.faults.append(NamingError("two alike."))
    watched = two_sources.run()
    _, second = two_sources.transports.values()
    assert second.fetches == []
    assert shortfall(watched).reason == "two alike."


# --- removing


def test_a_series_that_fails_while_it_is_removed_is_removed(two_sources: World) -> None:
    first, _ = two_sources.transports.values()
    first.plan(ONE, failing(GONE))
    two_sources.manifest = lambda plain: evolve(plain, transports=("first", "missing"))
    with two_sources.watched() as watched:
        starts: list[TaskChanged] = []

        def remove_at_the_second_start(event: object) -> None:
            if isinstance(event, TaskChanged) and event.new is T.FETCHING:
                starts.append(event)
                if len(starts) == 2:
                    watched.session.remove([ONE.uid])

        watched.session.subscribe(remove_at_the_second_start)
        watched.session.prepare()
        report = watched.session.run()
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, T.FETCHING, T.REMOVED]
    assert [event.source for event in watched.heard(AttemptFailed)] == ["first", "missing"]
    assert report.removed == 1


def test_a_task_without_a_record_fails(world: World) -> None:
    watched = world.watched()
    watched.session.prepare()
    resolved = watched.session._resolved  # white-box: no plan that is made has such a task
    assert resolved is not None
    watched.session._resolved = evolve(resolved, plan=Plan((Task(ONE.uid, Need.FETCH, sources=("fake",)),)))
    with watched:
        report = watched.session.run()
    assert report.state is SessionState.FINISHED


# --- bytes


def test_bytes_are_told_seldom_and_in_the_end_to_the_last_one(world: World) -> None:
    watched = world.run()
    told = watched.heard(BytesReceived)
    assert len(told) <= 2
    assert told[-1].total == ONE.size + TWO.size


def test_bytes_are_told_ten_times_a_second_while_they_come(world: World) -> None:
    moment = [0.0]
    clock = Clock(time=lambda: 0.0, monotonic=lambda: moment[0])
    world.carts = (ONE.uid,)
    watched = Watched.of(world.session(clock=clock))
    heard = threading.Event()
    watched.session.subscribe(when(lambda event: isinstance(event, BytesReceived), heard.set))

    def wait_until_told() -> None:
        moment[0] += TICK
        assert heard.wait(PATIENCE)

    world.transport.plan(ONE, meanwhile(wait_until_told, after=2))
    with watched:
        watched.session.prepare()
        watched.session.run()
    sizes = [len(image) for image in ONE.images.values()]
    first, *_, last = watched.heard(BytesReceived)
    assert first == BytesReceived((Received(ONE.uid, 2, sizes[0] + sizes[1]),), sizes[0] + sizes[1])
    assert last.total == ONE.size


def test_what_came_twice_is_counted_twice(world: World) -> None:
    world.carts = (ONE.uid,)
    world.transport.plan(ONE, sending(ONE.image(1), ONE.altered(2), ONE.image(3), ONE.sums()))
    watched = world.run()
    again = len(ONE.images[ONE.uids[1]])
    assert watched.heard(BytesReceived)[-1].total == ONE.size + again
