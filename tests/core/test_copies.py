"""What another program stored is looked at, and taken over as far as it is what the archive has."""

from __future__ import annotations

import hashlib
import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload import copies
from cartload.copies import FoundCopy
from cartload.errors import TransportError
from cartload.events import Warned
from cartload.journal import replay
from cartload.selection import Selection
from cartload.settings import Existing
from cartload.workers import Clock
from engine_cart import ONE, TWO, home
from engine_world import World
from fake_archive import failing

if TYPE_CHECKING:
    from pathlib import Path

PLACE = PurePosixPath("Kidney/by another program")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Have another program bring the first series home, under names of its own."""
    made = World.of(tmp_path, ONE, TWO)
    (made.root / PLACE).mkdir(parents=True)
    for number, content in enumerate(ONE.images.values(), start=1):
        (made.root / PLACE / f"i{number}.dcm").write_bytes(content)
    made.others = {ONE.uid: PLACE}
    return made


def there(world: World) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (world.root / PLACE).iterdir()}


def names() -> dict[str, bytes]:
    return {f"i{number}.dcm": content for number, content in enumerate(ONE.images.values(), start=1)}


def test_a_whole_copy_is_taken_over_where_and_as_it_is(world: World) -> None:
    watched = world.run()
    assert there(world) == names()
    assert world.transport.held(ONE) == [set(ONE.uids)]
    assert watched.session.report().fetched_bytes == TWO.size
    assert "1 series that another program brought stand here" in watched.heard(Warned)[0].text
    assert world.run().session.report().already_held == 2


def test_a_part_is_completed_by_what_is_missing(world: World) -> None:
    (world.root / PLACE / "i2.dcm").unlink()
    world.run()
    assert world.transport.held(ONE) == [{ONE.uids[0], ONE.uids[2]}]
    assert there(world) == {f"00{number}.dcm": image for number, image in enumerate(ONE.images.values(), 1)}


def test_what_is_no_image_of_the_series_stays_and_is_not_taken_over(world: World) -> None:
    (world.root / PLACE / "x.dcm").write_bytes(b"no image")
    (world.root / PLACE / "y.dcm").write_bytes(TWO.images[TWO.uids[0]])
    (world.root / PLACE / "again.dcm").write_bytes(ONE.images[ONE.uids[0]])
    world.run()
    kept = {"x.dcm": b"no image", "y.dcm": TWO.images[TWO.uids[0]]}
    assert kept.items() <= there(world).items()


def test_a_copy_whose_sizes_do_not_add_up_comes_anew(world: World) -> None:
    longer = ONE.images[ONE.uids[0]] + b"more"
    (world.root / PLACE / "i1.dcm").write_bytes(longer)
    world.run()
    assert sorted(there(world).values()) == sorted(ONE.images.values())
    assert world.transport.held(ONE)[-1] == set()


@pytest.mark.parametrize("text", ["Filename,MD5Hash\ni1.dcm,{wrong}\n", "i1.dcm,{wrong}"])
def test_a_list_that_the_other_program_left_is_believed_against_an_image(world: World, text: str) -> None:
    (world.root / PLACE / "md5hashes.csv").write_text(text.format(wrong="0" * 32))
    world.run()
    assert world.transport.held(ONE) == [set(ONE.uids[1:])]


@pytest.mark.parametrize("text", ["", "i1.dcm,null", "i1.dcm", 'i1.dcm,"' + "x" * 200_000, "\0,\0"])
def test_a_list_that_says_nothing_is_passed_over(world: World, text: str) -> None:
    (world.root / PLACE / "md5hashes.csv").write_text(text)
    world.run()
    assert world.transport.held(ONE) == [set(ONE.uids)]


def test_a_list_without_end_is_not_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.md5(b"another", usedforsecurity=False).hexdigest()
    (world.root / PLACE / "md5hashes.csv").write_text(f"i1.dcm,{digest}\n")
    monkeypatch.setattr(copies, "MOST_CHECKSUM_BYTES", 10)
    world.run()
    assert world.transport.held(ONE) == [set(ONE.uids)]


def test_what_is_gone_again_is_fetched_to_where_it_belongs(world: World) -> None:
    for path in (world.root / PLACE).iterdir():
        path.unlink()
    world.run()
    assert world.tree() == home(ONE, TWO)


def test_a_link_in_the_place_of_the_folder_gives_nothing(world: World, tmp_path: Path) -> None:
    (world.root / PLACE).rename(tmp_path / "outside")
    (world.root / PLACE).symlink_to(tmp_path / "outside")
    copy = FoundCopy(world.root, PLACE)
    assert list(copy.images(ONE.record, ())) == []
    assert copy.replaced(["i1.dcm"]) == frozenset()


def test_whoever_wants_all_anew_takes_nothing_over(world: World) -> None:
    world.transport.plan(TWO, failing(TransportError("gone.")))
    world.settings = evolve(world.settings, existing=Existing.ALL)
    world.run()
    assert world.transport.held(ONE)[0] == set()


def test_it_needs_no_more_room(world: World) -> None:
    world.room = TWO.size
    world.run()
    assert there(world) == names()


def test_where_no_file_can_have_two_names_it_is_copied(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", refuse)
    world.run()
    assert there(world) == names()


def test_another_cart_in_the_same_folder_says_what_is_different(world: World) -> None:
    world.run()
    world.carts = (TWO.uid,)
    watched = world.run()
    text = watched.heard(Warned)[0].text
    assert "another one than the last that came here: 0 of its series" in text
    assert "1 series of that are not in this one; they stay where they are." in text
    assert there(world) == names()


def test_a_storage_that_cannot_tell_of_others_is_not_asked(world: World) -> None:
    settings = evolve(world.settings, storage="plain")
    selection = Selection(settings, world.registry(), Clock())
    planner = selection.planner(world.naming, PlainStorage(), replay([], str))  # type: ignore[arg-type]  # see there
    assert planner.found == {}


class PlainStorage:
    """A storage of which nothing is asked."""
