from __future__ import annotations

import io
import struct
import zipfile

import pytest

from cartload_archive import Compression
from cartload_archive.members import Entry
from cartload_archive.zips import zip_stream

ENTRIES = [Entry("LICENSE", b"words " * 100), Entry("1-1.dcm", bytes(range(256)) * 8), Entry("é.xml", b"")]


def written(compression: Compression) -> bytes:
    return b"".join(zip_stream(ENTRIES, compression))


@pytest.mark.parametrize("compression", Compression)
def test_the_stream_is_a_zip_file_with_its_entries_in_order(compression: Compression) -> None:
    with zipfile.ZipFile(io.BytesIO(written(compression))) as archive:
        assert archive.testzip() is None
        assert [Entry(name, archive.read(name)) for name in archive.namelist()] == ENTRIES


def test_a_deflated_entry_has_its_sizes_behind_it() -> None:
    flags, method = struct.unpack_from("<HH", written(Compression.DEFLATE), 6)
    assert (flags & 8, method) == (8, 8)
    assert struct.unpack_from("<LLL", written(Compression.DEFLATE), 14) == (0, 0, 0)
    assert b"PK\x07\x08" in written(Compression.DEFLATE)


def test_a_stored_entry_has_its_sizes_in_front() -> None:
    flags, method = struct.unpack_from("<HH", written(Compression.STORE), 6)
    assert (flags & 8, method) == (0, 0)
    assert struct.unpack_from("<LL", written(Compression.STORE), 18) == (600, 600)


def test_more_than_a_plain_zip_can_hold_is_an_error() -> None:
    entries = (Entry(str(number), b"") for number in range(65_536))
    with pytest.raises(ValueError, match="65,535"):
        sum(len(piece) for piece in zip_stream(entries, Compression.STORE))
