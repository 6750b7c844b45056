"""Images of an answer that was cut have no MD5 list; whoever can tell their digests is asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import define, evolve, field

from cartload.errors import TransportError
from engine_cart import ONE, TWO, home
from engine_world import World
from fake_archive import FakeTransport, failing, md5, sending, stalling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cartload.model import SeriesRecord, SOPInstanceUID
    from cartload.ports import Stop


@define(eq=False)
class TellingTransport(FakeTransport):
    """Tells the digests of its images, too."""

    asked: list[tuple[SOPInstanceUID, ...]] = field(factory=list)
    mute: bool = False

    def digests(
        self, series: SeriesRecord, images: Sequence[SOPInstanceUID], stop: Stop
    ) -> Iterator[tuple[SOPInstanceUID, str]]:
        del stop
        self.asked.append(tuple(images))
        if self.mute:
            raise TransportError("503.", retryable=True)
        for uid in images:
            yield uid, md5(self.scans[series.series_uid].images[uid])


@pytest.fixture
def transport() -> TellingTransport:
    return TellingTransport({scan.uid: scan for scan in (ONE, TWO)}, "fake")


@pytest.fixture
def world(tmp_path: Path, transport: TellingTransport) -> World:
    made = World.of(tmp_path, ONE, TWO)
    made.transports["fake"] = transport
    return made


CUT = TransportError("cut.", retryable=True)


def test_only_what_came_without_a_list_is_asked_for(world: World, transport: TellingTransport) -> None:
    transport.plan(ONE, failing(CUT, after=2))
    world.run()
    assert transport.asked == [ONE.uids[:2]]
    assert world.tree() == home(ONE, TWO)


def test_what_is_another_than_the_archive_says_is_fetched_again(
    world: World, transport: TellingTransport
) -> None:
    def cut(fetching: object) -> Iterator[object]:
        del fetching
        yield ONE.altered(1)
        raise CUT

    transport.plan(ONE, cut)  # type: ignore[arg-type]  # members, all of them
    world.run()
    assert transport.held(ONE) == [set(), {ONE.uids[0]}, {*ONE.uids[1:]}]
    assert world.tree() == home(ONE, TWO)


def test_what_an_earlier_session_received_is_asked_for_too(world: World, transport: TellingTransport) -> None:
    transport.plan(ONE, failing(TransportError("gone."), after=3))
    world.run()
    world.run()
    assert sorted(transport.asked[-1]) == sorted(ONE.uids)


def test_an_archive_that_cannot_tell_now_costs_nothing(world: World, transport: TellingTransport) -> None:
    transport.mute = True
    transport.plan(ONE, failing(CUT, after=2))
    world.run()
    assert world.tree() == home(ONE, TWO)


def test_another_source_that_cannot_be_made_costs_nothing(world: World, transport: TellingTransport) -> None:
    world.manifest = lambda plain: evolve(plain, transports=("fake", "blocked"))
    transport.plan(ONE, failing(CUT, after=2))
    world.run()
    assert transport.asked == [ONE.uids[:2]]
    assert world.tree() == home(ONE, TWO)


def test_nobody_is_asked_where_the_user_wants_no_check(world: World, transport: TellingTransport) -> None:
    world.settings = evolve(world.settings, check=False)
    transport.plan(ONE, failing(CUT, after=2))
    world.run()
    assert transport.asked == []


def test_a_pause_ends_the_asking(world: World, transport: TellingTransport) -> None:
    watched = world.watched()
    transport.plan(ONE, failing(CUT, after=2), stalling(watched.session.cancel, after=1))
    watched.session.prepare()
    watched.session.run()
    assert transport.asked == []
    world.run()
    assert world.tree() == home(ONE, TWO)


def test_an_archive_without_lists_is_not_asked(world: World, transport: TellingTransport) -> None:
    transport.plan(ONE, failing(CUT, after=2), sending(ONE.image(3)))
    world.run()
    assert transport.asked == []
