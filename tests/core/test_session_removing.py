"""Series that are taken out of a cart: before the run, and in whatever state they are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.events import (
    Asked,
)
from cartload.model import Denied, UsagePolicy
from cartload.progress import Verdict
from cartload.retry import RetryPolicy
from cartload.state import SessionState, TaskState
from engine_cart import (
    ALL,
    CUT,
    GONE,
    HOME,
    ONE,
    THREE,
    TWO,
    assert_home,
    assert_home_without_repetition,
    home,
    on,
    run,
)
from engine_world import Watched, World, answering, reaching, when
from fake_archive import (
    failing,
    stalling,
)

if TYPE_CHECKING:
    from cartload.model import SeriesRecord
    from cartload.ports import StagedSeries
    from engine_world import FakeStorage

S, T = SessionState, TaskState


def test_what_was_removed_before_the_run_is_not_fetched(world: World, watched: Watched) -> None:
    watched.session.prepare()
    watched.session.remove([ONE.uid, THREE.uid])
    report = watched.session.run()
    assert world.tree() == home(TWO)
    assert [uid for uid, _ in world.transport.fetches] == [TWO.uid]
    assert (report.removed, report.verdict) == (2, Verdict.COMPLETE)


def test_what_was_removed_while_a_question_was_open_is_not_fetched(world: World) -> None:
    world.transport.policies.append(UsagePolicy("archive.example", "-"))
    session = world.session()
    session.subscribe(when(lambda event: isinstance(event, Asked), lambda: session.remove([ONE.uid])))
    session.subscribe(answering(session))
    with Watched.of(session) as watched:
        run(watched)
    assert world.tree() == home(TWO, THREE)


def test_a_cart_of_which_everything_was_removed_is_finished(world: World, watched: Watched) -> None:
    watched.session.remove(world.carts)
    run(watched)
    assert watched.session.state is S.FINISHED
    assert world.transport.fetches == []


def test_a_queued_series_may_be_removed(world: World, watched: Watched) -> None:
    on(watched, T.FETCHING, lambda: watched.session.remove([THREE.uid]))
    run(watched)
    assert watched.path(THREE) == [T.REMOVED]
    assert_home_without_repetition(world, ONE, TWO)


def test_a_series_may_be_removed_while_its_server_is_stalled(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, stalling(lambda: watched.session.remove([ONE.uid]), after=2))
    run(watched)
    assert watched.path(ONE) == [T.FETCHING, T.REMOVED]
    assert world.tree() == home(TWO, THREE)
    assert world.staged() == []


def test_a_series_may_be_removed_when_all_of_it_has_arrived(world: World, watched: Watched) -> None:
    def remove(record: SeriesRecord) -> None:
        if record.series_uid == ONE.uid:
            watched.session.remove([ONE.uid])

    world.naming.meanwhile = remove
    run(watched)
    assert watched.path(ONE) == [T.FETCHING, T.VERIFYING, T.REMOVED]
    assert_home(world, TWO, THREE)


@pytest.mark.parametrize("received", [0, 1])
def test_a_waiting_series_may_be_removed(world: World, received: int) -> None:
    world.transport.plan(ONE, failing(CUT, after=received))
    session = world.session(retry=RetryPolicy(first=1e6, longest=1e6, random=lambda: 1.0))
    with Watched.of(session) as watched:
        on(watched, T.WAITING, lambda: session.remove([ONE.uid]))
        run(watched)
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, T.REMOVED]
    assert_home(world, TWO, THREE)


def test_a_paused_series_may_be_removed(world: World, watched: Watched) -> None:
    def remove_and_resume() -> None:
        watched.session.remove([ONE.uid])
        watched.session.resume()

    world.transport.plan(ONE, stalling(watched.session.pause, after=1))
    on(watched, S.PAUSED, remove_and_resume)
    run(watched)
    assert watched.path(ONE) == [T.FETCHING, T.PAUSED, T.REMOVED]
    assert_home(world, TWO, THREE)


def test_a_paused_session_of_which_the_rest_is_removed_is_finished(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, stalling(watched.session.pause, after=1))
    on(watched, S.PAUSED, lambda: watched.session.remove(world.carts))
    run(watched)
    assert watched.states()[-2:] == [S.PAUSED, S.FINISHED]
    assert world.tree() == {}


def test_a_failed_series_may_be_removed(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, failing(GONE, after=1))
    watched.session.subscribe(when(reaching(T.FAILED), lambda: watched.session.remove([ONE.uid])))
    run(watched)
    assert watched.path(ONE) == [T.FETCHING, T.FAILED, T.REMOVED]
    assert watched.session.report().verdict is Verdict.COMPLETE


def test_a_denied_series_may_be_removed(world: World, watched: Watched) -> None:
    world.transport.says[ONE.uid] = Denied(ONE.uid, "not yours")
    watched.session.remove([ONE.uid])
    run(watched)
    assert watched.path(ONE) == [T.REMOVED]


def test_a_complete_or_held_series_stays_as_it_is(world: World, watched: Watched) -> None:
    watched.session.subscribe(
        when(reaching(T.COMPLETE, ONE.uid), lambda: watched.session.remove([ONE.uid, ONE.uid]))
    )
    run(watched)
    assert watched.path(ONE) == HOME
    with world.watched() as again:
        again.session.remove([ONE.uid])
        run(again)
    assert again.session.report().already_held == 3
    assert world.tree() == home(*ALL)


def test_a_series_that_is_being_stored_is_not_removed(world: World, watched: Watched) -> None:
    def prepare(storage: FakeStorage) -> None:
        def remove(staged: StagedSeries) -> None:
            watched.session.remove([staged.series.series_uid])

        storage.stored_hook = remove

    world.prepare_storage = prepare
    run(watched)
    assert world.tree() == home(*ALL)
    assert watched.session.report().removed == 0
