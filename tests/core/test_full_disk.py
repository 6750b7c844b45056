"""A full disk makes the session rest and ask; nothing that came is lost, whatever the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload import staging
from cartload.errors import DestinationError, DiskFullError, StorageError
from cartload.events import Asked, AttemptFailed, SessionEnded, SpaceQuestion
from cartload.model import SeriesUID
from cartload.plan import Plan
from cartload.room import Room
from cartload.settings import Existing
from cartload.state import SessionState, TaskState
from cartload.tasks import Tasks
from engine_cart import HOME, ONE, TWO, home
from engine_world import Watched, World, reaching, when
from fake_archive import failing
from series_builders import a_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.events import Event
    from cartload.ports import StagedSeries

S, T = SessionState, TaskState
FULL = DiskFullError("the disk is full.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, ONE, TWO)


def watched_by(world: World, answer: Callable[[Watched], None]) -> Watched:
    """Prepare a session in which *answer* is called when it asks for room."""
    watched = Watched.of(world.session())
    watched.session.subscribe(asking(watched, answer))
    watched.session.prepare()
    return watched


def asking(watched: Watched, answer: Callable[[Watched], None]) -> Callable[[Event], None]:
    def listen(event: Event) -> None:
        if isinstance(event, Asked) and isinstance(event.question, SpaceQuestion):
            answer(watched)

    return listen


def question(watched: Watched) -> SpaceQuestion:
    found = watched.heard(Asked)[-1].question
    assert isinstance(found, SpaceQuestion)
    return found


def yes(watched: Watched) -> None:
    watched.session.answer(question(watched), answer=True)


def no(watched: Watched) -> None:
    watched.session.answer(question(watched), answer=False)


def full_once(world: World) -> None:
    world.prepare_storage = lambda storage: storage.faults.append(FULL)


# --- while it runs


def test_a_session_that_meets_a_full_disk_rests_and_goes_on_where_it_was(world: World) -> None:
    full_once(world)
    with watched_by(world, yes) as watched:
        watched.session.run()
    assert watched.states()[2:] == [S.RUNNING, S.PAUSING, S.PAUSED, S.RUNNING, S.FINISHED]
    assert watched.path(ONE) == [*HOME[:3], T.WAITING, T.PAUSED, T.QUEUED, *HOME]
    assert (world.tree(), world.staged()) == (home(ONE, TWO), [])
    assert max(world.transport.sent.values()) == 1


def test_it_says_what_is_still_to_come_and_what_is_free(world: World) -> None:
    full_once(world)
    world.room = 10_000
    with watched_by(world, yes) as watched:
        watched.session.run()
    assert question(watched) == SpaceQuestion("the disk is full.", TWO.size, 10_000, begun=True)


def test_whoever_does_not_want_to_go_on_gets_the_error_and_loses_nothing(world: World) -> None:
    full_once(world)
    with watched_by(world, no) as watched, pytest.raises(DiskFullError, match="the disk is full"):
        watched.session.run()
    assert watched.session.state is S.FAILED
    assert watched.heard(SessionEnded) == [SessionEnded(0, 0, 0, 0, 0, 2)]
    world.prepare_storage = None
    world.run()
    assert (world.tree(), world.staged()) == (home(ONE, TWO), [])
    assert max(world.transport.sent.values()) == 1


def test_it_uses_up_no_attempt(world: World) -> None:
    world.prepare_storage = lambda storage: storage.faults.extend([FULL] * 9)
    with watched_by(world, yes) as watched:
        watched.session.run()
    assert world.tree() == home(ONE, TWO)
    assert watched.heard(AttemptFailed) == []


def test_it_may_be_resumed_by_a_command_and_a_late_answer_is_passed_over(world: World) -> None:
    def resume(watched: Watched) -> None:
        watched.session.resume()
        no(watched)

    full_once(world)
    with watched_by(world, resume) as watched:
        watched.session.run()
    assert world.tree() == home(ONE, TWO)


def test_it_may_be_cancelled(world: World) -> None:
    full_once(world)
    with watched_by(world, lambda watched: watched.session.cancel()) as watched:
        watched.session.run()
    assert watched.session.state is S.CANCELLED


def test_a_disk_that_is_full_when_an_image_is_written_costs_only_that_image(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, left = staging.StagingArea.receive, [3]

    def receive(
        area: staging.StagingArea,
        content: Iterator[memoryview | bytes],
        most: int,
        arrived: Callable[[int], None],
    ) -> staging.Piece:
        left[0] -= 1
        if left[0] == 0:
            raise FULL
        return honest(area, content, most, arrived)

    monkeypatch.setattr(staging.StagingArea, "receive", receive)
    with watched_by(world, yes) as watched:
        watched.session.run()
    assert world.tree() == home(ONE, TWO)
    assert world.transport.held(ONE) == [set(), set(ONE.uids[:2])]


def test_a_full_disk_at_the_confirmation_is_no_reason_to_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = staging.JournalFile.append

    def append(journal: staging.JournalFile, line: str, *, durable: bool) -> None:
        if '"confirmed"' in line:
            raise FULL
        honest(journal, line, durable=durable)

    monkeypatch.setattr(staging.JournalFile, "append", append)
    world.run()
    assert world.tree() == home(ONE, TWO)


def test_what_a_storage_had_moved_when_it_failed_is_not_taken_for_somebody_else_s(world: World) -> None:
    moved = [StorageError("interrupted.", retryable=True)]

    def fail_half_way(staged: StagedSeries) -> None:
        if moved:
            place = world.root / staged.directory
            place.mkdir(parents=True)
            first = staged.files[0]
            first.path.rename(place / first.name)
            raise moved.pop()

    world.prepare_storage = lambda storage: setattr(storage, "before_hook", fail_half_way)
    world.run()
    assert world.tree() == home(ONE, TWO)
    assert max(world.transport.sent.values()) == 1


# --- watched before each series


def test_a_series_for_which_there_is_no_room_is_not_begun(world: World) -> None:
    def make_room(watched: Watched) -> None:
        assert watched.path(TWO) == []
        world.room = 10 * TWO.size
        yes(watched)

    with watched_by(world, make_room) as watched:
        watched.session.subscribe(
            when(reaching(T.COMPLETE, ONE.uid), lambda: setattr(world, "room", TWO.size - 1))
        )
        watched.session.run()
    assert world.tree() == home(ONE, TWO)
    asked = question(watched)
    assert f"there is no room for series {TWO.uid}: {TWO.size:,} bytes are to come" in asked.what
    assert (asked.needed, asked.free, asked.begun) == (TWO.size, TWO.size - 1, True)


def test_what_an_earlier_session_received_needs_no_more_room(world: World) -> None:
    world.transport.plan(ONE, failing(StorageError("gone."), after=2))
    world.carts = (ONE.uid,)
    world.run()
    world.room = ONE.size - 1
    world.run()
    assert world.tree() == home(ONE)


def test_what_is_being_fetched_keeps_its_room(world: World) -> None:
    world.settings = evolve(world.settings, jobs=2)

    def make_room(watched: Watched) -> None:
        assert watched.path(TWO) == []
        world.room = 10 * TWO.size
        yes(watched)

    with watched_by(world, make_room) as watched:
        world.room = ONE.size + TWO.size - 1
        watched.session.run()
    assert world.tree() == home(ONE, TWO)


def test_asking_for_room_begins_no_series(world: World) -> None:
    tasks = Tasks(Plan(tuple(a_task(f"1.{number}") for number in range(5))), lambda _: None)
    room = Room(world.root, lambda: 1, lambda _: 0)
    assert room.left(tasks) == 5000
    assert room.lacking(tasks, SeriesUID("1.0")) is not None
    assert list(tasks.begun()) == []


# --- before it begins


def test_a_cart_for_which_there_is_no_room_is_asked_about_before_anything_is_written(world: World) -> None:
    world.room = ONE.size
    watched = Watched.of(world.session())
    watched.session.subscribe(asking(watched, no))
    with pytest.raises(
        DestinationError, match=f"{ONE.size + TWO.size:,} bytes are to come, {ONE.size:,} are free"
    ):
        watched.session.prepare()
    assert question(watched).begun is False
    assert not world.root.exists()


def test_one_may_begin_all_the_same(world: World) -> None:
    world.room = ONE.size + TWO.size - 1

    def once(watched: Watched) -> None:
        world.room = None
        yes(watched)

    with watched_by(world, once) as watched:
        watched.session.run()
    assert world.tree() == home(ONE, TWO)


def test_a_cart_that_is_fetched_anew_needs_room_for_one_series_only(world: World) -> None:
    world.run()
    world.settings = evolve(world.settings, existing=Existing.ALL)
    world.room = max(ONE.size, TWO.size)
    with world.watched() as watched:
        watched.session.prepare()
    assert not [event for event in watched.heard(Asked) if isinstance(event.question, SpaceQuestion)]
