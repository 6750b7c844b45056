"""Walk over the first bytes of an image and take the wanted values, or decline.

Images are untrusted: the scanner keeps no sequence, allocates no announced length, never recurses, and
declines whatever it does not know for sure, so that it never says other than pydicom would.
"""

from __future__ import annotations

from enum import Enum, auto
from struct import Struct
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.headers.encoding import (
    BIG_ENDIAN,
    DEFLATED,
    END_OF_META,
    IMPLICIT,
    LONG_NUMBER_VRS,
    LONG_OTHER_VRS,
    LONG_TEXT_VRS,
    PREAMBLE,
    PREFIX,
    SHORT_NUMBER_VRS,
    SHORT_TEXT_VRS,
    TRANSFER_SYNTAX,
    UNDEFINED,
    Wanted,
    inflated,
    trimmed,
)
from cartload.headers.keywords import TAGS
from cartload.model import is_uid

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    Element = tuple[int, "Kind", int, int]  # tag, kind, length, where the value starts
    ElementAt = Callable[[bytes, int], Element]

_DEEPEST_SEQUENCE = 32
_MOST_INFLATED = 8  # times what was read

# Meta information begins with its group length (PS3.10 7.1).
_META_START = PREFIX + b"\x02\0\0\0UL\x04\0"
_START_OF_META = 0x0001FFFF
_META = Wanted({TRANSFER_SYNTAX: "TransferSyntaxUID"}, END_OF_META)

_ITEM = 0xFFFEE000
_ITEM_END = 0xFFFEE00D
_SEQUENCE_END = 0xFFFEE0DD
# In implicit VR nothing but the dictionary tells a sequence of undefined length from a value of
# undefined length: these are the ones that are common before the instance number.
_SEQUENCES = (
    *(0x00080082, 0x00081032, 0x00081110, 0x00081111, 0x00081115, 0x00081140, 0x00081199, 0x00082112),
    *(0x00082218, 0x00082228, 0x00120064, 0x00189346, 0x00400555, 0x0040A170),
)


class Kind(Enum):
    """What the scanner needs to know of an element's value."""

    TEXT = auto()
    SEQUENCE = auto()
    OTHER = auto()
    STRANGE = auto()


def _codes(vrs: Iterable[str], kind: Kind) -> dict[int, Kind]:
    """Write VRs as the numbers that the header holds: comparing those takes half the time."""
    return {int.from_bytes(vr.encode(), "little"): kind for vr in vrs}


_SHORT = _codes(SHORT_TEXT_VRS, Kind.TEXT) | _codes(SHORT_NUMBER_VRS, Kind.OTHER)
_LONG = (
    _codes(LONG_TEXT_VRS, Kind.TEXT)
    | _codes(LONG_NUMBER_VRS | LONG_OTHER_VRS, Kind.OTHER)
    | _codes({"SQ"}, Kind.SEQUENCE)
)
_IMPLICIT_KINDS = dict.fromkeys(TAGS.values(), Kind.TEXT) | dict.fromkeys(_SEQUENCES, Kind.SEQUENCE)

_explicit_header = Struct("<HHHH").unpack_from
_implicit_header = Struct("<HHI").unpack_from
_long_length = Struct("<I").unpack_from


@frozen
class Walk:
    """The values that a walk found, where it ended, and whether it passed the highest wanted tag."""

    values: Mapping[int, bytes]
    position: int
    passed: bool


def scan(data: bytes, wanted: Wanted, *, whole: bool) -> dict[str, str] | None:
    """Take the wanted values from the start of a DICOM file, or None where pydicom has to decide.

    *whole* tells that the file ends where *data* ends. Elements must stand in ascending order, be of
    known kinds, and the wanted ones in plain ASCII.
    """
    syntax, position = _transfer_syntax(data)
    if syntax in {"", BIG_ENDIAN}:
        return None
    if syntax == DEFLATED:
        data, whole = inflated(data[position:], _MOST_INFLATED * len(data))
        position = 0
    element_at = _explicit_element
    if syntax == IMPLICIT:
        if data[position + 4 : position + 6].isupper():  # said to be implicit, and is not
            return None
        element_at = _implicit_element
    found = _walk(data, position, END_OF_META, wanted, element_at)
    if found is None or not (found.passed or (whole and found.position == len(data))):
        return None
    return _ascii_texts(found.values, wanted)


def _transfer_syntax(data: bytes) -> tuple[str, int]:
    """Give the transfer syntax, empty if it cannot be told for sure, and where the data set begins."""
    if data.startswith(_META_START, PREAMBLE):
        meta = _walk(data, PREAMBLE + len(PREFIX), _START_OF_META, _META, _explicit_element)
        if meta is not None and meta.passed:
            syntax = meta.values.get(TRANSFER_SYNTAX, b"").rstrip(b"\0 ").decode("latin-1")
            return (syntax if is_uid(syntax) else ""), meta.position
    return "", 0


def _walk(data: bytes, position: int, last: int, wanted: Wanted, element_at: ElementAt) -> Walk | None:
    values: dict[int, bytes] = {}
    asked, highest = wanted.keywords, wanted.highest
    while position + 8 <= len(data):
        if element_at is _explicit_element:
            position, last = _past_short_elements(data, position, last, asked, highest)
            if position + 8 > len(data):
                break
        tag, kind, length, start = element_at(data, position)
        if tag > highest:
            return Walk(values, position, passed=True)
        end = _value_end(data, kind, length, start, element_at)
        if tag <= last or end is None or (tag in asked and kind is not Kind.TEXT):
            return None
        if tag in asked:
            values[tag] = data[start:end]
        last, position = tag, end
    return Walk(values, position, passed=False)


def _value_end(data: bytes, kind: Kind, length: int, start: int, element_at: ElementAt) -> int | None:
    if kind is Kind.STRANGE:
        return None
    if length != UNDEFINED:
        return start + length
    return _after_sequence(data, start, element_at) if kind is Kind.SEQUENCE else None


def _past_short_elements(
    data: bytes, position: int, last: int, asked: Container[int], highest: int
) -> tuple[int, int]:
    """Step over what nobody asked for, which is nearly all; the one loop whose speed counts."""
    end = len(data) - 8
    while position <= end:
        group, element, vr, length = _explicit_header(data, position)
        tag = group << 16 | element
        if not last < tag <= highest or vr not in _SHORT or tag in asked:
            break
        last = tag
        position += 8 + length
    return position, last


def _explicit_element(data: bytes, position: int) -> Element:
    group, element, vr, length = _explicit_header(data, position)
    tag = group << 16 | element
    if vr in _SHORT:
        return tag, _SHORT[vr], length, position + 8
    if tag == _ITEM_END:
        return tag, Kind.OTHER, 0, position + 8
    if vr not in _LONG or position + 12 > len(data):
        return tag, Kind.STRANGE, 0, position
    return tag, _LONG[vr], _long_length(data, position + 8)[0], position + 12


def _implicit_element(data: bytes, position: int) -> Element:
    group, element, length = _implicit_header(data, position)
    tag = group << 16 | element
    return tag, _IMPLICIT_KINDS.get(tag, Kind.OTHER), length, position + 8


def _after_sequence(data: bytes, position: int, element_at: ElementAt) -> int | None:
    """Give where a sequence of undefined length ends, or None if that cannot be told for sure."""
    ends: list[int] = []  # of the items that are open; UNDEFINED is beyond every position
    while position + 8 <= len(data):
        group, element, length = _implicit_header(data, position)
        position += 8
        tag = group << 16 | element
        if tag == _ITEM and len(ends) < _DEEPEST_SEQUENCE:
            ends.append(length if length == UNDEFINED else position + length)
        elif tag != _SEQUENCE_END:
            return None
        elif not ends:
            return position
        inside = _within_item(data, position, ends[-1], element_at)
        if inside is None:
            return None
        position, ended = inside
        if ended:
            ends.pop()
    return None


def _within_item(data: bytes, position: int, end: int, element_at: ElementAt) -> tuple[int, bool] | None:
    """Give where an item ends, and True, or where a sequence in it begins, and False."""
    while position < end:
        if position + 8 > len(data):
            return None
        tag, kind, length, start = element_at(data, position)
        if tag == _ITEM_END:
            return (start, True) if end == UNDEFINED else None
        if length == UNDEFINED:
            return (start, False) if kind is Kind.SEQUENCE else None
        if kind is Kind.STRANGE:
            return None
        position = start + length
    return (position, True) if position == end else None


def _ascii_texts(values: Mapping[int, bytes], wanted: Wanted) -> dict[str, str] | None:
    """Decode what is the same in all of DICOM's character sets; anything else is for pydicom."""
    texts = {}
    for tag, keyword in wanted.keywords.items():
        value = values.get(tag, b"")
        if not value.isascii() or b"\x1b" in value:
            return None
        text = trimmed(value.decode("ascii"))
        if text:
            texts[keyword] = text
    return texts
