"""DICOM heads written element by element (PS3.5 section 7), so that each of them can lie."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from pydicom.datadict import dictionary_VR

from cartload.headers.keywords import TAGS

if TYPE_CHECKING:
    from random import Random

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
SYNTAXES = (
    IMPLICIT,
    EXPLICIT,
    "1.2.840.10008.1.2.4.70",
    DEFLATED,
    BIG_ENDIAN,
    "1.2.3",
    "",
    "x",
    "1.2.840.10008.1.2 ",
)

_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_LONG = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"])
_VRS = ("CS", "LO", "IS", "UI", "PN", "US", "UL", "FD", "AT", "OB", "UN", "UT", "SQ", "ZZ", "\0\0", "lo")
_OTHERS = (
    0x00080005,
    0x00080001,
    0x00090010,
    0x00091001,
    0x00104000,
    0x00189346,
    0x00280010,
    0x00281050,
    0x7FE00010,
)
_SEQUENCES = (0x00081110, 0x00081140, 0x00082112, 0x00091002, 0x00120064, 0x00200010, 0x00400555)
_IDENTITY = ((0x00080018, "UI", b"1.2.3.4\0"), (0x0020000E, "UI", b"1.2.3\0"))
_TERMS = (
    b"ISO_IR 100",
    b"ISO_IR 192",
    b"GB18030 ",
    b"\\ISO 2022 IR 87",
    b"ISO 2022 IR 149\\GBK",
    b"utf_16",
    b"\xff ",
)
_VALUES = (
    *(
        b"",
        b"1 ",
        b"2\\3 ",
        b"007 ",
        b"  ",
        b"\\",
        b"\0\0",
        b" a\\ \\b",
        b"CT",
        b"M\xfcller",
        b"\x1b$B;3ED\x1b(B",
    ),
    *(
        b"1.2.840.99999.1\0",
        b"1..2",
        b"\xe5\xb1\xb1",
        b"a=b^c",
        b"x" * 300,
        b"1.5 ",
        b"-1",
        b"\x01\0",
        b"\x01\0\x02\0",
    ),
    *(
        b"\xfe\xff\x00\xe0\0\0\0\0",
        b"\xfe\xff\xdd\xe0\0\0\0\0",
        b"\x20\0\x0e\0UI\x04\x001.9\0",
        b"y" * 20_000,
    ),
)


class Forger:
    """Writes one file; *lies* is the chance of each element to be another one than it should be."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._lies = random.choice((0.0, 0.0, 0.01, 0.1))
        self._syntax = random.choice(SYNTAXES if random.random() < 0.2 else SYNTAXES[:5])
        self._order = ">" if self._syntax == BIG_ENDIAN else "<"
        self._implicit = self._syntax == IMPLICIT

    def file(self) -> bytes:
        body = self._data_set()
        if self._syntax == DEFLATED:
            body = self._deflated(body)
        syntax = self._syntax.encode()
        meta = _explicit(0x00020001, "OB", b"\0\1") + _explicit(
            0x00020010, "UI", syntax + bytes(len(syntax) % 2)
        )
        length = len(meta) + (self._random.choice((-8, 1, 1000)) if self._is_lie() else 0)
        start = _explicit(0x00020000, "UL", struct.pack("<I", length))
        return bytes(128) + b"DICM" + start + meta + body

    def _deflated(self, body: bytes) -> bytes:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(body) + packer.flush()
        return packed[: self._random.randrange(len(packed) + 1)] if self._is_lie() else packed

    def _data_set(self) -> bytes:
        random = self._random
        tags = random.sample((*TAGS.values(), *_OTHERS), random.randrange(12))
        elements = {tag: self._simple(tag) for tag in tags if tag not in {0x00080018, 0x0020000E}}
        elements |= {
            tag: self._sequence(tag, 0) for tag in random.sample(_SEQUENCES, random.choice((0, 0, 1, 3)))
        }
        elements |= {tag: self._element(tag, vr, value) for tag, vr, value in _IDENTITY if not self._is_lie()}
        written = [elements[tag] for tag in sorted(elements)]
        if self._is_lie():
            random.shuffle(written)
        return b"".join(written)

    def _simple(self, tag: int) -> bytes:
        value = self._random.choice(_TERMS if tag == 0x00080005 else _VALUES)
        vr = self._random.choice(_VRS) if self._is_lie() else _vr(tag)
        return self._element(tag, vr, value)

    def _sequence(self, tag: int, depth: int) -> bytes:
        random = self._random
        count = random.choice((0, 1, 1, 2)) if depth else random.choice((0, 1, 3))
        items = b"".join(self._item(depth) for _ in range(count))
        if random.random() < 0.5:
            return self._element(tag, "SQ", items)
        return self._element(tag, "SQ", items + self._mark(_SEQUENCE_END), _UNDEFINED)

    def _item(self, depth: int) -> bytes:
        random = self._random
        tags = sorted(random.sample((*TAGS.values(), *_OTHERS), random.randrange(3)))
        content = b"".join(map(self._simple, tags))
        if random.random() < (0.9 if self._lies else 0.4) and depth < random.choice((1, 2, 3, 40)):
            content += self._sequence(random.choice(_SEQUENCES), depth + 1)
        if random.random() < 0.5:
            return self._mark(_ITEM, len(content)) + content
        return self._mark(_ITEM, _UNDEFINED) + content + self._mark(_ITEM_END)

    def _mark(self, tag: int, length: int = 0) -> bytes:
        length = self._told(length, 1 << 32)
        return struct.pack(f"{self._order}HHI", tag >> 16, tag & 0xFFFF, length)

    def _element(self, tag: int, vr: str, value: bytes, length: int | None = None) -> bytes:
        most = 1 << (32 if self._implicit or vr in _LONG else 16)
        told = self._told(len(value) if length is None else length, most)
        start = struct.pack(f"{self._order}HH", tag >> 16, tag & 0xFFFF)
        if self._implicit:
            return start + struct.pack(f"{self._order}I", told) + value
        form = "HI" if vr in _LONG else "H"
        numbers = (0, told) if vr in _LONG else (told,)
        return start + vr.encode() + struct.pack(self._order + form, *numbers) + value

    def _told(self, length: int, most: int) -> int:
        if not self._is_lie():
            return length % most
        return (
            self._random.choice((0, length - 1, length + 1, length + 8, 0xFFFE, 1 << 31, _UNDEFINED)) % most
        )

    def _is_lie(self) -> bool:
        return self._random.random() < self._lies


def _explicit(tag: int, vr: str, value: bytes) -> bytes:
    start = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    return (
        start + (struct.pack("<HI", 0, len(value)) if vr in _LONG else struct.pack("<H", len(value))) + value
    )


def _vr(tag: int) -> str:
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return "LO"
    return vr if len(vr) == 2 else "OW"
