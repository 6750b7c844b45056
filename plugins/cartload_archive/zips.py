"""Writes a ZIP stream as the REST API does: entry by entry, without ever going back."""

from __future__ import annotations

import struct
import zlib
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cartload_archive.members import Entry

_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_DESCRIPTOR = struct.Struct("<4sLLL")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_VERSION = 20
_DESCRIPTOR_FOLLOWS = 0x0008
_UTF8 = 0x0800
_MIDDAY = 12 << 11
_NEW_YEAR_2000 = (2000 - 1980) << 9 | 1 << 5 | 1
_MOST_BYTES = 0xFFFF_FFFF
_MOST_ENTRIES = 0xFFFF


class Compression(Enum):
    """How entries are kept: deflated with a data descriptor behind, or stored with sizes in front."""

    DEFLATE = "deflate"
    STORE = "store"


@frozen
class _Written:
    """What the central directory says of one entry."""

    name: bytes
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def zip_stream(entries: Iterable[Entry], compression: Compression) -> Iterator[bytes]:
    """Give the bytes of the archive; raises ValueError beyond 4 GiB or 65,535 entries, for want of ZIP64."""
    directory: list[_Written] = []
    offset = 0
    for entry in entries:
        written, pieces = _entry(entry, offset, compression)
        directory.append(written)
        yield from pieces
        offset += sum(map(len, pieces))
        if offset > _MOST_BYTES or len(directory) > _MOST_ENTRIES:
            raise ValueError("this archive server writes no ZIP beyond 4 GiB or 65,535 entries")
    central = b"".join(_directory_entry(written) for written in directory)
    yield central
    count = len(directory)
    yield _END.pack(b"PK\5\6", 0, 0, count, count, len(central), offset, 0)


def _entry(entry: Entry, offset: int, compression: Compression) -> tuple[_Written, tuple[bytes, ...]]:
    name, content = entry.name.encode(), entry.content
    stored = compression is Compression.STORE
    checksum = zlib.crc32(content)
    packed = content if stored else _deflated(content)
    flags = _UTF8 if stored else _UTF8 | _DESCRIPTOR_FOLLOWS
    written = _Written(name, flags, 0 if stored else 8, checksum, len(packed), len(content), offset)
    known = (checksum, len(packed), len(content))
    head = (b"PK\3\4", _VERSION, flags, written.method, _MIDDAY, _NEW_YEAR_2000)
    local = _LOCAL.pack(*head, *(known if stored else (0, 0, 0)), len(name), 0) + name
    return written, (local, packed) if stored else (local, packed, _DESCRIPTOR.pack(b"PK\7\x08", *known))


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def _directory_entry(written: _Written) -> bytes:
    sizes = (written.checksum, written.packed, written.size)
    head = (b"PK\1\2", _VERSION, _VERSION, written.flags, written.method, _MIDDAY, _NEW_YEAR_2000)
    return _CENTRAL.pack(*head, *sizes, len(written.name), 0, 0, 0, 0, 0, written.offset) + written.name
