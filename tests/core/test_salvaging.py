"""What a session left in staging is built on by the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from cartload.assembly import Assembly
from cartload.errors import TransportError
from cartload.headers import HEAD_BYTES
from cartload.retrieval import Retrieval
from cartload.salvaging import Salvage
from cartload.settings import Existing
from cartload.staging import StagingArea
from cartload.workers import StopSignal
from engine_world import World
from fake_archive import a_scan, failing

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = a_scan(1), a_scan(2)


def interrupted(world: World, *plays: TransportError, after: int) -> None:
    """Have a session fail in the middle of a series for good."""
    for error in plays:
        world.transport.plan(ONE, failing(error, after))
    world.run()


def world_of(tmp_path: Path) -> World:
    return World.of(tmp_path, ONE, TWO)


def test_the_next_session_asks_only_for_what_did_not_come(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    interrupted(world, TransportError("gone."), after=2)
    world.run()
    assert world.transport.held(ONE) == [set(), set(ONE.uids[:2])]
    assert max(world.transport.sent.values()) == 1
    assert world.staged() == []


def test_what_is_fetched_anew_goes_on_where_that_was_cut_off(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    world.run()
    world.settings = evolve(world.settings, existing=Existing.ALL)
    interrupted(world, TransportError("gone."), after=1)
    world.run()
    assert world.transport.held(ONE) == [set(), set(), {ONE.uids[0]}]


def test_what_a_session_left_of_a_series_that_is_complete_is_deleted(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    world.run()
    world.settings = evolve(world.settings, existing=Existing.ALL)
    interrupted(world, TransportError("gone."), after=1)
    world.settings = evolve(world.settings, existing=Existing.MISSING)
    world.run()
    assert world.staged() == []


def an_area_with(tmp_path: Path, *numbers: int) -> Path:
    """Receive images of the series into an area, as a session that is then cut off."""
    world = world_of(tmp_path / "world")
    area = StagingArea(tmp_path / "area", HEAD_BYTES, ONE.record.series_uid)
    world.transport.plan(ONE, lambda _: (ONE.image(number) for number in numbers))
    retrieval = Retrieval(Assembly(ONE.record, annotations=False), area, annotations=False)
    with area.at_work():
        retrieval.fetch(world.transport, "fake", world.naming, StopSignal())
    return tmp_path / "area"


def test_an_image_that_is_not_of_the_series_any_more_is_deleted(tmp_path: Path) -> None:
    place = an_area_with(tmp_path, 1, 2, 3)
    fewer = evolve(ONE.record, image_count=2)
    area = StagingArea(place, HEAD_BYTES, fewer.series_uid, taken_over=True)
    assembly = Assembly(fewer, annotations=False)
    with area.at_work():
        steps = list(Salvage(assembly, area, frozenset()).staged())
    assert (len(steps), assembly.images) == (3, 2)
    assert len(list(area.folder.iterdir())) == 2


def test_an_image_that_is_told_twice_is_kept_once(tmp_path: Path) -> None:
    place = an_area_with(tmp_path, 1)
    (index,) = place.glob("index.jsonl")
    index.write_text(index.read_text() * 2)
    area = StagingArea(place, HEAD_BYTES, ONE.uid, taken_over=True)
    assembly = Assembly(ONE.record, annotations=False)
    with area.at_work():
        assert len(list(Salvage(assembly, area, frozenset()).staged())) == 1
