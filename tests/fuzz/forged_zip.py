"""ZIP archives written field by field, so that any of the fields can lie (APPNOTE 4.3)."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from random import Random

_LIES = (0, 1, 8, 0x08, 0x800, 0xFFFE, 0xFFFF, 1 << 31, 0xFFFFFFFE, 0xFFFFFFFF, 0x08074B50, 0x04034B50)
_NAMES = (
    b"1-1.dcm",
    b"a^b.dcm",
    b"md5hashes.csv",
    b"LICENSE",
    b"",
    b"../x",
    b"/",
    b"a\\",
    b"n\0m",
    "æ".encode(),
)
_UTF_8 = 0x800
_STREAMED = 0x08
_DEFLATED = 8
_LARGE = 0xFFFFFFFF


@frozen
class _Told:
    """What the directory says of one file."""

    name: bytes
    flags: int
    method: int
    sums: tuple[int, int, int]
    place: int


class Forger:
    """Writes one archive; *lies* is the chance of each number to be another one."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._lies = random.choice((0.0, 0.002, 0.01, 0.05))
        self._out = bytearray()

    def archive(self) -> bytes:
        told = [self._file() for _ in range(self._random.choice((0, 1, 1, 2, 3, 5)))]
        if self._random.random() < 0.1:
            self._random.shuffle(told)
        start = len(self._out)
        for each in told:
            self._directory_entry(each)
        length = len(self._out) - start
        large = self._random.random() < 0.3
        if large:
            self._large_end(len(told), length, start)
        marked = large and self._random.random() < 0.5
        count, size, place = (0xFFFF, _LARGE, _LARGE) if marked else (len(told), length, start)
        comment = self._random.choice((b"", b"", b"hello", b"PK\5\6" + bytes(18)))
        self._write("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, size, place, len(comment))
        self._out += comment
        return bytes(self._out)

    def _file(self) -> _Told:
        random = self._random
        place, name = len(self._out), random.choice(_NAMES[:4] if random.random() < 0.8 else _NAMES)
        content = random.choice(
            (b"", b"abc", b"x" * random.randrange(3000), random.randbytes(200), b"PK\1\2" * 9)
        )
        method = random.choice((0, _DEFLATED))
        packed = content if method == 0 else _deflated(content, random.randrange(10))
        sums = (zlib.crc32(content), len(packed), len(content))
        streamed = random.random() < 0.3
        large = random.random() < 0.2
        flags = (_STREAMED if streamed else 0) | random.choice((0, _UTF_8))
        first = (0, 0, 0) if streamed else (sums[0], _LARGE, _LARGE) if large else sums
        extra = struct.pack("<HHQQ", 1, 16, sums[2], sums[1]) if large and not streamed else b""
        extra = random.choice((b"", b"", b"\x55\x54\1\0x")) + extra
        self._write("<4sHHHHHIIIHH", b"PK\3\4", 20, flags, method, 0, 0x21, *first, len(name), len(extra))
        self._out += name + extra + packed
        if streamed:
            signature = random.choice((b"PK\7\x08", b""))
            self._out += signature
            self._write("<IQQ" if large else "<III", *sums)
        return _Told(name, flags, method, sums, place)

    def _directory_entry(self, told: _Told) -> None:
        checksum, packed, size = told.sums
        place, extra = told.place, b""
        if self._random.random() < 0.2:
            extra = struct.pack("<HHQQQ", 1, 24, size, packed, place)
            packed = size = place = _LARGE
        head = (b"PK\1\2", 20, 20, told.flags, told.method, 0, 0x21, checksum, packed, size)
        self._write("<4sHHHHHHIIIHHHHHII", *head, len(told.name), len(extra), 0, 0, 0, 0, place)
        self._out += told.name + extra

    def _large_end(self, count: int, length: int, start: int) -> None:
        place = len(self._out)
        self._write("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start)
        self._write("<4sIQI", b"PK\6\7", 0, place, 1)

    def _write(self, form: str, *values: bytes | int) -> None:
        """Write numbers, here and there another than the true one."""
        widths = [struct.calcsize("<" + code) for code in form[1:].replace("4s", "s")]
        told = [
            value if isinstance(value, bytes) else self._maybe_a_lie(value, 8 * width)
            for value, width in zip(values, widths, strict=True)
        ]
        self._out += struct.pack(form, *told)

    def _maybe_a_lie(self, value: int, bits: int) -> int:
        if self._random.random() >= self._lies:
            return value
        return self._random.choice((*_LIES, value + 1, value - 1, value * 2)) % (1 << bits)


def _deflated(content: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()
