"""Copies that are there already: held, repaired, replaced, or left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.settings import Existing
from cartload.state import TaskState
from engine_cart import HOME, ONE, TWO, home, shortfall
from engine_world import World
from fake_archive import meanwhile

if TYPE_CHECKING:
    from pathlib import Path


T = TaskState


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, ONE, TWO)


def test_what_is_held_is_not_fetched(world: World) -> None:
    world.run()
    watched = world.run()
    assert [uid for uid, _ in world.transport.fetches] == [ONE.uid, TWO.uid]
    assert set(world.storage.held) == {ONE.uid, TWO.uid}
    assert watched.session.report().already_held == 2


def test_a_damaged_copy_is_fetched_again_and_foreign_files_stay(world: World) -> None:
    world.run()
    folder = world.root / "Kidney" / ONE.uid
    (folder / "002.dcm").unlink()
    (folder / "notes.txt").write_text("mine")
    world.run()
    assert world.tree() == {**home(ONE, TWO), f"Kidney/{ONE.uid}/notes.txt": b"mine"}
    assert [uid for uid, _ in world.transport.fetches] == [ONE.uid, TWO.uid, ONE.uid]


def test_all_again_replaces_what_is_there(world: World) -> None:
    world.run()
    shorter = evolve(
        TWO, annotations={}, record=evolve(TWO.record, has_annotations=False, annotation_bytes=0)
    )
    world.transport.scans[TWO.uid] = shorter
    world.settings = evolve(world.settings, existing=Existing.ALL)
    watched = world.run()
    assert watched.path(ONE) == watched.path(shorter) == HOME
    assert world.tree() == home(ONE, shorter)


def test_a_copy_in_the_place_of_another_naming_is_held_where_it_is(world: World) -> None:
    world.run()
    world.naming.root = "Elsewhere"
    world.run()
    assert world.tree() == home(ONE, TWO)


def test_a_damaged_copy_in_the_place_of_another_naming_is_repaired_where_it_is(world: World) -> None:
    world.run()
    (world.root / "Kidney" / ONE.uid / "002.dcm").unlink()
    world.naming.root = "Elsewhere"
    world.run()
    assert world.tree() == home(ONE, TWO)


def test_files_that_somebody_else_put_in_the_way_are_not_touched(world: World) -> None:
    world.carts = (ONE.uid,)
    folder = world.root / "Kidney" / ONE.uid

    def somebody() -> None:
        folder.mkdir(parents=True)
        (folder / "001.dcm").write_bytes(b"mine")

    world.transport.plan(ONE, meanwhile(somebody))
    watched = world.run()
    assert "cartload did not write" in shortfall(watched).reason
    assert world.tree() == {f"Kidney/{ONE.uid}/001.dcm": b"mine"}
