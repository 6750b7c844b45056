from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartload.errors import DamagedError
from cartload_plugins.transports.window import Bounds
from cartload_plugins.transports.zip import read_zip
from plugins.transports.streams import WIDE, contents, window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Files = list[tuple[str, bytes]]

STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED

names = st.text(
    st.characters(codec="utf-8", exclude_characters="\0/\\", exclude_categories=["Cs"]),
    min_size=1,
    max_size=30,
)
files = st.lists(st.tuples(names, st.binary(max_size=3000)), max_size=6, unique_by=lambda file: file[0])
reads = st.lists(st.integers(1, 3000), min_size=1, max_size=4)

SMALL: Files = [
    ("LICENSE", b"by" * 40),
    ("1-1.dcm", b"a" * 300),
    ("1-2.dcm", b""),
    ("md5hashes.csv", b"x,y\n"),
]


class OneWay(io.RawIOBase):
    """A target that cannot be gone back in, so that sizes are written behind each file."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # a buffer, as RawIOBase says
        self.written += piece
        return len(piece)


def packed(
    entries: Sequence[tuple[str, bytes]],
    method: int = DEFLATED,
    *,
    streamed: bool = False,
    large: bool = False,
    comment: bytes = b"",
) -> bytes:
    out: io.BytesIO | OneWay = OneWay() if streamed else io.BytesIO()
    with zipfile.ZipFile(cast("io.BytesIO", out), "w") as archive:
        archive.comment = comment
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=large) as member:
                member.write(content)
    return bytes(out.written) if isinstance(out, OneWay) else out.getvalue()


def read(data: bytes, bounds: Bounds = WIDE) -> Files:
    return contents(read_zip(window(data), bounds))


WAYS: dict[str, Callable[[Sequence[tuple[str, bytes]]], bytes]] = {
    "stored": partial(packed, method=STORED),
    "stored, large": partial(packed, method=STORED, large=True),
    "deflated": packed,
    "deflated, streamed": partial(packed, streamed=True),
    "deflated, large": partial(packed, large=True),
    "deflated, streamed, large": partial(packed, streamed=True, large=True),
}
every_way = pytest.mark.parametrize("way", list(WAYS.values()), ids=list(WAYS))


@given(files, st.sampled_from(list(WAYS.values())), reads)
def test_archives_are_read_as_they_were_written(
    entries: Files, way: Callable[[Files], bytes], sizes: list[int]
) -> None:
    assert contents(read_zip(window(way(entries), sizes), WIDE)) == entries


@every_way
def test_an_archive_cut_at_any_byte_is_refused(way: Callable[[Files], bytes]) -> None:
    whole = way(SMALL)
    assert read(whole) == SMALL
    for cut in range(len(whole)):
        with pytest.raises(DamagedError):
            read(whole[:cut])


@every_way
@settings(max_examples=150)
@given(st.data())
def test_a_flipped_bit_is_refused_or_changes_nothing_that_counts(
    way: Callable[[Files], bytes], data: st.DataObject
) -> None:
    whole = bytearray(way(SMALL))
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    try:
        found = read(bytes(whole))
    except DamagedError:
        return
    assert [content for _, content in found] == [content for _, content in SMALL]


@given(st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(DamagedError):
        read(b"PK\x03\x04" + data)


def test_what_is_no_archive_is_told_from_a_broken_one() -> None:
    with pytest.raises(DamagedError, match="not a ZIP archive"):
        read(b"<html>Server is down</html>")


def test_sizes_are_told_where_they_are_known_before() -> None:
    assert [entry.size for entry in read_zip(window(packed(SMALL)), WIDE)] == [80, 300, 0, 4]
    assert [entry.size for entry in read_zip(window(packed(SMALL, streamed=True)), WIDE)] == [None] * 4


@every_way
def test_content_that_is_not_read_is_skipped(way: Callable[[Files], bytes]) -> None:
    entries = read_zip(window(way(SMALL)), WIDE)
    assert [entry.name for entry in entries] == [name for name, _ in SMALL]


@every_way
def test_content_that_is_skipped_is_checked_all_the_same(way: Callable[[Files], bytes]) -> None:
    whole = way([("a", b"abcdefgh" * 2000)])
    damaged = whole[:60] + bytes([whole[60] ^ 1]) + whole[61:]
    with pytest.raises(DamagedError):
        list(read_zip(window(damaged), WIDE))


@every_way
def test_content_that_is_not_what_the_archive_says_never_comes_to_its_end(
    way: Callable[[Files], bytes],
) -> None:
    whole = way([("1-1.dcm", b"abcdefgh" * 2000), ("1-2.dcm", b"x")])
    damaged = whole[:60] + bytes([whole[60] ^ 1]) + whole[61:]
    entry = next(read_zip(window(damaged), WIDE))
    with pytest.raises(DamagedError):
        b"".join(bytes(chunk) for chunk in entry.content)


def test_a_comment_that_holds_another_end_is_refused() -> None:
    with pytest.raises(DamagedError, match="end record"):
        read(packed(SMALL, comment=b"PK\5\6" + bytes(18)))


def test_content_that_is_read_in_part_is_skipped() -> None:
    found = [
        len(next(iter(entry.content)))
        for entry in read_zip(window(packed([("a", bytes(900_000)), ("b", b"y")])), WIDE)
    ]
    assert found == [256 * 1024, 1]


def test_large_contents_come_in_bounded_pieces() -> None:
    content = b"".join(struct.pack("<I", number) for number in range(500_000))
    whole = packed([("a", content)], streamed=True)
    digest, largest = 0, 0
    for entry in read_zip(window(whole, size=256 * 1024), WIDE):
        for chunk in entry.content:
            digest, largest = zlib.crc32(chunk, digest), max(largest, len(chunk))
    assert digest == zlib.crc32(content)
    assert largest <= 256 * 1024


def test_an_archive_without_files_is_whole() -> None:
    assert read(packed([])) == []


def test_a_remark_at_the_end_is_passed_over() -> None:
    assert read(packed(SMALL, comment=b"made by hand")) == SMALL


@pytest.mark.parametrize("after", [b"\0", b"x", packed(SMALL)])
def test_nothing_may_follow_the_end(after: bytes) -> None:
    with pytest.raises(DamagedError, match="follows"):
        read(packed(SMALL) + after)


def test_more_than_65535_files_are_read() -> None:
    entries = [(f"{number}.dcm", b"") for number in range(66_000)]
    assert len(read(packed(entries, STORED))) == 66_000


def bounded(total: int) -> Bounds:
    return Bounds(total=total, count=9)


def test_a_file_larger_than_the_bounds_is_refused_before_it_comes() -> None:
    with pytest.raises(DamagedError, match="more bytes"):
        next(read_zip(window(packed([("a", bytes(2000))])), bounded(1999)))


def test_a_file_of_untold_length_stops_at_the_bounds() -> None:
    bomb = packed([("a", bytes(50_000_000))], streamed=True)
    come: list[int] = []
    entries = read_zip(window(bomb), bounded(1_000_000))
    with pytest.raises(DamagedError, match="more bytes"):
        come.extend(len(chunk) for entry in entries for chunk in entry.content)
    assert sum(come) <= 1_000_000


def test_more_files_than_the_bounds_are_refused() -> None:
    with pytest.raises(DamagedError, match="more files"):
        read(packed(SMALL), Bounds(total=1 << 20, count=3))


# --- forged by hand: one file "a" with the content "abc", stored -----------------------------------

CONTENT = b"abc"
CHECKSUM = zlib.crc32(CONTENT)


def local(
    *,
    flags: int = 0,
    method: int = 0,
    checksum: int = CHECKSUM,
    packed_size: int = 3,
    size: int = 3,
    name: bytes = b"a",
    extra: bytes = b"",
) -> bytes:
    lengths = (packed_size, size, len(name), len(extra))
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, flags, method, 0, 0, checksum, *lengths) + name + extra


def central(*, flags: int = 0, method: int = 0, checksum: int = CHECKSUM, packed_size: int = 3, size: int = 3,
            name: bytes = b"a", place: int = 0) -> bytes:  # fmt: skip
    fields = (20, 20, flags, method, 0, 0, checksum, packed_size, size, len(name), 0, 0, 0, 0, 0, place)
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", *fields) + name


def end(start: int, length: int, *, here: int = 1, in_all: int = 1, disk: int = 0) -> bytes:
    return struct.pack("<4sHHHHIIH", b"PK\5\6", disk, disk, here, in_all, length, start, 0)


def archive(before: bytes, directory: bytes) -> bytes:
    return before + directory + end(len(before), len(directory))


def test_the_archive_made_by_hand_is_whole() -> None:
    assert read(archive(local() + CONTENT, central())) == [("a", CONTENT)]


@pytest.mark.parametrize("flags", [1, 0x40, 0x2000, 0x20])
def test_encrypted_and_patched_files_are_refused(flags: int) -> None:
    with pytest.raises(DamagedError, match="not understood"):
        read(archive(local(flags=flags) + CONTENT, central(flags=flags)))


@pytest.mark.parametrize("method", [1, 9, 12, 14, 93, 99])
def test_unknown_ways_of_packing_are_refused(method: int) -> None:
    with pytest.raises(DamagedError, match="not understood"):
        read(archive(local(method=method) + CONTENT, central(method=method)))


@pytest.mark.parametrize("name", [b"folder/", b"folder\\"])
def test_directories_are_refused(name: bytes) -> None:
    with pytest.raises(DamagedError, match="directory"):
        read(archive(local(name=name) + CONTENT, central(name=name)))


def test_a_file_whose_end_cannot_be_found_is_refused() -> None:
    with pytest.raises(DamagedError, match="end cannot be found"):
        read(packed([("a", CONTENT)], STORED, streamed=True))


@pytest.mark.parametrize("size", [2, 4, 1 << 31])
def test_a_stored_file_has_one_size(size: int) -> None:
    with pytest.raises(DamagedError, match="cannot be"):
        read(archive(local(size=size) + CONTENT, central(size=size)))


def test_a_size_that_deflate_cannot_reach_is_refused_at_once() -> None:
    forged = local(method=8, packed_size=100, size=1 << 30)
    with pytest.raises(DamagedError, match="cannot be"):
        next(read_zip(window(forged), WIDE))


@pytest.mark.parametrize("large", [1 << 40, 1 << 60])
def test_a_forged_large_size_ends_with_the_stream(large: int) -> None:
    extra = struct.pack("<HHQQ", 1, 16, large, large)
    forged = local(packed_size=0xFFFFFFFF, size=0xFFFFFFFF, extra=extra)
    with pytest.raises(DamagedError, match="cut off inside a file"):
        read(forged + bytes(5000), Bounds(total=1 << 62, count=9))


def test_a_large_size_that_is_missing_is_refused() -> None:
    with pytest.raises(DamagedError, match="damaged"):
        read(local(packed_size=0xFFFFFFFF, size=0xFFFFFFFF, extra=struct.pack("<HHQ", 1, 8, 3)) + CONTENT)


def test_a_wrong_checksum_is_refused() -> None:
    with pytest.raises(DamagedError, match="checksum"):
        read(archive(local(checksum=1) + CONTENT, central(checksum=1)))


PACKED = zlib.compress(CONTENT, wbits=-15)


@pytest.mark.parametrize("signature", [b"", b"PK\7\x08"])
@pytest.mark.parametrize("form", ["<III", "<IQQ"])
def test_every_form_of_a_descriptor_is_read(signature: bytes, form: str) -> None:
    told = signature + struct.pack(form, CHECKSUM, len(PACKED), 3)
    before = local(flags=8, method=8, checksum=0, packed_size=0, size=0) + PACKED + told
    directory = central(flags=8, method=8, packed_size=len(PACKED))
    assert read(archive(before, directory)) == [("a", CONTENT)]


@pytest.mark.parametrize(
    "told", [(CHECKSUM ^ 1, len(PACKED), 3), (CHECKSUM, len(PACKED) + 1, 3), (CHECKSUM, len(PACKED), 4)]
)
def test_a_descriptor_that_does_not_fit_is_refused(told: tuple[int, int, int]) -> None:
    before = local(flags=8, method=8, checksum=0, packed_size=0, size=0) + PACKED + struct.pack("<III", *told)
    with pytest.raises(DamagedError, match="not what the archive says"):
        read(archive(before, central(flags=8, method=8, packed_size=len(PACKED))))


@pytest.mark.parametrize(("told", "size"), [(len(PACKED) - 1, 3), (len(PACKED) + 1, 3), (len(PACKED), 2)])
def test_packed_content_of_another_length_is_refused(told: int, size: int) -> None:
    before = local(method=8, packed_size=told, size=size) + PACKED
    with pytest.raises(DamagedError):
        read(archive(before, central(method=8, packed_size=told, size=size)))


def test_packed_content_that_is_no_deflate_is_refused() -> None:
    with pytest.raises(DamagedError, match="unpacked"):
        read(archive(local(method=8) + b"\xff\xff\xff", central(method=8)))


@pytest.mark.parametrize(
    "directory",
    [
        b"",
        central(name=b"b"),
        central(checksum=1),
        central(size=4),
        central(packed_size=4),
        central(place=1),
        central(method=8),
        central() + central(),
        central() + central(name=b"b", place=40),
    ],
)
def test_a_directory_that_tells_something_else_is_refused(directory: bytes) -> None:
    with pytest.raises(DamagedError, match="directory"):
        read(archive(local() + CONTENT, directory))


@pytest.mark.parametrize(
    "ending",
    [
        end(33, 47),
        end(34, 46),
        end(34, 47, here=2),
        end(34, 47, in_all=2),
        end(34, 47, disk=1),
        end(0xFFFFFFFF, 47),
        end(34, 47, here=0xFFFF),
        b"PK\x09\x09" + end(34, 47)[4:],
    ],
)
def test_an_end_record_that_does_not_fit_is_refused(ending: bytes) -> None:
    assert read(local() + CONTENT + central() + end(34, 47)) == [("a", CONTENT)]
    with pytest.raises(DamagedError, match="end record"):
        read(local() + CONTENT + central() + ending)


def large_end(*, count: int = 1, length: int = 47, start: int = 34, place: int = 81, rest: int = 44,
              locator: bytes = b"PK\6\7", disks: int = 1) -> bytes:  # fmt: skip
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", rest, 45, 45, 0, 0, count, count, length, start)
    found = struct.pack("<4sIQI", locator, 0, place, disks)
    return record + found + end(0xFFFFFFFF, 0xFFFFFFFF, here=0xFFFF, in_all=0xFFFF)


def test_a_large_end_record_is_read() -> None:
    assert read(local() + CONTENT + central() + large_end()) == [("a", CONTENT)]


@pytest.mark.parametrize(
    "ending",
    [
        large_end(count=2),
        large_end(length=46),
        large_end(start=33),
        large_end(place=80),
        large_end(rest=43),
        large_end(rest=1 << 60),
        large_end(locator=b"PK\6\x08"),
        large_end(disks=2),
    ],
)
def test_a_large_end_record_that_does_not_fit_is_refused(ending: bytes) -> None:
    with pytest.raises(DamagedError, match="end record"):
        read(local() + CONTENT + central() + ending)


def test_files_that_overlap_cannot_be_told_twice() -> None:
    """One content, listed under two names: a classic bomb, and no archive that was streamed."""
    before = local() + CONTENT
    directory = central() + central(name=b"b")
    with pytest.raises(DamagedError, match="directory"):
        read(before + directory + end(len(before), len(directory), here=2, in_all=2))
