"""What a run holds open: opened in order, closed on every path, and gone from the disk afterwards."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DestinationError, PluginError, StorageError
from cartload.events import PluginFailed, SessionEnded
from cartload.model import UsagePolicy
from cartload.state import SessionState, TaskState
from engine_world import Watched, World, reaching, when
from fake_archive import a_scan, stalling

if TYPE_CHECKING:
    from pathlib import Path

    from engine_world import FakeStorage

ONE, TWO = a_scan(1), a_scan(2)
POLICY = UsagePolicy("archive.example", "Be kind.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, ONE, TWO)


def entries(world: World) -> list[dict[str, object]]:
    """Give the entries of all journals, in order."""
    return [
        json.loads(line)["entry"]
        for path in sorted((world.root / ".cartload" / "journal").iterdir())
        for line in path.read_text().splitlines()
    ]


def kinds(world: World) -> list[object]:
    return [entry["kind"] for entry in entries(world)]


def fails(watched: Watched, error: type[Exception], text: str) -> None:
    """Prepare and run a session that must end in this error, and must let go of everything."""
    watched.session.prepare()
    with pytest.raises(error, match=text):
        watched.session.run()
    assert watched.session.state is SessionState.FAILED


# --- opened


def test_a_run_writes_what_it_is_and_then_each_intention_before_its_confirmation(world: World) -> None:
    world.transport.policies.append(POLICY)
    world.run()
    assert kinds(world) == ["opened", "accepted", "intended", "confirmed", "intended", "confirmed"]
    opened = entries(world)[0]
    assert opened["manifest"] == "cart.txt"
    assert opened["manifest_sha256"] == hashlib.sha256(world.source.content).hexdigest()


def test_an_intention_names_the_source_and_every_file_with_its_digest(world: World) -> None:
    world.run()
    intended = entries(world)[1]
    stored = intended["stored"]
    assert isinstance(stored, dict)
    assert intended["source"] == "fake"
    assert {file["name"]: file["md5"] for file in stored["files"]} == {
        name: hashlib.md5(content, usedforsecurity=False).hexdigest() for name, content in ONE.files.items()
    }


def test_without_a_policy_no_acceptance_is_written(world: World) -> None:
    world.run()
    assert "accepted" not in kinds(world)


def test_a_run_that_has_nothing_to_do_writes_no_journal(world: World) -> None:
    world.run()
    before = entries(world)
    world.run()
    assert entries(world) == before
    assert len(list((world.root / ".cartload" / "journal").iterdir())) == 1


def test_a_storage_is_told_the_cart_and_what_is_held_of_it(world: World) -> None:
    world.carts = (ONE.uid,)
    world.run()
    world.carts = (ONE.uid, TWO.uid)
    world.run()
    assert world.storage.held == (ONE.uid,)
    assert world.storage.cart is not None
    assert world.storage.cart.manifest.source == world.source


def test_a_series_that_vanished_from_the_journal_meanwhile_is_not_said_to_be_held(world: World) -> None:
    world.run()
    with world.watched() as watched:
        watched.session.prepare()
        for path in (world.root / ".cartload" / "journal").iterdir():
            path.unlink()
        watched.session.run()
    assert world.storage.held == ()


# --- closed


def test_a_session_that_is_never_run_leaves_nothing_on_disk(world: World) -> None:
    with world.watched() as watched:
        watched.session.prepare()
    assert list(world.directory.iterdir()) == []


def test_a_run_leaves_neither_staging_nor_lock_behind(world: World) -> None:
    world.run()
    assert world.staged() == []
    assert not (world.root / ".cartload" / "staging").exists()
    with world.watched() as watched:
        watched.session.prepare()
        assert watched.session.run().already_held == 2


def test_a_storage_is_ended_once_however_often_a_session_is_closed(world: World) -> None:
    watched = world.run()
    watched.session.close()
    watched.session.close()
    assert (world.storage.begun, world.storage.finished) == (1, 1)


def test_a_second_session_at_the_same_place_is_refused_and_the_first_goes_on(world: World) -> None:
    second = world.watched()
    refused: list[str] = []

    def intrude() -> None:
        second.session.prepare()
        with pytest.raises(DestinationError, match="another cartload session") as caught:
            second.session.run()
        refused.append(caught.value.advice)

    first = world.watched()
    first.session.subscribe(when(reaching(TaskState.STORING), intrude))
    with first, second:
        first.session.prepare()
        report = first.session.run()
    assert report.complete == 2
    assert refused == ["Wait for it, or choose another directory."]
    assert second.session.state is SessionState.FAILED


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        (DestinationError("it is read-only."), DestinationError, "read-only"),
        (StorageError("metadata.csv is something else."), StorageError, "something else"),
        (ZeroDivisionError("x"), PluginError, "storage fake: failed: ZeroDivisionError: x"),
    ],
)
def test_a_storage_that_cannot_begin_ends_the_session_before_anything_is_fetched(
    world: World, fault: Exception, error: type[Exception], text: str
) -> None:
    def prepare(storage: FakeStorage) -> None:
        storage.begin_fault = fault

    world.prepare_storage = prepare
    watched = world.watched()
    fails(watched, error, text)
    assert world.transport.fetches == []
    assert world.storage.finished == 0
    assert world.staged() == []
    assert watched.heard(SessionEnded) == [SessionEnded(0, 0, 0, 0, 0, 2)]
    world.prepare_storage = None
    assert world.run().session.report().complete == 2


@pytest.mark.parametrize("fault", [DestinationError("the disk is full."), ZeroDivisionError("x")])
def test_a_storage_that_cannot_end_its_run_is_told_and_nothing_is_lost(
    world: World, fault: Exception
) -> None:
    def prepare(storage: FakeStorage) -> None:
        storage.finish_fault = fault

    world.prepare_storage = prepare
    watched = world.run()
    assert watched.session.state is SessionState.FINISHED
    (failed,) = watched.heard(PluginFailed)
    assert failed.plugin == "storage fake"
    assert watched.session.report().plugin_failures == (f"storage fake: {failed.reason}",)
    assert watched.session.report().complete == 2
    world.prepare_storage = None
    assert world.run().session.report().already_held == 2


def test_a_destination_that_cannot_be_made_is_told(world: World) -> None:
    world.root.write_text("a file stands here")
    watched = world.watched()
    watched.session.prepare()
    with pytest.raises(StorageError):
        watched.session.run()
    assert watched.session.state is SessionState.FAILED


def test_a_run_that_is_interrupted_lets_go_of_its_workers_at_once(world: World) -> None:
    watched = world.watched()

    def interrupt() -> None:
        raise KeyboardInterrupt

    world.transport.plan(ONE, stalling(lambda: watched.session.remove([TWO.uid]), after=1))
    watched.session.subscribe(when(reaching(TaskState.REMOVED), interrupt))
    watched.session.prepare()
    with pytest.raises(KeyboardInterrupt):
        watched.session.run()
    assert watched.session.state is SessionState.FAILED
    assert world.run().session.report().complete == 2
    assert world.staged() == []


def test_a_run_that_is_interrupted_when_all_is_done_is_finished(world: World) -> None:
    watched = world.watched()

    def interrupt() -> None:
        raise KeyboardInterrupt

    watched.session.subscribe(when(reaching(SessionState.FINISHED), interrupt))
    watched.session.prepare()
    with pytest.raises(KeyboardInterrupt):
        watched.session.run()
    assert watched.session.state is SessionState.FINISHED
    assert world.staged() == []
