from __future__ import annotations

import io
import tarfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartload.errors import DamagedError
from cartload_plugins.transports.tar import read_tar
from cartload_plugins.transports.window import Bounds
from plugins.transports.streams import WIDE, contents, window

if TYPE_CHECKING:
    from collections.abc import Sequence

Files = list[tuple[str, bytes]]

names = st.text(st.characters(codec="utf-8", exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1)
files = st.lists(st.tuples(names, st.binary(max_size=2000)), max_size=6)
formats = st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
reads = st.lists(st.integers(1, 3000), min_size=1, max_size=4)

SMALL: Files = [("1.2.3^1-1.dcm", b"a" * 700), ("1.2.4^1-2.dcm", b""), ("md5hashes.csv", b"b" * 512)]


def packed(
    entries: Sequence[tuple[str, bytes]],
    form: int = tarfile.USTAR_FORMAT,
    headers: dict[str, str] | None = None,
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, pax_headers=headers) as archive:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def header(name: bytes = b"a.dcm", size: bytes = b"00000000000\0", kind: bytes = b"0") -> bytes:
    block = bytearray(512)
    block[: len(name)] = name
    block[124:136] = size
    block[156:157] = kind
    block[257:265] = b"ustar\00000"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def pax(records: bytes, kind: bytes = b"x") -> bytes:
    return header(b"pax", b"%011o\0" % len(records), kind) + records + bytes(-len(records) % 512)


END = bytes(1024)


def read(data: bytes, bounds: Bounds = WIDE) -> Files:
    return contents(read_tar(window(data), bounds))


@given(files, formats, reads)
def test_archives_are_read_as_they_were_written(entries: Files, form: int, sizes: list[int]) -> None:
    if form == tarfile.USTAR_FORMAT:
        entries = [(name, content) for name, content in entries if len(name.encode()) <= 100]
    assert contents(read_tar(window(packed(entries, form), sizes), WIDE)) == entries


@given(st.binary(max_size=9000), reads)
def test_content_does_not_depend_on_the_pieces_it_came_in(content: bytes, sizes: list[int]) -> None:
    whole = packed([("a", content), ("b", b"last")])
    assert contents(read_tar(window(whole, sizes, size=1024), WIDE)) == [("a", content), ("b", b"last")]


def test_sizes_are_told_before_the_content() -> None:
    assert [entry.size for entry in read_tar(window(packed(SMALL)), WIDE)] == [700, 0, 512]


def test_content_that_is_not_read_is_skipped() -> None:
    entries = read_tar(window(packed(SMALL)), WIDE)
    assert [entry.name for entry in entries] == [name for name, _ in SMALL]


def test_content_that_is_read_in_part_is_skipped() -> None:
    view = window(packed([("a", b"x" * 9000), ("b", b"y")]), size=1024)
    found = [bytes(next(entry.content)) for entry in read_tar(view, WIDE)]
    assert found == [b"x" * 512, b"y"]


def test_an_archive_cut_at_any_byte_is_refused() -> None:
    whole = packed(SMALL)
    marker = -(-len(whole.rstrip(b"\0")) // 512) * 512 + 1024
    assert read(whole[:marker]) == SMALL
    for cut in range(marker):
        with pytest.raises(DamagedError):
            read(whole[:cut])


def test_every_file_before_the_cut_is_handed_out() -> None:
    whole = packed(SMALL)
    found: Files = []
    entries = read_tar(window(whole[:2000]), WIDE)
    with pytest.raises(DamagedError):
        found.extend((entry.name, b"".join(bytes(chunk) for chunk in entry.content)) for entry in entries)
    assert found == SMALL[:1]


@settings(max_examples=300)
@given(st.data())
def test_a_flipped_bit_is_refused_or_lies_in_a_content(data: st.DataObject) -> None:
    whole = bytearray(packed(SMALL))
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    try:
        found = read(bytes(whole))
    except DamagedError:
        return
    assert [(name, len(content)) for name, content in found] == [
        (name, len(content)) for name, content in SMALL
    ]


@given(st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(DamagedError):
        read(data)


@settings(max_examples=300)
@given(st.data())
def test_forged_headers_are_read_or_refused(data: st.DataObject) -> None:
    size = data.draw(st.binary(min_size=12, max_size=12) | st.from_regex(rb"[0-7 ]{11}\0", fullmatch=True))
    kind = data.draw(st.binary(min_size=1, max_size=1) | st.sampled_from([b"x", b"g", b"L", b"0"]))
    body = data.draw(st.binary(max_size=1200))
    with suppress(DamagedError):
        read(header(size=size, kind=kind) + body + END, Bounds(total=1 << 62, count=100))


@pytest.mark.parametrize("size", [1 << 30, 1 << 60, (1 << 64) - 1])
def test_a_forged_size_ends_with_the_stream(size: int) -> None:
    forged = header(size=b"\x80" + size.to_bytes(11, "big"))
    with pytest.raises(DamagedError, match="cut off inside a file"):
        read(forged + b"x" * 5000, Bounds(total=1 << 70, count=9))


def test_a_file_larger_than_the_bounds_is_refused_before_it_comes() -> None:
    entries = read_tar(window(packed([("a", b"x" * 2000)])), Bounds(total=1999, count=9))
    with pytest.raises(DamagedError, match="more bytes"):
        next(entries)


def test_more_files_than_the_bounds_are_refused() -> None:
    with pytest.raises(DamagedError, match="more files"):
        read(packed(SMALL), Bounds(total=1 << 20, count=2))


def test_sizes_in_base_256_are_read() -> None:
    whole = header(size=b"\x80" + (3).to_bytes(11, "big")) + b"abc" + bytes(509) + END
    assert read(whole) == [("a.dcm", b"abc")]


@pytest.mark.parametrize(
    "size",
    [
        b"\xff" * 12,
        b"\x81" + bytes(11),
        b"-0000000001\0",
        b"0x0000000a\0\0",
        b"0o000000012\0",
        b"00000_00001\0",
        b"99999999999\0",
        b"           \0",
        bytes(12),
        b"\xd9\xa1000000000\0",
    ],
)
def test_a_size_that_is_no_number_is_refused(size: bytes) -> None:
    with pytest.raises(DamagedError, match="size is no number"):
        read(header(size=size) + END)


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"S", b"K", b"D", b"V", b"\xff"])
def test_what_is_no_plain_file_is_refused(kind: bytes) -> None:
    with pytest.raises(DamagedError, match="not only files"):
        read(header(kind=kind) + END)


def test_a_directory_in_the_old_spelling_is_refused() -> None:
    with pytest.raises(DamagedError, match="directory"):
        read(header(name=b"folder/") + END)


def test_a_file_in_the_old_spelling_is_a_file() -> None:
    assert read(header(kind=b"\0") + END) == [("a.dcm", b"")]


def test_names_in_two_fields_are_put_together() -> None:
    name = "d" * 90 + "/" + "n" * 90
    assert read(packed([(name, b"x")])) == [(name, b"x")]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read(form: int) -> None:
    entries = [("n" * 5000, b"x"), ("short", b"y")]
    assert read(packed(entries, form)) == entries


def test_remarks_for_all_files_are_passed_over() -> None:
    assert read(packed(SMALL, tarfile.PAX_FORMAT, {"comment": "by hand"})) == SMALL


def test_sizes_in_pax_records_are_used() -> None:
    whole = pax(b"10 size=3\n") + header() + b"abc" + bytes(509) + END
    assert read(whole) == [("a.dcm", b"abc")]


@pytest.mark.parametrize(
    "records",
    [
        b"x",
        b"10 size=-3\n",
        b"10 size=3x\n",
        b"8 size=3\n",
        b"11 size=3\n",
        b"0 size=3\n",
        b"-1 size=3\n",
        b"10size=3\n",
        b"8 size3\n",
        b"99999999999999999999999 size=3\n",
        b"11 size=3\n\0",
        b"22 GNU.sparse.major=1\n",
        b" 10 size=3\n",
        b"10 size=3\n\0",
        b"10 size=3\n0 size=3\n",
        b"10 size=3\n1 size=3\n",
    ],
)
def test_pax_records_that_are_wrong_are_refused(records: bytes) -> None:
    with pytest.raises(DamagedError):
        read(pax(records) + header() + b"abc" + bytes(509) + END)


@pytest.mark.parametrize("records", [b"10 size=3\n", b"10 path=a\n"])
def test_pax_records_for_all_files_that_name_or_measure_are_refused(records: bytes) -> None:
    with pytest.raises(DamagedError, match="relied"):
        read(pax(records, b"g") + header() + END)


@pytest.mark.parametrize(
    "second", [pax(b"10 path=b\n"), header(size=b"00000000002\0", kind=b"L") + b"b" + bytes(511)]
)
def test_a_file_that_is_named_twice_is_refused(second: bytes) -> None:
    with pytest.raises(DamagedError, match="relied"):
        read(pax(b"10 path=a\n") + second + header() + END)


def test_headers_that_extend_nothing_are_refused() -> None:
    with pytest.raises(DamagedError, match="end marker"):
        read(pax(b"10 size=3\n") + END)


def test_an_unreasonable_header_is_refused_before_it_comes() -> None:
    with pytest.raises(DamagedError, match="unreasonably long"):
        read(header(size=b"00010000000\0", kind=b"x"))


def test_headers_without_end_are_refused() -> None:
    with pytest.raises(DamagedError, match="more files"):
        read(pax(b"13 comment=x\n") * 100, Bounds(total=1 << 30, count=50))


@pytest.mark.parametrize("after", [b"x", bytes(512) + b"x", packed(SMALL)])
def test_nothing_may_follow_the_end_marker(after: bytes) -> None:
    with pytest.raises(DamagedError, match="follows"):
        read(header() + END + after)


def test_a_single_block_of_zeros_is_no_end_marker() -> None:
    with pytest.raises(DamagedError, match="end marker"):
        read(header() + bytes(512) + header() + END)


def test_an_archive_without_files_needs_its_end_marker_too() -> None:
    assert read(END) == []
    with pytest.raises(DamagedError):
        read(b"")


def test_what_tarfile_reads_of_a_cut_archive_is_not_believed() -> None:
    """The reason for a reader of our own: the standard library's takes a cut archive for a whole one."""
    cut = packed(SMALL)[:1536]
    with tarfile.open(fileobj=io.BytesIO(cut), mode="r|") as archive:
        assert [member.name for member in archive] == [SMALL[0][0]]
    with pytest.raises(DamagedError):
        read(cut)
