"""The content of one file in a ZIP archive, unpacked piece by piece with its length and checksum."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cartload_plugins.transports.window import Tally, Window

_OUT = 256 * 1024
_IN = 64 * 1024
_RAW = -15
"""The window bits of deflate without a wrapper."""


class Unpacking(Protocol):
    """A file on its way: ``packed``, ``size`` and ``checksum`` (CRC-32) tell what came so far."""

    packed: int
    size: int
    checksum: int

    def chunk(self) -> memoryview | bytes:
        """Give the next piece, an empty one at the end; raises DamagedError."""
        ...


class Stored:
    """Content that is not packed."""

    def __init__(self, window: Window, length: int) -> None:
        self._window = window
        self._left = length
        self.packed = length
        self.size = length
        self.checksum = 0

    def chunk(self) -> memoryview:
        """Give the next piece as it lies in the window."""
        piece = self._window.piece(self._left)
        if not piece and self._left:
            raise self._window.cut("inside a file")
        self._left -= len(piece)
        self.checksum = zlib.crc32(piece, self.checksum)
        return piece


class Inflated:
    """Deflated content, unpacked no further than is asked for and never past the archive's bounds."""

    def __init__(self, window: Window, tally: Tally, packed: int | None, size: int | None) -> None:
        self._window = window
        self._tally = tally
        self._announced = packed
        self._most = tally.bytes_left if size is None else size
        self._counts = size is None
        self._engine = zlib.decompressobj(_RAW)
        self._full = False
        self.packed = 0
        self.size = 0
        self.checksum = 0

    def chunk(self) -> bytes:
        """Give the next piece, at most 256 KiB of it."""
        while not self._engine.eof:
            out = self._inflate(self._engine.unconsumed_tail or self._more())
            if out:
                self._count(out)
                return out
        return b""

    def _more(self) -> memoryview | bytes:
        """Take more packed bytes, none while what was taken still gives output."""
        if self._full:
            return b""
        most = _IN if self._announced is None else min(_IN, self._announced - self.packed)
        if most == 0:
            raise self._window.damaged("a file in the archive is longer than the archive says.")
        piece = self._window.piece(most)
        if not piece:
            raise self._window.cut("inside a file")
        self.packed += len(piece)
        return piece

    def _inflate(self, packed: memoryview | bytes) -> bytes:
        try:
            out = self._engine.decompress(packed, _OUT)
        except zlib.error as error:
            raise self._window.damaged("a file in the archive cannot be unpacked.") from error
        self._full = len(out) == _OUT
        if self._engine.eof:
            left = len(self._engine.unused_data)
            self._window.give_back(left)
            self.packed -= left
        return out

    def _count(self, out: bytes) -> None:
        self.size += len(out)
        self.checksum = zlib.crc32(out, self.checksum)
        if self._counts:
            self._tally.content(len(out))
        elif self.size > self._most:
            raise self._window.damaged("a file in the archive is longer than the archive says.")
