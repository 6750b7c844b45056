"""The growing whole of a series: what is taken in, what is refused, when it is whole, and its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cartload import assembly as assemblies
from cartload.assembly import Assembly, Part
from cartload.errors import DamagedError, NamingError
from cartload.model import ImageHeader, MemberKind, SeriesUID, SOPInstanceUID
from cartload.paths import collision_key
from engine_world import FakeNaming
from fake_archive import Scan, a_scan, md5

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.model import SeriesRecord


def an_assembly(scan: Scan, *, annotations: bool = True) -> Assembly:
    made = Assembly(scan.record, annotations=annotations)
    made.begin("nbia")
    return made


def header_of(scan: Scan, number: int) -> ImageHeader:
    return ImageHeader(scan.uids[number - 1], scan.uid, {"InstanceNumber": str(number)})


def image_of(scan: Scan, number: int, *, name: str = "", digest: str = "") -> Part:
    content = scan.images[scan.uids[number - 1]]
    return Part(
        number,
        name or f"i{number}.dcm",
        len(content),
        digest or md5(content),
        MemberKind.IMAGE,
        header_of(scan, number),
    )


def annotation_of(name: str, content: bytes = b"<a/>", number: int = 90) -> Part:
    return Part(number, name, len(content), md5(content), MemberKind.ANNOTATION)


def take(assembly: Assembly, part: Part, announced: SOPInstanceUID | None = None) -> bool:
    assert part.header is not None
    return assembly.add_image(part, part.header, announced)


def take_all(assembly: Assembly, scan: Scan) -> None:
    for number in range(1, len(scan.images) + 1):
        take(assembly, image_of(scan, number))


def sums_of(scan: Scan, *numbers: int) -> bytes:
    rows = [f"i{number}.dcm,{md5(scan.images[scan.uids[number - 1]])}" for number in numbers]
    return "\n".join(["Filename,MD5Hash", *rows]).encode()


def demand(assembly: Assembly) -> Sequence[Part]:
    damaged = assembly.judge()
    assembly.demand_whole(damaged)
    return damaged


def test_a_series_with_all_that_was_announced_is_whole() -> None:
    scan = a_scan(annotations={"a.xml": b"<a/>"})
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    assembly.add_annotation(annotation_of("a.xml"))
    assembly.add_sums(sums_of(scan, 1, 2, 3))
    assert demand(assembly) == []
    assert assembly.held == set(scan.uids)
    assert (assembly.images, assembly.size) == (3, scan.size)


def test_room_is_what_was_announced_and_a_little_less_what_is_here() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    before = assembly.room
    part = image_of(scan, 1)
    take(assembly, part)
    assert assembly.room == before - part.size >= 0


def test_an_image_that_comes_twice_is_taken_once() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    assert take(assembly, image_of(scan, 1))
    assert not take(assembly, image_of(scan, 1))
    assert assembly.images == 1


def test_two_different_images_of_one_identity_are_refused() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take(assembly, image_of(scan, 1))
    with pytest.raises(DamagedError, match="two different images as"):
        take(assembly, image_of(scan, 1, digest="0" * 32))


def test_an_image_of_another_series_is_refused() -> None:
    assembly = an_assembly(a_scan(1))
    with pytest.raises(DamagedError, match="another series"):
        take(assembly, image_of(a_scan(2), 1))
    assert assembly.images == 0


def test_an_image_that_is_not_the_one_announced_is_refused() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    with pytest.raises(DamagedError, match="calls itself"):
        take(assembly, image_of(scan, 1), scan.uids[1])
    assert take(assembly, image_of(scan, 1), scan.uids[0])


def test_more_images_than_announced_are_refused() -> None:
    scan = a_scan()
    assembly = Assembly(evolve(scan.record, image_count=2), annotations=True)
    take(assembly, image_of(scan, 1))
    take(assembly, image_of(scan, 2))
    with pytest.raises(DamagedError, match="more than the 2 images"):
        take(assembly, image_of(scan, 3))


def test_an_image_with_another_digest_than_the_list_says_is_taken_out() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    altered = image_of(scan, 2, digest="f" * 32)
    take(assembly, image_of(scan, 1))
    take(assembly, altered)
    take(assembly, image_of(scan, 3))
    assembly.add_sums(sums_of(scan, 1, 2, 3))
    damaged = assembly.judge()
    assert damaged == [altered]
    assert assembly.held == {scan.uids[0], scan.uids[2]}
    with pytest.raises(DamagedError, match=f"i2.dcm has the MD5 {'f' * 32}, the archive says") as caught:
        assembly.demand_whole(damaged)
    assert caught.value.advice == "2 verified images are kept."
    assert caught.value.retryable


def test_of_many_damaged_images_three_are_named_and_all_counted() -> None:
    scan = a_scan(images=5)
    assembly = an_assembly(scan)
    for number in range(1, 6):
        take(assembly, image_of(scan, number, digest=str(number) * 32))
    assembly.add_sums(sums_of(scan, 1, 2, 3, 4, 5))
    damaged = assembly.judge()
    with pytest.raises(DamagedError, match="5 images differ from the archive's MD5 list") as caught:
        assembly.demand_whole(damaged)
    assert caught.value.what.count("has the MD5") == 3


def test_missing_images_are_counted() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take(assembly, image_of(scan, 1))
    with pytest.raises(DamagedError, match="1 of the 3 images that were announced are here"):
        demand(assembly)


def test_an_image_that_only_the_list_knows_is_missing() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    assembly.add_sums(sums_of(scan, 1, 2, 3) + b"\ni4.dcm," + b"0" * 32)
    with pytest.raises(DamagedError, match="1 images of the archive's MD5 list are missing"):
        demand(assembly)


def test_a_list_counts_for_the_answer_it_came_in_and_not_for_ever() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    assembly.add_sums(b"i4.dcm," + b"0" * 32)
    with pytest.raises(DamagedError):
        demand(assembly)
    assembly.begin("nbia")
    assembly.add_sums(sums_of(scan, 1, 2, 3))
    assert demand(assembly) == []


@pytest.mark.parametrize("row", [b"i2.dcm,null", b"i2.dcm", b"i2.dcm,x,y", b"", b"i2.dcm,0123"])
def test_a_row_without_a_digest_says_nothing(row: bytes) -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    assembly.add_sums(sums_of(scan, 1) + b"\n" + row)
    assert demand(assembly) == []


def test_digests_are_compared_without_case_and_blanks() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    assembly.add_sums(b" i1.dcm , " + image_of(scan, 1).md5.upper().encode() + b" \r\n")
    assert demand(assembly) == []


def test_a_list_that_cannot_be_read_is_damaged() -> None:
    assembly = an_assembly(a_scan())
    with pytest.raises(DamagedError, match="MD5 list cannot be read"):
        assembly.add_sums(b"x" * 200_000)


def test_the_list_of_one_source_says_nothing_of_images_that_another_calls_the_same() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take(assembly, image_of(scan, 1, name="1.dcm"))
    take(assembly, image_of(scan, 2, name="2.dcm"))
    assembly.begin("rest")
    take(assembly, image_of(scan, 3, name="1.dcm"))
    assembly.add_sums(b"1.dcm," + image_of(scan, 3).md5.encode())
    assert demand(assembly) == []


def test_a_series_may_come_from_two_sources_with_a_list_of_each() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take(assembly, image_of(scan, 1))
    take(assembly, image_of(scan, 2))
    take(assembly, image_of(scan, 3, digest="0" * 32))
    assembly.add_sums(sums_of(scan, 1, 2, 3))
    assert [part.number for part in assembly.judge()] == [3]
    assembly.begin("rest")
    rows = []
    for number in (1, 2, 3):
        part = image_of(scan, number, name=f"0000000{number}.dcm")
        assert take(assembly, part) == (number == 3)
        rows.append(f"{part.name},{part.md5}")
    assembly.add_sums("\n".join(rows).encode())
    assert demand(assembly) == []
    assert assembly.images == 3


def test_the_list_of_a_second_source_verifies_what_the_first_sent_without_one() -> None:
    scan = a_scan()
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    assembly.begin("rest")
    take(assembly, image_of(scan, 2, name="b.dcm"))
    assembly.add_sums(b"b.dcm," + b"0" * 32)
    assert [part.number for part in assembly.judge()] == [2]


def test_images_of_another_size_than_announced_are_told() -> None:
    scan = a_scan()
    assembly = Assembly(evolve(scan.record, image_bytes=7), annotations=True)
    take_all(assembly, scan)
    with pytest.raises(DamagedError, match="bytes, 7 were announced"):
        demand(assembly)


def test_sizes_that_the_archive_did_not_announce_are_not_compared() -> None:
    scan = a_scan(annotations={"a.xml": b"<a/>"})
    assembly = Assembly(evolve(scan.record, image_bytes=0, annotation_bytes=0), annotations=True)
    take_all(assembly, scan)
    assert demand(assembly) == []


def test_missing_annotations_are_told() -> None:
    scan = a_scan(annotations={"a.xml": b"<a/>"})
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    with pytest.raises(DamagedError, match="the annotations have 0 bytes, 4 were announced"):
        demand(assembly)


def test_annotations_that_are_not_wanted_are_not_missed() -> None:
    scan = a_scan(annotations={"a.xml": b"<a/>"})
    assembly = an_assembly(scan, annotations=False)
    take_all(assembly, scan)
    assert demand(assembly) == []


def test_an_annotation_that_comes_again_replaces_the_earlier_one() -> None:
    assembly = an_assembly(a_scan(annotations={"a.xml": b"<a/>"}))
    first, second = annotation_of("a.xml", number=1), annotation_of("a.xml", b"<b/>!", number=2)
    assert assembly.add_annotation(first) is None
    assert assembly.add_annotation(second) == first
    assert assembly.size == second.size


def test_annotations_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemblies, "MOST_ANNOTATIONS", 1)
    assembly = an_assembly(a_scan(annotations={"a.xml": b"<a/>"}))
    assembly.add_annotation(annotation_of("a.xml"))
    with pytest.raises(DamagedError, match="without end"):
        assembly.add_annotation(annotation_of("b.xml"))


def test_images_are_named_by_the_naming_and_annotations_by_the_server() -> None:
    scan = a_scan(annotations={"a.xml": b"<a/>"})
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    assembly.add_annotation(annotation_of("../b:?.xml"))
    named = {named.part.number: named.name for named in assembly.name(FakeNaming())}
    assert named == {1: "001.dcm", 2: "002.dcm", 3: "003.dcm", 90: "_._b__.xml"}


def test_annotations_that_would_share_a_name_are_told_apart() -> None:
    scan = a_scan(images=1)
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    for name in ("001.dcm", "A?.xml", "a*.xml", "a_", "A/"):
        assembly.add_annotation(annotation_of(name))
    names = sorted(named.name for named in assembly.name(FakeNaming()))
    assert names == ["001-2.dcm", "001.dcm", "A_", "A_.xml", "a_-2", "a_-2.xml"]


@given(st.lists(st.text(max_size=12), unique=True, max_size=30))
def test_whatever_annotations_are_called_no_two_files_share_a_name(names: list[str]) -> None:
    scan = a_scan(images=2)
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    for name in names:
        assembly.add_annotation(annotation_of(name))
    keys = [collision_key(named.name) for named in assembly.name(FakeNaming())]
    assert len(keys) == len(set(keys)) == len(names) + 2


class GivenNames(FakeNaming):
    """Names images as it is told."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = names

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        del series, images
        return self.names


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        (("a.dcm",), "gave 1 names for 2 images"),
        (("a.dcm", "A.dcm"), "two images have it"),
        (("../a.dcm", "b.dcm"), "would be safe"),
        (("a/b.dcm", "b.dcm"), "would be safe"),
        (("", "b.dcm"), "would be safe"),
        ((".000002", "b.dcm"), "would be safe"),
    ],
)
def test_names_that_would_lose_an_image_or_lead_elsewhere_are_refused(
    names: tuple[str, ...], fault: str
) -> None:
    scan = a_scan(images=2)
    assembly = an_assembly(scan)
    take_all(assembly, scan)
    with pytest.raises(NamingError, match=fault):
        assembly.name(GivenNames(*names))


def test_only_images_have_an_identity() -> None:
    assert annotation_of("a.xml").sop_uid is None
    assert image_of(a_scan(), 1).sop_uid == SOPInstanceUID("1.2.3.1.1")


@given(st.permutations([1, 2, 3, 4]))
def test_a_series_is_the_same_whole_in_whatever_order_its_images_come(order: list[int]) -> None:
    scan = a_scan(images=4)
    assembly = an_assembly(scan)
    for number in order:
        take(assembly, image_of(scan, number))
    assert demand(assembly) == []
    assert {named.part.number: named.name for named in assembly.name(FakeNaming())} == {
        number: f"{number:03}.dcm" for number in order
    }


def test_the_series_uid_of_a_record_is_what_its_images_must_carry() -> None:
    scan = a_scan()
    other = Assembly(evolve(scan.record, series_uid=SeriesUID("1.9")), annotations=True)
    with pytest.raises(DamagedError):
        take(other, image_of(scan, 1))


# --- what came in answers that were cut


def cut_and_gone_on_with(scan: Scan, *, check: bool = True, digest: str = "") -> Assembly:
    """Have the first image come in an answer that was cut, the others in one with a list of them."""
    assembly = Assembly(scan.record, annotations=False, check=check)
    assembly.begin("nbia")
    take(assembly, image_of(scan, 1, digest=digest))
    assembly.begin("nbia")
    for number in (2, 3):
        take(assembly, image_of(scan, number))
    assembly.add_sums(sums_of(scan, 2, 3))
    return assembly


def test_an_image_of_an_answer_that_was_cut_is_not_confirmed_until_the_archive_tells_its_digest() -> None:
    scan = a_scan()
    assembly = cut_and_gone_on_with(scan)
    assert assembly.unconfirmed == [scan.uids[0]]
    assembly.confirm(scan.uids[0], md5(scan.images[scan.uids[0]]).upper())
    assert assembly.unconfirmed == []
    assert demand(assembly) == []


def test_an_image_whose_digest_is_another_is_taken_out() -> None:
    scan = a_scan()
    assembly = cut_and_gone_on_with(scan, digest="0" * 32)
    assembly.confirm(scan.uids[0], md5(scan.images[scan.uids[0]]))
    assert [part.number for part in assembly.judge()] == [1]


def test_nothing_needs_to_be_confirmed_where_nobody_asked_for_that() -> None:
    assert cut_and_gone_on_with(a_scan(), check=False).unconfirmed == ()


def test_nothing_needs_to_be_confirmed_where_the_archive_sends_no_list() -> None:
    scan = a_scan()
    assembly = an_assembly(scan, annotations=False)
    take_all(assembly, scan)
    assert assembly.unconfirmed == ()


def test_all_needs_to_be_confirmed_where_nothing_had_to_come_any_more() -> None:
    scan = a_scan()
    assembly = an_assembly(scan, annotations=False)
    take_all(assembly, scan)
    assembly.begin("nbia")
    assert set(assembly.unconfirmed) == set(scan.uids)


def test_where_the_sizes_do_not_add_up_what_no_digest_speaks_for_is_taken_out() -> None:
    scan = a_scan()
    assembly = Assembly(scan.record, annotations=False)
    assembly.begin("nbia")
    take(assembly, evolve(image_of(scan, 1), size=7))
    assembly.begin("nbia")
    for number in (2, 3):
        take(assembly, image_of(scan, number))
    assembly.add_sums(sums_of(scan, 2, 3))
    with pytest.raises(DamagedError, match="the sizes do not add up, and some images came in an answer"):
        demand(assembly)
    assert assembly.held == set(scan.uids[1:])


def test_while_images_lack_the_sizes_say_nothing_of_those_that_are_here() -> None:
    scan = a_scan()
    assembly = Assembly(scan.record, annotations=False)
    assembly.begin("nbia")
    take(assembly, image_of(scan, 1))
    assembly.begin("nbia")
    with pytest.raises(DamagedError, match="1 of the 3 images that were announced are here"):
        demand(assembly)
    assert assembly.held == {scan.uids[0]}


def test_what_is_wrong_for_the_second_time_in_the_same_way_is_not_worth_a_third() -> None:
    scan = a_scan()
    assembly = an_assembly(scan, annotations=False)
    retryable = []
    for digest in ("0" * 32, "1" * 32, "1" * 32):
        assembly.begin("nbia")
        for number in (2, 3):
            take(assembly, image_of(scan, number))
        take(assembly, image_of(scan, 1, digest=digest))
        assembly.add_sums(sums_of(scan, 1, 2, 3))
        with pytest.raises(DamagedError, match=f"has the MD5 {digest}, the archive says ") as caught:
            demand(assembly)
        retryable.append(caught.value.retryable)
    assert retryable == [True, True, False]


def test_annotations_of_an_earlier_answer_make_room_for_those_of_the_next() -> None:
    scan = a_scan(annotations={"a.xml": b"<a/>"})
    assembly = an_assembly(scan)
    damaged = annotation_of("a.xm\x00")
    assembly.add_annotation(damaged)
    size = assembly.size
    assert assembly.begin("nbia") == [damaged]
    assert assembly.size == size - damaged.size
    take_all(assembly, scan)
    assembly.add_annotation(annotation_of("a.xml", number=91))
    assert demand(assembly) == []
