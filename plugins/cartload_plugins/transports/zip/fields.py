"""What local headers and the central directory of a ZIP archive have in common (APPNOTE 4.3 and 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE = 0xFFFFFFFF
"""Stands for a number of 32 bits that is found among the extra fields instead."""
_LARGE_FIELD = 0x0001


@frozen
class Written:
    """One file as it came, and as the directory must tell it."""

    name: bytes
    method: int
    checksum: int
    packed: int
    size: int


def large_numbers(extra: bytes, numbers: Sequence[int]) -> tuple[int, ...] | None:
    """Replace each of *numbers* that is marked as large by its 64 bits in *extra*; None if one lacks."""
    values = _field(extra)
    told = []
    for number in numbers:
        if number == LARGE:
            if len(values) < 8:  # noqa: PLR2004 - the bytes of 64 bits
                return None
            number, values = int.from_bytes(values[:8], "little"), values[8:]  # noqa: PLW2901 - so it reads
        told.append(number)
    return tuple(told)


def _field(extra: bytes) -> bytes:
    """Find the field of large numbers; each field is an id, a length and so many bytes."""
    at = 0
    while at + 4 <= len(extra):
        length = int.from_bytes(extra[at + 2 : at + 4], "little")
        if int.from_bytes(extra[at : at + 2], "little") == _LARGE_FIELD:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return b""
