"""A repair: exactly the suspects come again, where they were, as they were, and of them only what is bad."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, mutable

from cartload.assembly import Assembly
from cartload.copies import EarlierCopy
from cartload.errors import StoppedError, TransportError
from cartload.events import BytesReceived
from cartload.headers import HEAD_BYTES
from cartload.journal import Intended, replay, to_line
from cartload.model import ImageHeader, SOPInstanceUID
from cartload.progress import Verdict
from cartload.repair import Repair
from cartload.retrieval import Retrieval
from cartload.session import Session
from cartload.settings import Existing
from cartload.staging import CartFolder, StagingArea
from engine_world import AT_ONCE, FROZEN_CLOCK, Watched, World, answering
from fake_archive import Fetching, Scan, a_scan, failing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cartload.model import Member, SeriesRecord
    from cartload.ports import StoredSeries
    from cartload.settings import Settings

XML = {"a.xml": b"<a/>"}
ONE, TWO, THREE = a_scan(1, images=4), a_scan(2), a_scan(3, annotations=XML)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Bring three series home."""
    made = World.of(tmp_path, ONE, TWO, THREE)
    made.run()
    made.transport.described.clear()
    made.transport.fetches.clear()
    made.transport.sent.clear()
    return made


def repairing(
    world: World, *scans: Scan, annotations: bool = False, settings: Settings | None = None
) -> Watched:
    """Make a session that repairs these series."""
    repair = Repair(world.source, world.root, frozenset(scan.uid for scan in scans), annotations)
    session = Session(
        world.source,
        world.directory / "elsewhere",
        settings or world.settings,
        world.registry(),
        clock=FROZEN_CLOCK,
        retry=AT_ONCE,
        repair=repair,
    )
    watched = Watched.of(session)
    session.subscribe(answering(session))
    return watched


def repaired(
    world: World, *scans: Scan, annotations: bool = False, settings: Settings | None = None
) -> Watched:
    with repairing(world, *scans, annotations=annotations, settings=settings) as watched:
        watched.session.prepare()
        assert watched.session.run().verdict is Verdict.COMPLETE
    return watched


def place(world: World, name: str, scan: Scan = ONE) -> Path:
    return world.root / "Kidney" / scan.uid / name


def recorded(world: World, scan: Scan) -> StoredSeries:
    """Give what the journal says of a series."""
    journals = CartFolder(world.root).journals()
    stored = replay(journals.lines(), journals.read).recorded(scan.uid)
    journals.close()
    assert stored is not None
    return stored


def header(scan: Scan, number: int) -> ImageHeader:
    return ImageHeader(scan.uids[number - 1], scan.uid, {"InstanceNumber": str(number)})


@mutable
class StopAfter:
    """A stop that is requested once it was asked for so many times."""

    left: int

    @property
    def requested(self) -> bool:
        self.left -= 1
        return self.left < 0

    def closing(self, close: Callable[[], object]) -> AbstractContextManager[None]:
        del close
        return nullcontext()


def flip(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")


def test_only_the_suspects_are_described_and_fetched(world: World) -> None:
    flip(place(world, "002.dcm"))
    repaired(world, ONE)
    assert world.transport.described == [(ONE.uid,)]
    assert [uid for uid, _ in world.transport.fetches] == [ONE.uid]


def test_only_the_damaged_image_is_sent_again(world: World) -> None:
    before = world.tree()
    flip(place(world, "002.dcm"))
    repaired(world, ONE)
    assert world.transport.held(ONE) == [{uid for uid in ONE.uids if uid != ONE.uids[1]}]
    assert world.tree() == before
    assert world.staged() == []


def test_what_is_still_good_does_not_count_as_downloaded(world: World) -> None:
    place(world, "002.dcm").unlink()
    watched = repaired(world, ONE)
    size = len(ONE.images[ONE.uids[1]])
    assert watched.heard(BytesReceived)[-1].total == size
    assert watched.session.report().fetched_bytes == size


def test_a_series_that_is_gone_comes_back_to_where_it_was_whatever_the_naming_says(world: World) -> None:
    before = world.tree()
    for path in place(world, "x").parent.iterdir():
        path.unlink()
    place(world, "x").parent.rmdir()
    world.naming.root = "Liver"
    repaired(world, ONE)
    assert world.transport.held(ONE) == [set()]
    assert world.tree() == before


def test_files_keep_their_names_whatever_the_naming_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.tree()

    def other_names(_: object, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series
        return [f"{image.sop_uid}.dcm" for image in images]

    monkeypatch.setattr(type(world.naming), "file_names", other_names)
    place(world, "002.dcm").unlink()
    repaired(world, ONE)
    assert world.tree() == before


def test_a_foreign_file_stays(world: World) -> None:
    place(world, "notes.txt").write_text("mine")
    flip(place(world, "002.dcm"))
    repaired(world, ONE)
    assert place(world, "notes.txt").read_text() == "mine"


def test_a_series_with_annotations_gets_them_whatever_the_settings_say(world: World) -> None:
    before = world.tree()
    place(world, "a.xml", THREE).unlink()
    repaired(world, THREE, annotations=True, settings=evolve(world.settings, annotations=False))
    assert world.tree() == before


def test_a_series_without_annotations_gets_none(world: World) -> None:
    place(world, "a.xml", THREE).unlink()
    flip(place(world, "002.dcm", THREE))
    repaired(world, THREE, annotations=False)
    assert not place(world, "a.xml", THREE).exists()


def test_what_is_there_is_never_fetched_for_a_repair_whatever_the_settings_say(world: World) -> None:
    repair = Repair(world.source, world.root, frozenset(), annotations=True)
    settings = repair.settings(evolve(world.settings, existing=Existing.ALL))
    assert (settings.existing, settings.annotations) == (Existing.MISSING, True)


def test_a_whole_list_of_digests_fits_what_never_came(world: World) -> None:
    def listing_all(fetching: Fetching) -> Iterator[Member]:
        yield fetching.scan.image(2)
        yield fetching.scan.sums()

    flip(place(world, "002.dcm"))
    world.transport.plan(ONE, listing_all)
    repaired(world, ONE)
    assert len(world.transport.fetches) == 1


def test_a_list_that_names_another_image_is_not_believed(world: World) -> None:
    other = a_scan(1, images=5)

    def listing_more(fetching: Fetching) -> Iterator[Member]:
        yield fetching.scan.image(2)
        yield other.sums()

    flip(place(world, "002.dcm"))
    world.transport.plan(ONE, *[listing_more] * 2)
    with repairing(world, ONE) as watched:
        watched.session.prepare()
        (shortfall,) = watched.session.run().shortfalls
    assert "1 images of the archive's MD5 list are missing" in shortfall.reason


def test_a_series_that_is_another_by_now_comes_whole(world: World) -> None:
    grown = a_scan(1, images=5)
    world.transport.scans[ONE.uid] = grown
    flip(place(world, "002.dcm"))
    repaired(world, ONE)
    assert world.transport.held(ONE) == [set()]
    assert {name: place(world, name).read_bytes() for name in grown.files} == grown.files


def test_the_naming_names_all_images_where_one_is_new_and_decides_on_all_else(world: World) -> None:
    stored = recorded(world, ONE)
    renamed = evolve(stored, files=tuple(evolve(file, name=f"x{file.name}") for file in stored.files))
    naming = EarlierCopy(world.root, renamed).naming(world.naming)
    images = [header(ONE, number) for number in range(1, 5)]
    assert naming.file_names(ONE.record, images) == ["x001.dcm", "x002.dcm", "x003.dcm", "x004.dcm"]
    assert naming.file_names(ONE.record, [header(TWO, 1), *images]) == [
        "001.dcm",
        "001.dcm",
        "002.dcm",
        "003.dcm",
        "004.dcm",
    ]
    assert naming.directory(ONE.record) == PurePosixPath("Kidney", ONE.uid)
    assert naming.attributes == world.naming.attributes


def test_an_image_that_the_header_does_not_fit_is_not_salvaged(world: World) -> None:
    stored = recorded(world, ONE)
    wrong = evolve(stored.files[0], sop_uid=SOPInstanceUID("1.9"))
    entry = Intended(evolve(stored, files=(wrong, *stored.files[1:])), "nbia", 1.0)
    (world.root / ".cartload" / "journal" / "99.jsonl").write_text(f"{to_line(entry)}\n")
    flip(place(world, "004.dcm"))
    repaired(world, ONE)
    assert world.transport.held(ONE) == [{ONE.uids[1], ONE.uids[2]}]


def test_a_file_that_has_grown_or_is_a_link_is_not_salvaged(world: World) -> None:
    before = world.tree()
    grown, linked = place(world, "001.dcm"), place(world, "002.dcm")
    grown.write_bytes(grown.read_bytes() * 2)
    linked.unlink()
    linked.symlink_to(place(world, "003.dcm"))
    repaired(world, ONE)
    assert world.transport.held(ONE) == [{ONE.uids[2], ONE.uids[3]}]
    assert world.tree() == before
    assert not linked.is_symlink()


def test_a_link_in_the_place_of_the_folder_is_told_and_not_touched(world: World) -> None:
    folder = place(world, "x").parent
    elsewhere = folder.rename(world.directory / "elsewhere")
    folder.symlink_to(elsewhere)
    with repairing(world, ONE) as watched:
        watched.session.prepare()
        (shortfall,) = watched.session.run().shortfalls
    assert "stands in the way" in shortfall.reason
    assert folder.is_symlink()
    assert world.transport.held(ONE)[0] == set()


def test_a_second_attempt_does_not_begin_afresh(world: World) -> None:
    def broken(fetching: Fetching) -> Iterator[Member]:
        yield fetching.scan.image(1)
        raise TransportError("the line broke.", retryable=True)

    for name in ("001.dcm", "002.dcm"):
        flip(place(world, name))
    world.transport.plan(ONE, broken)
    repaired(world, ONE)
    assert world.transport.held(ONE) == [{ONE.uids[2], ONE.uids[3]}, {ONE.uids[0], *ONE.uids[2:]}]
    assert world.transport.sent[ONE.uids[0]] == 1


def test_a_stop_while_it_salvages_keeps_what_it_has(world: World, tmp_path: Path) -> None:
    area = StagingArea(tmp_path / "area", HEAD_BYTES, ONE.record.series_uid)
    retrieval = Retrieval(
        Assembly(ONE.record, annotations=False),
        area,
        annotations=False,
        earlier=EarlierCopy(world.root, recorded(world, ONE)),
    )
    with pytest.raises(StoppedError):
        retrieval.fetch(world.transport, "fake", world.naming, StopAfter(1))
    assert retrieval.assembly.held == {ONE.uids[0], ONE.uids[1]}
    retrieval.fetch(world.transport, "fake", world.naming, StopAfter(100))
    assert world.transport.held(ONE) == [set(ONE.uids)]
    area.discard()


def test_a_repair_leaves_what_was_received_of_other_series(world: World) -> None:
    (world.root / "Kidney" / ONE.uid / "001.dcm").unlink()
    (world.root / "Kidney" / TWO.uid / "001.dcm").unlink()
    world.transport.plan(ONE, failing(TransportError("gone."), after=0))
    world.run()
    repaired(world, TWO)
    assert world.staged()
    world.run()
    assert world.staged() == []
    assert max(world.transport.sent.values()) == 1


def test_whoever_fetches_all_again_gets_all_again(world: World) -> None:
    world.settings = evolve(world.settings, existing=Existing.ALL)
    world.run()
    assert world.transport.held(ONE) == [set()]
