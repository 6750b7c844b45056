"""How DICOM writes data elements (PS3.5 section 7, PS3.10 section 7.1), as far as headers go."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

PREAMBLE = 128
PREFIX = b"DICM"
END_OF_META = 0x0002FFFF
TRANSFER_SYNTAX = 0x00020010
CHARACTER_SET = 0x00080005
UNDEFINED = 0xFFFFFFFF

IMPLICIT = "1.2.840.10008.1.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"

SHORT_TEXT_VRS = frozenset(
    ["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UI"]
)
SHORT_NUMBER_VRS = frozenset(["AT", "FD", "FL", "SL", "SS", "UL", "US"])
LONG_TEXT_VRS = frozenset(["UC", "UR", "UT"])
LONG_NUMBER_VRS = frozenset(["SV", "UV"])
LONG_OTHER_VRS = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "UN"])
TRANSLATED_VRS = frozenset(["LO", "LT", "PN", "SH", "ST", "UC", "UT"])
"""The texts that the image's character sets apply to."""


@frozen
class Wanted:
    """The tags to look for, with their keywords, and the highest of them."""

    keywords: Mapping[int, str]
    highest: int


def inflated(data: bytes, limit: int) -> tuple[bytes, bool]:
    """Inflate at most *limit* bytes of a deflated data set (PS3.5 A.5), and tell whether that is all."""
    inflator = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return inflator.decompress(data, limit), inflator.eof
    except zlib.error:
        return b"", False


def trimmed(text: str) -> str:
    """Take the padding from each of the values in *text*; nothing is left if all are empty."""
    joined = "\\".join([value.strip(" \0") for value in text.split("\\")])
    return joined if joined.strip("\\") else ""
