"""One series on its way: what is received, refused, kept for the next attempt, and staged under its names."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from cartload import assembly as assemblies
from cartload import retrieval as retrievals
from cartload.assembly import Assembly
from cartload.errors import CartloadError, DamagedError, StoppedError, TransportError
from cartload.headers import HEAD_BYTES
from cartload.model import Member, MemberKind
from cartload.retrieval import Retrieval
from cartload.staging import StagingArea
from cartload.workers import StopSignal
from engine_world import FakeNaming
from fake_archive import (
    FakeTransport,
    Play,
    Scan,
    a_scan,
    annotation,
    chunks,
    failing,
    honestly,
    meanwhile,
    sending,
    sums_member,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path, PurePosixPath

    from cartload.model import SeriesRecord, SOPInstanceUID
    from cartload.ports import StagedSeries, Stop

XML = {"a.xml": b"<a/>"}


class Attempt:
    """A retrieval of one scan, and an archive that plays."""

    def __init__(self, folder: Path, scan: Scan, *, annotations: bool = True) -> None:
        self.scan = scan
        self.transport = FakeTransport.of(scan)
        self.area = StagingArea(folder / "area", HEAD_BYTES, scan.record.series_uid)
        assembly = Assembly(scan.record, annotations=annotations)
        self.retrieval = Retrieval(assembly, self.area, annotations)

    def fetch(self, play: Play = honestly, stop: StopSignal | None = None) -> None:
        self.transport.plan(self.scan, play)
        self.retrieval.fetch(self.transport, "fake", FakeNaming(), stop or StopSignal())

    def stage(self) -> StagedSeries:
        self.retrieval.verify()
        return self.retrieval.stage(FakeNaming(), _directory(), frozenset({"old.dcm"}))

    def files(self) -> list[bytes]:
        return sorted(path.read_bytes() for path in self.area.folder.iterdir())


def _directory() -> PurePosixPath:
    return FakeNaming().directory(a_scan().record)


@pytest.fixture
def attempt(tmp_path: Path) -> Iterator[Callable[..., Attempt]]:
    made: list[Attempt] = []

    def make(scan: Scan | None = None, *, annotations: bool = True) -> Attempt:
        made.append(Attempt(tmp_path, scan or a_scan(annotations=XML), annotations=annotations))
        return made[-1]

    yield make
    for each in made:
        each.area.discard()


def test_a_series_is_received_verified_and_staged_under_its_names(attempt: Callable[..., Attempt]) -> None:
    made = attempt()
    made.fetch()
    staged = made.stage()
    assert {file.name: file.path.read_bytes() for file in staged.files} == made.scan.files
    assert {path.name for path in staged.folder.iterdir()} == set(made.scan.files)
    assert staged.replaces == {"old.dcm"}
    assert staged.directory == _directory()
    assert [file.sop_uid for file in staged.files if file.kind is MemberKind.IMAGE] == list(made.scan.uids)


def test_the_meter_counts_what_is_here_and_all_that_ever_came(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    made.fetch(sending(made.scan.image(1), made.scan.image(1), made.scan.image(2)))
    meter = made.retrieval.meter
    sizes = [len(image) for image in made.scan.images.values()]
    assert (meter.images, meter.bytes, meter.total) == (2, sizes[0] + sizes[1], 2 * sizes[0] + sizes[1])


def test_an_image_that_comes_twice_is_kept_once(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    made.fetch(sending(*(made.scan.image(number) for number in (1, 2, 2, 3, 1))))
    assert made.files() == sorted(made.scan.images.values())
    assert made.stage().files


def test_what_was_received_before_a_fault_is_not_asked_for_again(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    with pytest.raises(TransportError, match="cut"):
        made.fetch(failing(TransportError("cut"), after=2))
    made.fetch()
    assert made.transport.held(made.scan) == [set(), set(made.scan.uids[:2])]
    assert made.stage().files


def test_the_archives_stream_is_closed_however_it_ends(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    stop = StopSignal()
    with pytest.raises(StoppedError):
        made.fetch(meanwhile(stop.request, after=1), stop)
    with pytest.raises(DamagedError):
        made.fetch(sending(made.scan.altered(2), made.scan.image(2)))
    made.fetch()
    assert made.transport.closed == 3


class PlainIterator:
    """Members without a way to close them, as a plugin may give."""

    def __init__(self, *members: Member) -> None:
        self._members = iter(members)

    def __iter__(self) -> PlainIterator:
        return self

    def __next__(self) -> Member:
        return next(self._members)


class PlainTransport(FakeTransport):
    """Gives members by an iterator that is no generator."""

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        del held, stop
        scan = self.scans[series.series_uid]
        return PlainIterator(*(scan.image(number) for number in (1, 2, 3)))


def test_members_may_come_from_any_iterator(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    made.transport = PlainTransport.of(made.scan)
    made.fetch()
    assert made.stage().files


def test_a_stop_ends_the_retrieval_after_the_chunk_that_is_coming(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    stop = StopSignal()
    with pytest.raises(StoppedError):
        made.fetch(meanwhile(stop.request, after=1), stop)
    assert made.retrieval.assembly.images == 1


def test_an_altered_image_is_deleted_and_only_it_is_fetched_again(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    scan = made.scan
    made.fetch(sending(scan.image(1), scan.altered(2), scan.image(3), scan.sums()))
    with pytest.raises(DamagedError, match="MD5"):
        made.stage()
    assert made.files() == sorted((scan.images[scan.uids[0]], scan.images[scan.uids[2]]))
    assert made.retrieval.meter.images == 2
    made.fetch()
    assert made.transport.held(scan)[1] == {scan.uids[0], scan.uids[2]}
    assert made.stage().files


def test_an_image_that_is_shorter_than_announced_is_refused(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    short = Member("i1.dcm", MemberKind.IMAGE, chunks(b"x" * 9), 10)
    with pytest.raises(DamagedError, match="9 of 10 bytes arrived"):
        made.fetch(sending(short))
    assert made.files() == []
    assert made.retrieval.meter.bytes == 0


def test_an_image_that_is_longer_than_announced_is_refused(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    long = Member("i1.dcm", MemberKind.IMAGE, chunks(b"x" * 11), 10)
    with pytest.raises(DamagedError, match="larger than the 10 bytes"):
        made.fetch(sending(long))
    assert made.files() == []


def test_a_member_without_end_is_cut_off_where_the_series_is_full(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    piece = b"x" * (1 << 18)

    def endless() -> Iterator[bytes]:
        while True:
            yield piece

    with pytest.raises(DamagedError, match="larger than"):
        made.fetch(sending(Member("i1.dcm", MemberKind.IMAGE, endless())))
    assert made.files() == []
    assert made.retrieval.meter.total < 8 * len(piece)


def test_what_is_no_image_is_deleted(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    with pytest.raises(DamagedError, match="not a DICOM file"):
        made.fetch(sending(Member("i1.dcm", MemberKind.IMAGE, chunks(b"<html>" * 40))))
    assert made.files() == []


def test_an_image_whose_header_cannot_be_opened_leaves_no_file_behind(
    attempt: Callable[..., Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = attempt(a_scan())

    def fail(*_: object) -> None:
        raise OSError("no more open files")

    with monkeypatch.context() as patch:
        patch.setattr(retrievals, "read_header", fail)
        with pytest.raises(OSError, match="no more open files"):
            made.fetch()
    assert made.files() == []
    made.fetch()
    assert {path.name for path in made.stage().folder.iterdir()} == set(made.scan.files)


def test_annotations_that_are_not_wanted_are_read_and_dropped(attempt: Callable[..., Attempt]) -> None:
    made = attempt(annotations=False)
    made.fetch()
    assert {file.name for file in made.stage().files} == {"001.dcm", "002.dcm", "003.dcm"}


def test_an_annotation_that_comes_with_every_attempt_is_kept_once(attempt: Callable[..., Attempt]) -> None:
    made = attempt()
    made.fetch()
    made.fetch()
    assert made.retrieval.meter.bytes == made.scan.size
    assert {path.name for path in made.stage().folder.iterdir()} == set(made.scan.files)


def test_annotations_without_end_leave_no_file_behind(
    attempt: Callable[..., Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assemblies, "MOST_ANNOTATIONS", 1)
    made = attempt()
    with pytest.raises(DamagedError, match="without end"):
        made.fetch(sending(annotation("a.xml", b"<a/>"), annotation("b.xml", b"<b/>")))
    assert made.files() == [b"<a/>"]


def test_a_licence_text_is_read_and_belongs_to_nothing(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    text = Member("LICENSE", MemberKind.LICENSE, chunks(b"CC BY 4.0"))
    made.fetch(sending(text, *(made.scan.image(number) for number in (1, 2, 3))))
    assert {file.name for file in made.stage().files} == set(made.scan.files)


@pytest.mark.parametrize("kind", [MemberKind.CHECKSUMS, MemberKind.LICENSE])
def test_a_list_without_end_is_refused(
    attempt: Callable[..., Attempt], monkeypatch: pytest.MonkeyPatch, kind: MemberKind
) -> None:
    monkeypatch.setattr(retrievals, "MOST_LIST_BYTES", 100)
    made = attempt(a_scan())
    with pytest.raises(DamagedError, match="larger than any such list"):
        made.fetch(sending(Member("md5hashes.csv", kind, chunks(b"x" * 101))))


def test_a_list_of_sums_may_come_before_the_images(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    scan = made.scan
    made.fetch(sending(scan.sums(), scan.image(1), scan.altered(2), scan.image(3)))
    with pytest.raises(DamagedError, match=r"i2\.dcm has the MD5"):
        made.stage()


def test_a_list_that_names_more_than_came_makes_the_series_incomplete(
    attempt: Callable[..., Attempt],
) -> None:
    made = attempt(a_scan())
    made.fetch(sending(*(made.scan.image(number) for number in (1, 2, 3)), sums_member({"i4.dcm": "0" * 32})))
    with pytest.raises(CartloadError, match="MD5 list are missing"):
        made.stage()


def test_a_content_that_fails_midway_leaves_no_file_behind(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())

    def torn() -> Iterator[bytes]:
        yield b"DICM"
        raise ConnectionResetError("reset by peer")

    with pytest.raises(ConnectionResetError):
        made.fetch(sending(made.scan.image(1), Member("i2.dcm", MemberKind.IMAGE, torn())))
    assert made.files() == [made.scan.images[made.scan.uids[0]]]


def test_many_series_may_wait_half_received_without_an_open_folder_each(
    attempt: Callable[..., Attempt],
) -> None:
    made = attempt(a_scan())
    with made.area.at_work(), pytest.raises(TransportError):
        made.fetch(failing(TransportError("cut"), after=1))
    assert made.area._files._descriptor is None  # white-box: what a waiting series must not hold
    with made.area.at_work():
        made.fetch()
        assert made.stage().files


def test_the_meter_may_be_read_while_another_thread_receives(attempt: Callable[..., Attempt]) -> None:
    made = attempt(a_scan())
    halfway, seen = threading.Event(), threading.Event()

    def look() -> None:
        halfway.set()
        assert seen.wait(60)

    worker = threading.Thread(target=made.fetch, args=(meanwhile(look, after=2),))
    worker.start()
    assert halfway.wait(60)
    assert made.retrieval.meter.images == 2
    seen.set()
    worker.join()
    assert made.retrieval.meter.images == 3


def test_an_annotation_that_comes_twice_in_one_answer_is_kept_once(attempt: Callable[..., Attempt]) -> None:
    made = attempt()
    again = [annotation("a.xml", content) for content in (b"<a>old</a>", b"<a/>")]
    made.fetch(sending(*again, *(made.scan.image(number) for number in (1, 2, 3))))
    assert made.retrieval.meter.bytes == made.scan.size
    assert made.files() == sorted(made.scan.files.values())
