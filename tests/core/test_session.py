"""What a frontend does with a session: prepares, runs, pauses, resumes, cancels, removes, tries again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload import Session, load_manifest
from cartload.errors import DestinationError, TransitionError, TransportError
from cartload.events import (
    Asked,
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
from engine_world import Watched, World, answering, reaching, when
from fake_archive import (
    PATIENCE,
    FakeTransport,
    Scan,
    a_scan,
    failing,
    stalling,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.events import Event
    from cartload.model import SeriesRecord
    from cartload.ports import StagedSeries
    from engine_world import FakeStorage

ONE, TWO, THREE = a_scan(1), a_scan(2, annotations={"a.xml": b"<a/>"}), a_scan(3)
ALL = (ONE, TWO, THREE)
CUT = TransportError("the stream was cut.", retryable=True)
GONE = TransportError("404.")
S, T = SessionState, TaskState
HOME = [T.FETCHING, T.VERIFYING, T.STORING, T.COMPLETE]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, *ALL)


@pytest.fixture
def watched(world: World) -> Iterator[Watched]:
    with world.watched() as made:
        yield made


def home(*scans: Scan) -> dict[str, bytes]:
    return {f"Kidney/{scan.uid}/{name}": content for scan in scans for name, content in scan.files.items()}


def run(watched: Watched) -> None:
    """Prepare and run; the session stays open, as a frontend's does."""
    watched.session.prepare()
    watched.session.run()


def on(watched: Watched, state: SessionState | TaskState, then: Callable[[], object]) -> None:
    watched.session.subscribe(when(reaching(state), then))


def assert_home_without_repetition(world: World, *scans: Scan) -> None:
    assert world.tree() == home(*scans)
    assert set(world.transport.sent.values()) == {1}
    assert world.staged() == []


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


def test_a_cancelled_session_leaves_what_is_complete_and_no_staging(world: World, watched: Watched) -> None:
    world.transport.plan(TWO, stalling(watched.session.cancel, after=1))
    run(watched)
    assert watched.states()[2:] == [S.RUNNING, S.CANCELLING, S.CANCELLED]
    assert world.tree() == home(ONE)
    assert world.staged() == []
    assert watched.heard(SessionEnded) == [SessionEnded(1, 0, 0, 0, 0, 2)]
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
    assert world.staged() == []


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


# --- remove


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
    assert_home_without_repetition_but(world, ONE)


@pytest.mark.parametrize("received", [0, 1])
def test_a_waiting_series_may_be_removed(world: World, received: int) -> None:
    world.transport.plan(ONE, failing(CUT, after=received))
    session = world.session(retry=RetryPolicy(first=1e6, longest=1e6, random=lambda: 1.0))
    with Watched.of(session) as watched:
        on(watched, T.WAITING, lambda: session.remove([ONE.uid]))
        run(watched)
    assert watched.path(ONE) == [T.FETCHING, T.WAITING, T.REMOVED]
    assert_home_without_repetition_but(world, ONE)


def assert_home_without_repetition_but(world: World, *missing: Scan) -> None:
    assert world.tree() == home(*(scan for scan in ALL if scan not in missing))
    assert world.staged() == []


def test_a_paused_series_may_be_removed(world: World, watched: Watched) -> None:
    def remove_and_resume() -> None:
        watched.session.remove([ONE.uid])
        watched.session.resume()

    world.transport.plan(ONE, stalling(watched.session.pause, after=1))
    on(watched, S.PAUSED, remove_and_resume)
    run(watched)
    assert watched.path(ONE) == [T.FETCHING, T.PAUSED, T.REMOVED]
    assert_home_without_repetition_but(world, ONE)


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
    watched.session.retry_failed()
    report = watched.session.run()
    assert watched.path(ONE) == []
    assert report.verdict is Verdict.FAILED


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
    assert_home_without_repetition_but(world, ONE)


def test_a_destination_that_fails_at_the_second_try_ends_the_session(world: World, watched: Watched) -> None:
    world.transport.plan(ONE, failing(GONE))
    run(watched)
    world.storage.faults.append(DestinationError("the disk is full."))
    watched.session.retry_failed()
    with pytest.raises(DestinationError):
        watched.session.run()
    assert watched.session.state is S.FAILED
    assert world.staged() == []
