"""Writes a TAR stream as the download servlet does: ustar, flat names, padded to whole records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cartload_archive.members import Entry

_BLOCK = 512
_RECORD = 20 * _BLOCK
_LONGEST_NAME = 100
_LARGEST = 8 * 1024**3
# Mode, owner, group, (size), time; then the checksum counted as blanks, type 0 and the ustar mark.
_OWNERS = b"0100644\0" + b"0000000\0" * 2
_TIME = b"14602750000\0"
_REST = (b"0" + bytes(100) + b"ustar\x0000").ljust(_BLOCK - 156, b"\0")
_BLANK_SUM = sum(_OWNERS) + sum(_TIME) + sum(_REST) + 8 * ord(" ")


def tar_stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Give the bytes of the archive, member by member; two empty blocks end it."""
    written = 0
    for entry in entries:
        padding = bytes(-len(entry.content) % _BLOCK)
        yield header(entry.name, len(entry.content))
        yield entry.content
        yield padding
        written += _BLOCK + len(entry.content) + len(padding)
    yield bytes(2 * _BLOCK + -(written + 2 * _BLOCK) % _RECORD)


def header(name: str, size: int) -> bytes:
    """Write the header of one member; raises ValueError where ustar has no room, as the server does."""
    encoded = name.encode()
    if len(encoded) > _LONGEST_NAME or size >= _LARGEST:
        raise ValueError(f"{name!r} of {size} bytes does not fit into a ustar header")
    length = b"%011o\0" % size
    checksum = b"%06o\0 " % (_BLANK_SUM + sum(encoded) + sum(length))
    return b"".join((encoded.ljust(_LONGEST_NAME, b"\0"), _OWNERS, length, _TIME, checksum, _REST))
