"""A session that is paused, resumed or cancelled keeps what it has, and lets go of the rest at once."""

from __future__ import annotations

import threading

import pytest

from cartload.errors import TransitionError
from cartload.events import (
    AttemptFailed,
    SessionEnded,
)
from cartload.progress import Verdict
from cartload.retry import RetryPolicy
from cartload.state import SessionState, TaskState
from engine_cart import (
    ALL,
    CUT,
    HOME,
    ONE,
    THREE,
    TWO,
    assert_home_without_repetition,
    home,
    on,
    run,
)
from engine_world import Watched, World, reaching, when
from fake_archive import (
    PATIENCE,
    failing,
    stalling,
)

S, T = SessionState, TaskState


# --- pause and resume


def test_a_pause_wakes_a_worker_that_waits_for_a_stalled_server(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, stalling(watched.session.pause, after=2))
    on(watched, S.PAUSED, watched.session.resume)
    run(watched)
    assert watched.states()[2:] == [S.RUNNING, S.PAUSING, S.PAUSED, S.RUNNING, S.FINISHED]
    assert watched.path(ONE) == [T.FETCHING, T.PAUSED, T.QUEUED, *HOME]


def test_a_resumed_session_fetches_what_is_missing_and_nothing_else(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, stalling(watched.session.pause, after=2))
    on(watched, S.PAUSED, watched.session.resume)
    run(watched)
    assert world.transport.held(ONE) == [set(), set(ONE.uids[:2])]
    assert_home_without_repetition(world, *ALL)


def test_a_pause_is_not_the_archives_fault(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, *[stalling(watched.session.pause)] * 5, failing(CUT))
    watched.session.subscribe(
        lambda event: watched.session.resume() if reaching(S.PAUSED)(event) else None,
    )
    run(watched)
    assert watched.heard(AttemptFailed) == [AttemptFailed(ONE.uid, 1, "fake", str(CUT), 0.0)]
    assert_home_without_repetition(world, *ALL)


def test_what_was_paused_goes_on_before_what_never_began(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, stalling(watched.session.pause, after=1))
    on(watched, S.PAUSED, watched.session.resume)
    run(watched)
    assert [uid for uid, _ in world.transport.fetches] == [ONE.uid, ONE.uid, TWO.uid, THREE.uid]


def test_a_paused_session_rests_until_it_is_resumed_from_another_thread(
    world: World, watched: Watched
) -> None:
    world.transport.plan(ONE, stalling(watched.session.pause, after=2))
    paused = threading.Event()
    on(watched, S.PAUSED, paused.set)
    fetched: list[int] = []

    def frontend() -> None:
        assert paused.wait(PATIENCE)
        fetched.append(len(world.transport.fetches))
        watched.session.resume()

    other = threading.Thread(target=frontend)
    other.start()
    run(watched)
    other.join()
    assert fetched == [1]
    assert_home_without_repetition(world, *ALL)


def test_a_second_pause_does_no_harm(world: World, watched: Watched) -> None:
    def twice() -> None:
        watched.session.pause()
        watched.session.pause()

    world.transport.plan(ONE, stalling(twice))
    on(watched, S.PAUSED, watched.session.resume)
    run(watched)
    assert_home_without_repetition(world, *ALL)


def test_a_session_may_be_resumed_before_it_has_come_to_rest(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, stalling(watched.session.pause, after=1))
    on(watched, S.PAUSING, watched.session.resume)
    run(watched)
    assert watched.states()[2:] == [S.RUNNING, S.PAUSING, S.RUNNING, S.FINISHED]
    assert watched.path(ONE) == [T.FETCHING, T.PAUSED, T.QUEUED, *HOME]
    assert_home_without_repetition(world, *ALL)


def test_a_series_that_is_being_stored_is_stored_before_the_session_rests(
    world: World, watched: Watched
) -> None:
    on(watched, T.STORING, watched.session.pause)
    on(watched, S.PAUSED, watched.session.resume)
    run(watched)
    assert watched.path(ONE) == HOME
    assert S.PAUSED in watched.states()
    assert_home_without_repetition(world, *ALL)


def test_a_pause_while_the_last_series_is_stored_comes_too_late(watched: Watched) -> None:
    watched.session.subscribe(when(reaching(T.STORING, THREE.uid), watched.session.pause))
    run(watched)
    assert watched.states()[2:] == [S.RUNNING, S.PAUSING, S.FINISHED]


def test_a_series_that_waits_for_its_next_attempt_is_paused_too(world: World) -> None:
    world.transport.plan(ONE, failing(CUT, after=1))
    world.carts = (ONE.uid,)
    session = world.session(retry=RetryPolicy(first=1e6, longest=1e6, random=lambda: 1.0))
    with Watched.of(session) as watched:
        on(watched, T.WAITING, session.pause)
        on(watched, S.PAUSED, session.resume)
        run(watched)
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, T.PAUSED, T.QUEUED, *HOME]
    assert_home_without_repetition(world, ONE)


def test_a_pause_that_was_commanded_before_the_run_holds_it_at_its_beginning(
    world: World, watched: Watched
) -> None:
    watched.session.pause()
    fetched: list[int] = []
    on(watched, S.PAUSED, lambda: fetched.append(len(world.transport.fetches)))
    on(watched, S.PAUSED, watched.session.resume)
    run(watched)
    assert fetched == [0]
    assert_home_without_repetition(world, *ALL)


# --- cancel


def test_a_cancelled_session_leaves_what_is_complete_and_what_came_whole(
    world: World, watched: Watched
) -> None:
    world.transport.plan(TWO, stalling(watched.session.cancel, after=1))
    run(watched)
    assert watched.states()[2:] == [S.RUNNING, S.CANCELLING, S.CANCELLED]
    assert world.tree() == home(ONE)
    assert watched.heard(SessionEnded) == [SessionEnded(1, 0, 0, 0, 0, 2)]
    world.run()
    assert world.transport.held(TWO) == [set(), {TWO.uids[0]}]
    assert (world.tree(), world.staged()) == (home(ONE, TWO, THREE), [])
    report = watched.session.report()
    assert (report.verdict, len(report.shortfalls)) == (Verdict.UNFINISHED, 2)


def test_the_next_session_fetches_the_rest(world: World, watched: Watched) -> None:
    world.transport.plan(TWO, stalling(watched.session.cancel, after=1))
    run(watched)
    world.run()
    assert world.tree() == home(*ALL)
    assert [uid for uid, _ in world.transport.fetches] == [ONE.uid, TWO.uid, TWO.uid, THREE.uid]


def test_a_paused_session_may_be_cancelled(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, stalling(watched.session.pause, after=1))
    on(watched, S.PAUSED, watched.session.cancel)
    run(watched)
    assert watched.states()[-2:] == [S.PAUSED, S.CANCELLED]
    assert world.tree() == {}
    world.run()
    assert world.transport.held(ONE) == [set(), {ONE.uids[0]}]


def test_a_session_may_be_cancelled_while_it_pauses(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, stalling(watched.session.pause, after=1))
    on(watched, S.PAUSING, watched.session.cancel)
    run(watched)
    assert watched.states()[-3:] == [S.PAUSING, S.CANCELLING, S.CANCELLED]


def test_a_session_may_be_cancelled_while_a_series_waits_for_its_next_attempt(world: World) -> None:
    world.transport.plan(ONE, failing(CUT))
    world.carts = (ONE.uid,)
    session = world.session(retry=RetryPolicy(first=1e6, longest=1e6, random=lambda: 1.0))
    with Watched.of(session) as watched:
        on(watched, T.WAITING, session.cancel)
        run(watched)
    assert session.state is S.CANCELLED
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, T.PAUSED]


def test_a_session_that_was_cancelled_when_it_was_ready_fetches_nothing(
    world: World, watched: Watched
) -> None:
    watched.session.prepare()
    watched.session.cancel()
    watched.session.run()
    assert watched.session.state is S.CANCELLED
    assert world.transport.fetches == []
    assert world.staged() == []


def test_a_cancel_while_the_last_series_is_stored_comes_too_late(world: World, watched: Watched) -> None:
    watched.session.subscribe(when(reaching(T.STORING, THREE.uid), watched.session.cancel))
    run(watched)
    assert watched.states()[2:] == [S.RUNNING, S.CANCELLING, S.FINISHED]
    assert_home_without_repetition(world, *ALL)


def test_a_cancelled_session_does_nothing_more(watched: Watched) -> None:
    watched.session.prepare()
    watched.session.cancel()
    watched.session.run()
    with pytest.raises(TransitionError, match="it is cancelled"):
        watched.session.run()
