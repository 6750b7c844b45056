from __future__ import annotations

import io
import tarfile

import pytest

from cartload_archive.members import Entry
from cartload_archive.tar import header, tar_stream

ENTRIES = [
    Entry("069.xml", b"<a/>"),
    Entry("1.2^1-1.dcm", bytes(512)),
    Entry("empty", b""),
    Entry("é.dcm", b"x" * 700),
]


def test_the_stream_is_a_tar_file_with_its_members_in_order() -> None:
    content = b"".join(tar_stream(ENTRIES))
    with tarfile.open(fileobj=io.BytesIO(content), errorlevel=2) as archive:
        found = [(member.name, archive.extractfile(member)) for member in archive]
    assert [name for name, _ in found] == [entry.name for entry in ENTRIES]
    assert [stream and stream.read() for _, stream in found] == [entry.content for entry in ENTRIES]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_the_stream_fills_whole_records_and_ends_with_two_empty_blocks(count: int) -> None:
    content = b"".join(tar_stream(ENTRIES[:count]))
    assert len(content) % 10240 == 0
    assert not any(content[-1024:])


def test_the_header_is_ustar() -> None:
    info = tarfile.TarInfo.frombuf(header("1-1.dcm", 12), "utf-8", "strict")
    assert (info.name, info.size, info.mode & 0o777, info.isreg()) == ("1-1.dcm", 12, 0o644, True)
    assert header("1-1.dcm", 12)[257:265] == b"ustar\x0000"


@pytest.mark.parametrize(("name", "size"), [("x" * 101, 1), ("x", 8 * 1024**3)])
def test_what_ustar_has_no_room_for_is_an_error(name: str, size: int) -> None:
    with pytest.raises(ValueError, match="ustar"):
        header(name, size)
