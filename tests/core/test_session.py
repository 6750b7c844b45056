"""What a frontend does with a session: prepares and runs it, and tries again what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload import Session, load_manifest
from cartload.errors import DestinationError, TransitionError
from cartload.events import (
    AttemptFailed,
    PolicyQuestion,
    SessionChanged,
    SessionEnded,
    TaskChanged,
)
from cartload.manifest import ManifestSource
from cartload.model import Denied, SeriesUID, Unknown, UsagePolicy
from cartload.progress import Verdict
from cartload.retry import RetryPolicy
from cartload.state import SESSION_TABLE, TASK_TABLE, SessionState, TaskState
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
from engine_world import Watched, World
from fake_archive import (
    FakeTransport,
    a_scan,
    failing,
    stalling,
)

if TYPE_CHECKING:
    from cartload.events import Event

S, T = SessionState, TaskState


# --- from start to end


def test_a_session_brings_its_cart_home(world: World, watched: Watched) -> None:
    run(watched)
    assert_home_without_repetition(world, *ALL)
    assert watched.states() == [S.RESOLVING, S.READY, S.RUNNING, S.FINISHED]
    assert watched.session.state is S.FINISHED
    report = watched.session.report()
    assert (report.complete, report.verdict, report.shortfalls) == (3, Verdict.COMPLETE, ())


def test_states_change_only_as_the_tables_say(world: World, watched: Watched) -> None:
    world.transport.policies.append(UsagePolicy("archive.example", "-"))
    world.transport.plan(ONE, failing(CUT), stalling(watched.session.pause))
    world.transport.plan(TWO, failing(GONE))
    on(watched, S.PAUSED, watched.session.resume)
    run(watched)
    for changed in watched.heard(SessionChanged):
        assert changed.new in {new for (old, _), new in SESSION_TABLE.items() if old is changed.old}
    for told in watched.heard(TaskChanged):
        assert told.new in {new for (old, _), new in TASK_TABLE.items() if old is told.old}


def test_each_event_begins_where_the_last_one_ended(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, failing(CUT))
    run(watched)
    changes = watched.heard(SessionChanged)
    assert [change.old for change in changes[1:]] == [change.new for change in changes[:-1]]
    assert isinstance(watched.events[-1], SessionEnded)


def test_what_came_of_every_series_is_counted_at_the_end(world: World) -> None:
    world.carts = (ONE.uid,)
    world.run()
    scans = [a_scan(number) for number in range(1, 7)]
    world.transports["fake"] = FakeTransport.of(*scans)
    world.carts = tuple(scan.uid for scan in scans)
    world.transport.says[scans[2].uid] = Denied(scans[2].uid, "not yours")
    world.transport.says[scans[3].uid] = Unknown(scans[3].uid, "no such series")
    with world.watched() as watched:
        watched.session.remove([scans[4].uid])
        run(watched)
    assert watched.heard(SessionEnded) == [
        SessionEnded(complete=2, already_held=1, failed=1, denied=1, removed=1, unfinished=0)
    ]
    assert watched.session.report().verdict is Verdict.FAILED


def test_a_cart_is_kept_in_a_folder_of_its_own_name(world: World) -> None:
    source = ManifestSource("../CON.tcia", b"1.2.3.1")
    session = Session(source, world.directory, world.settings, world.registry())
    assert session.root == world.directory / "_CON"


def test_a_session_has_a_clock_and_a_patience_of_its_own(world: World) -> None:
    session = Session(world.source, world.directory, world.settings, world.registry())
    with session:
        session.prepare()
        report = session.run()
    assert report.complete == 3
    assert report.ended >= report.started > 1_600_000_000


def test_a_server_may_be_named(world: World) -> None:
    session = world.session(server="https://other.example/x")
    session.inspect()
    assert session.report().server == "https://other.example/x"


def test_a_cart_may_be_loaded_from_a_file(world: World) -> None:
    path = world.directory / "cart.txt"
    path.write_bytes(world.source.content)
    assert load_manifest(path) == world.source


def test_a_listener_may_leave(watched: Watched) -> None:
    heard: list[Event] = []
    leave = watched.session.subscribe(heard.append)
    on(watched, S.READY, leave)
    run(watched)
    assert not any(isinstance(event, TaskChanged) for event in heard)


def test_the_attempts_of_the_manifest_count_before_those_of_the_session(world: World) -> None:
    world.manifest = lambda plain: evolve(plain, attempts=None)
    world.transport.plan(ONE, *[failing(CUT)] * 9)
    watched = Watched.of(world.session(retry=RetryPolicy(attempts=3, random=lambda: 0.0)))
    with watched:
        run(watched)
    assert len(watched.heard(AttemptFailed)) == 3


# --- what cannot be


def test_a_session_that_is_not_prepared_cannot_run(world: World, watched: Watched) -> None:
    with pytest.raises(TransitionError, match="not prepared"):
        watched.session.run()
    watched.session.inspect()
    with pytest.raises(TransitionError, match="not prepared"):
        watched.session.run()
    assert list(world.directory.iterdir()) == []


def test_a_session_runs_once(watched: Watched) -> None:
    run(watched)
    with pytest.raises(TransitionError, match="it is finished"):
        watched.session.run()
    with pytest.raises(TransitionError, match="it is finished"):
        watched.session.prepare()


def test_commands_that_make_no_sense_do_no_harm(world: World, watched: Watched) -> None:
    session = watched.session
    session.resume()
    session.retry_failed()
    session.remove([SeriesUID("1.9")])
    session.answer(PolicyQuestion(UsagePolicy("x", "y")), answer=True)

    def nonsense() -> None:
        session.resume()
        session.answer(PolicyQuestion(UsagePolicy("x", "y")), answer=True)
        session.remove([SeriesUID("1.9")])

    on(watched, T.FETCHING, nonsense)
    run(watched)
    session.pause()
    session.resume()
    session.cancel()
    session.remove([ONE.uid])
    assert session.state is S.FINISHED
    assert_home_without_repetition(world, *ALL)


def test_closing_a_session_twice_or_before_anything_does_no_harm(world: World) -> None:
    session = world.session()
    session.close()
    session.close()
    session.prepare()
    session.close()
    assert session.run().complete == 3
    session.close()


# --- trying the failed ones again


def test_only_the_failed_series_are_tried_again(world: World, watched: Watched) -> None:
    world.transport.plan(TWO, failing(GONE, after=2))
    run(watched)
    assert watched.session.report().verdict is Verdict.FAILED
    watched.session.retry_failed()
    report = watched.session.run()
    assert watched.path(TWO) == [T.FETCHING, T.FAILED, T.QUEUED, *HOME]
    assert (report.complete, report.verdict) == (3, Verdict.COMPLETE)
    assert [uid for uid, _ in world.transport.fetches] == [ONE.uid, TWO.uid, THREE.uid, TWO.uid]
    assert world.transport.held(TWO) == [set(), set(TWO.uids[:2])]
    assert_home_without_repetition(world, *ALL)


def test_one_of_the_failed_series_can_be_tried_again(world: World, watched: Watched) -> None:
    for series in (ONE, TWO):
        world.transport.plan(series, failing(GONE, after=2))
    run(watched)
    watched.session.retry_failed([TWO.uid, THREE.uid])
    report = watched.session.run()
    assert [shortfall.series_uid for shortfall in report.shortfalls] == [ONE.uid]
    assert world.tree() == home(TWO, THREE)
    assert watched.session.can_retry
    watched.session.retry_failed()
    assert watched.session.run().verdict is Verdict.COMPLETE
    assert_home_without_repetition(world, *ALL)


def test_what_is_tried_again_gets_all_its_attempts(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, failing(CUT), failing(CUT), failing(CUT))
    run(watched)
    watched.session.retry_failed()
    watched.session.run()
    assert [event.attempt for event in watched.heard(AttemptFailed)] == [1, 2, 1]
    assert world.tree() == home(*ALL)


def test_a_series_may_fail_again_and_again(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, *[failing(GONE, after=1)] * 3)
    run(watched)
    for _ in range(3):
        watched.session.retry_failed()
        watched.session.run()
    assert world.transport.held(ONE) == [set(), {ONE.uids[0]}, set(ONE.uids[:2]), set(ONE.uids)]
    assert world.tree() == home(*ALL)


def test_where_nothing_failed_nothing_can_be_tried_again(world: World, watched: Watched) -> None:
    run(watched)
    watched.session.retry_failed()
    with pytest.raises(TransitionError, match="it is finished"):
        watched.session.run()
    assert len(world.transport.fetches) == 3


def test_what_was_closed_cannot_be_tried_again(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, failing(GONE))
    run(watched)
    watched.session.close()
    watched.session.retry_failed()
    with pytest.raises(TransitionError):
        watched.session.run()


def test_an_unknown_series_cannot_be_tried_again(world: World, watched: Watched) -> None:
    world.transport.says[ONE.uid] = Unknown(ONE.uid, "no such series")
    run(watched)
    assert watched.path(ONE) == []
    assert watched.session.report().verdict is Verdict.FAILED
    assert not watched.session.can_retry


def test_what_failed_can_be_tried_again_only_while_the_archive_may_bring_it(
    world: World, watched: Watched
) -> None:
    world.transport.says[TWO.uid] = Unknown(TWO.uid, "no such series")
    world.transport.plan(ONE, failing(GONE))
    run(watched)
    assert watched.session.can_retry
    watched.session.retry_failed()
    watched.session.run()
    assert not watched.session.can_retry


def test_a_wish_to_try_again_before_there_was_a_run_is_passed_over(world: World, watched: Watched) -> None:
    watched.session.prepare()
    watched.session.retry_failed()
    assert watched.session.run().complete == 3
    assert world.tree() == home(*ALL)


def test_commands_that_came_after_the_end_do_not_hold_the_next_run(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, failing(GONE))
    run(watched)
    watched.session.pause()
    watched.session.cancel()
    watched.session.retry_failed()
    assert watched.session.run().complete == 3
    assert watched.states()[-2:] == [S.RUNNING, S.FINISHED]


def test_a_failed_series_that_was_removed_after_the_end_is_not_tried_again(
    world: World, watched: Watched
) -> None:
    world.transport.plan(ONE, failing(GONE, after=1))
    world.transport.plan(TWO, failing(GONE, after=1))
    run(watched)
    watched.session.remove([ONE.uid])
    watched.session.retry_failed()
    report = watched.session.run()
    assert (report.complete, report.removed) == (2, 1)
    assert_home(world, TWO, THREE)


def test_a_destination_that_fails_at_the_second_try_ends_the_session(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, failing(GONE))
    run(watched)
    world.storage.faults.append(DestinationError("the disk is full."))
    watched.session.retry_failed()
    with pytest.raises(DestinationError):
        watched.session.run()
    assert watched.session.state is S.FAILED
