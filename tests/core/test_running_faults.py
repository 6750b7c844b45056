"""What is damaged, what plugins raise, and what the disk refuses: each costs as little as it can."""

from __future__ import annotations

import errno
import threading
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import (
    DestinationError,
    StorageError,
)
from cartload.events import (
    AttemptFailed,
    PluginFailed,
    SessionEnded,
    Warned,
)
from cartload.model import Member, MemberKind
from cartload.retry import RetryPolicy
from cartload.staging import JournalFile
from cartload.state import SessionState, TaskState
from engine_cart import CUT, HOME, ONE, TWO, home, shortfall
from engine_world import FakeStorage, Watched, World, reaching, when
from fake_archive import (
    PATIENCE,
    FakeTransport,
    Play,
    a_scan,
    chunks,
    dicom,
    failing,
    md5,
    meanwhile,
    sending,
    stalling,
    sums_member,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cartload.ports import StagedSeries

T = TaskState


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, ONE, TWO)


# --- what is damaged


def test_only_an_altered_image_is_fetched_again(world: World) -> None:
    play = sending(ONE.image(1), ONE.altered(2), ONE.image(3), ONE.sums())
    world.transport.plan(ONE, play)
    watched = world.run()
    assert watched.path(ONE) == [T.FETCHING, T.VERIFYING, T.WAITING, *HOME]
    assert world.transport.held(ONE)[1] == {ONE.uids[0], ONE.uids[2]}
    assert world.tree() == home(ONE, TWO)


def test_only_a_missing_image_is_fetched_again(world: World) -> None:
    world.transport.plan(ONE, sending(ONE.image(1), ONE.image(3)))
    watched = world.run()
    assert "2 of the 3 images" in watched.heard(AttemptFailed)[0].error
    assert world.transport.held(ONE)[1] == {ONE.uids[0], ONE.uids[2]}
    assert world.tree() == home(ONE, TWO)


def member(content: bytes, name: str = "x.dcm", announced: int = 0) -> Member:
    uid = ONE.uids[announced - 1] if announced else None
    return Member(name, MemberKind.IMAGE, chunks(content), len(content), uid)


@pytest.mark.parametrize(
    ("play", "said"),
    [
        (lambda: sending(member(TWO.images[TWO.uids[0]])), "an image of another series"),
        (lambda: sending(member(ONE.images[ONE.uids[0]], announced=2)), "calls itself"),
        (lambda: sending(ONE.image(1), member(dicom(ONE.uid, ONE.uids[0], 7))), "two different images as"),
        (lambda: sending(*map(ONE.image, (1, 2, 3)), member(dicom(ONE.uid, "1.2.9", 4))), "more than the 3"),
        (lambda: sending(member(b"<html>" * 50)), "not a DICOM file"),
        (lambda: sending(Member("x.dcm", MemberKind.IMAGE, chunks(b"x" * 9), 8)), "larger than"),
        (lambda: sending(Member("x.dcm", MemberKind.IMAGE, chunks(b"x" * 9), 10)), "9 of 10 bytes"),
        (lambda: sending(*map(ONE.image, (1, 2, 3)), sums_member({"i4.dcm": "0" * 32})), "list are missing"),
    ],
)
def test_what_is_damaged_is_said_and_fetched_again(world: World, play: Callable[[], Play], said: str) -> None:
    world.transport.plan(ONE, play())
    watched = world.run()
    (failed,) = watched.heard(AttemptFailed)
    assert said in failed.error
    assert world.tree() == home(ONE, TWO)
    assert world.staged() == []


def test_an_image_that_comes_twice_does_no_harm(world: World) -> None:
    world.transport.plan(ONE, sending(*(ONE.image(number) for number in (1, 1, 2, 3, 2)), ONE.sums()))
    watched = world.run()
    assert watched.heard(AttemptFailed) == []
    assert world.tree() == home(ONE, TWO)


def test_an_annotation_of_another_size_than_announced_is_fetched_again(world: World) -> None:
    images = [TWO.image(number) for number in (1, 2, 3)]
    world.transport.plan(TWO, sending(*images))
    watched = world.run()
    assert "the annotations have 0 bytes, 4 were announced" in watched.heard(AttemptFailed)[0].error
    assert world.tree() == home(ONE, TWO)


# --- what plugins raise


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "of the network"), KeyError("x"), SystemExit(1)])
def test_a_transport_that_raises_anything_costs_its_series_only(world: World, fault: BaseException) -> None:
    world.transport.plan(ONE, failing(fault, after=1))
    watched = world.run()
    assert watched.path(ONE)[-1] is T.FAILED
    assert "transport fake: failed:" in shortfall(watched).reason
    assert world.tree() == home(TWO)


def test_a_naming_that_raises_anything_costs_its_series_only(world: World) -> None:
    world.naming.faults.append(KeyError("x"))
    watched = world.run()
    assert shortfall(watched).reason == "naming fake: failed: KeyError: 'x'."
    assert world.tree() == home(TWO)


def test_a_storage_that_raises_anything_costs_its_series_only(world: World) -> None:
    world.prepare_storage = lambda storage: storage.faults.append(KeyError("x"))
    watched = world.run()
    assert shortfall(watched).reason == "storage fake: failed: KeyError: 'x'."
    assert world.tree() == home(TWO)


def test_a_listener_that_raises_anything_costs_itself_only(world: World) -> None:
    with world.watched() as watched:

        def fail(_: object) -> None:
            raise KeyError("x")

        watched.session.subscribe(fail)
        watched.session.prepare()
        watched.session.run()
    assert world.tree() == home(ONE, TWO)
    assert len(watched.heard(PluginFailed)) == 1


def test_what_a_storage_had_its_hands_on_is_looked_at_again_and_not_fetched(world: World) -> None:
    world.prepare_storage = lambda storage: storage.faults.append(StorageError("odd.", retryable=True))
    watched = world.run()
    assert watched.path(ONE) == [*HOME[:3], T.WAITING, *HOME]
    assert world.transport.held(ONE) == [set(), {*ONE.uids}]
    assert world.tree() == home(ONE, TWO)
    assert watched.session.report().fetched_bytes == ONE.size + TWO.size


def test_files_that_were_named_before_a_fault_of_the_disk_are_fetched_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [StorageError("interrupted.", retryable=True)]

    def fail_once(*_: object) -> None:
        if faults:
            raise faults.pop()

    monkeypatch.setattr("cartload.staging.area.sync_files", fail_once)
    watched = world.run()
    assert watched.path(ONE) == [*HOME[:2], T.WAITING, *HOME]
    assert world.tree() == home(ONE, TWO)


# --- the journal


@pytest.fixture
def journal_faults(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """Give faults by the kind of entry whose next writing they spoil."""
    faults: dict[str, Exception] = {}
    append = JournalFile.append

    def spoiled(self: JournalFile, line: str, *, durable: bool) -> None:
        for kind in [kind for kind in faults if f'"kind":"{kind}"' in line]:
            raise faults.pop(kind)
        append(self, line, durable=durable)

    monkeypatch.setattr(JournalFile, "append", spoiled)
    return faults


def test_a_series_whose_intention_cannot_be_written_is_not_stored(
    world: World, journal_faults: dict[str, Exception]
) -> None:
    journal_faults["intended"] = StorageError("interrupted.", retryable=True)
    watched = world.run()
    assert watched.path(ONE) == [*HOME[:2], T.WAITING, *HOME]
    assert world.tree() == home(ONE, TWO)


def test_a_series_whose_confirmation_cannot_be_written_is_complete(
    world: World, journal_faults: dict[str, Exception]
) -> None:
    journal_faults["confirmed"] = StorageError("interrupted.")
    watched = world.run()
    assert watched.path(ONE) == HOME
    (warned,) = watched.heard(Warned)
    assert warned.subject == f"series {ONE.uid}"
    assert "the next run confirms it" in warned.text
    world.run()
    assert world.storage.verified == [ONE.uid]
    assert set(world.storage.held) == {ONE.uid, TWO.uid}


def test_a_broken_disk_at_the_confirmation_ends_the_session_after_the_series(
    world: World, journal_faults: dict[str, Exception]
) -> None:
    journal_faults["confirmed"] = DestinationError("the disk is gone.")
    watched = world.watched()
    with watched:
        watched.session.prepare()
        with pytest.raises(DestinationError, match="the disk is gone"):
            watched.session.run()
    assert watched.path(ONE) == HOME
    assert world.tree() == home(ONE)


# --- a destination that cannot be used


def test_a_broken_disk_ends_the_session_and_what_is_complete_stays(world: World) -> None:
    def full_at_the_second(storage: FakeStorage) -> None:
        storage.stored_hook = lambda _: storage.faults.append(DestinationError("the disk is gone."))

    world.prepare_storage = full_at_the_second
    watched = world.watched()
    with watched:
        watched.session.prepare()
        with pytest.raises(DestinationError, match="the disk is gone"):
            watched.session.run()
    assert watched.session.state is SessionState.FAILED
    assert world.tree() == home(ONE)
    assert watched.heard(AttemptFailed) == [AttemptFailed(TWO.uid, 1, "fake", "the disk is gone.", None)]
    assert watched.heard(SessionEnded) == [SessionEnded(1, 0, 1, 0, 0, 0)]
    world.prepare_storage = None
    world.run()
    assert world.tree() == home(ONE, TWO)
    assert world.transport.held(TWO) == [set(), {*TWO.uids}]
    assert world.staged() == []


def test_a_broken_disk_lets_go_of_all_that_is_fetched_and_waits(world: World) -> None:
    scans = [a_scan(number) for number in range(1, 5)]
    world.transports["fake"] = FakeTransport.of(*scans)
    world.carts = tuple(scan.uid for scan in scans)
    world.settings = evolve(world.settings, jobs=2)
    waiting, stalled = threading.Event(), threading.Event()
    world.transport.plan(scans[0], failing(CUT))
    world.transport.plan(scans[1], stalling(stalled.set))
    world.transport.plan(scans[2], meanwhile(lambda: stalled.wait(PATIENCE) and waiting.wait(PATIENCE)))
    world.prepare_storage = lambda storage: storage.faults.append(DestinationError("gone."))
    session = world.session(retry=RetryPolicy(first=1e6, longest=1e6, random=lambda: 1.0))
    watched = Watched.of(session)
    session.subscribe(when(reaching(T.WAITING, scans[0].uid), waiting.set))
    with watched:
        session.prepare()
        with pytest.raises(DestinationError, match="gone"):
            session.run()
    assert watched.path(scans[0]) == [T.FETCHING, T.WAITING, T.PAUSED]
    assert watched.path(scans[1]) == [T.FETCHING, T.PAUSED]
    assert watched.path(scans[2])[-1] is T.FAILED
    assert watched.path(scans[3]) == []


def test_a_disk_that_fails_two_workers_at_once_ends_the_session_once(world: World) -> None:
    world.settings = evolve(world.settings, jobs=2)
    together = threading.Barrier(2)

    def full(storage: FakeStorage) -> None:
        def fail(_: StagedSeries) -> None:
            together.wait(PATIENCE)
            raise DestinationError("the disk is gone.")

        storage.stored_hook = fail

    world.prepare_storage = full
    with world.watched() as watched:
        watched.session.prepare()
        with pytest.raises(DestinationError):
            watched.session.run()
    assert [event.error for event in watched.heard(AttemptFailed)] == ["the disk is gone."] * 2


def test_a_staging_folder_that_cannot_be_made_ends_the_session(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DestinationError("it is read-only.")

    monkeypatch.setattr("cartload.staging.CartFolder.area", fail)
    with world.watched() as watched:
        watched.session.prepare()
        with pytest.raises(DestinationError, match="read-only"):
            watched.session.run()


def test_an_image_that_is_wrong_twice_fails_its_series_and_the_report_has_both_digests(world: World) -> None:
    world.manifest = lambda plain: evolve(plain, attempts=9)
    wrong = sending(ONE.altered(1), ONE.image(2), ONE.image(3), ONE.sums())
    world.transport.plan(ONE, wrong, sending(ONE.altered(1), ONE.sums([1])))
    watched = world.run()
    failed = shortfall(watched)
    content = ONE.images[ONE.uids[0]]
    came, right = md5(content[:-1] + bytes([255])), md5(content)
    said = f"i1.dcm has the MD5 {came}, the archive says {right}"
    assert [said in attempt.error for attempt in failed.attempts] == [True, True]
    assert said in failed.reason
    assert world.tree() == home(TWO)
