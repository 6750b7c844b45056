"""Wording and units; and what others wrote, made harmless for a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TypeVar

from cartload.errors import ManifestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cartload.errors import CartloadError
    from cartload.model import SeriesRecord
    from cartload.plan import Task
    from cartload.progress import Shortfall

T = TypeVar("T")

MOST_LISTED = 10
"""Series that a question names; the report has them all."""
_DANGEROUS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that move the cursor, turn the reading direction, hide, or cannot be encoded."""

_JOINERS = frozenset("\u200c\u200d")
"""Of these categories, but needed to write Persian and several Indic scripts; they hide nothing."""

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
_STEP = 1000
_MINUTE = 60
_HOUR = 3600


def safe(text: str) -> str:
    """Escape what could steer a terminal or deceive its reader; the result is one line."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def safe_lines(text: str) -> str:
    """Escape as ``safe`` does, but keep line breaks: for texts of several lines."""
    return "\n".join(safe(line.replace("\t", "    ")) for line in text.splitlines())


def size(number: float) -> str:
    """Write a number of bytes as people do: ``12.3 MB``, in steps of 1000."""
    few, steps = scaled(number)
    return f"{few:,.1f} {_UNITS[steps]}" if steps else f"{few:.0f} B"


def scaled(number: float) -> tuple[float, int]:
    """Divide a number of bytes by 1000 until people can read it, and say how often: 0 to 6 times."""
    if number < _STEP:
        return number, 0
    steps = 0
    while steps < len(_UNITS) - 1 and float(f"{number:.1f}") >= _STEP:
        number, steps = number / _STEP, steps + 1
    return number, steps


def rate(number: float) -> str:
    """Write bytes a second: ``12.3 MB/s``."""
    return f"{size(number)}/s"


def duration(seconds: float) -> str:
    """Write a time: ``45 s``, ``3 min 20 s``, ``2 h 05 min``."""
    hours, minutes, rest = divided(seconds)
    if hours:
        return f"{hours:,} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def divided(seconds: float) -> tuple[int, int, int]:
    """Divide a time into hours, minutes and seconds."""
    whole = round(seconds)
    return whole // _HOUR, whole % _HOUR // _MINUTE, whole % _MINUTE


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Write a number and what is counted: ``1 image``, ``2 images``; series are series."""
    if singular == "series":
        return f"{number:,} series"
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(things: Sequence[T], line: Callable[[T], str]) -> Iterator[str]:
    """Give a line for each of the first few things, and one for how many more there are."""
    for thing in things[:MOST_LISTED]:
        yield f"  {line(thing)}"
    if len(things) > MOST_LISTED:
        yield f"  and {len(things) - MOST_LISTED:,} more"


def series_name(task: Task) -> str:
    """Name a series as people know it: patient, modality, description; else by its UID."""
    return safe(_known_as(task.record) or task.series_uid) if task.record else task.series_uid


def shortfall_name(shortfall: Shortfall) -> str:
    """Name a series that is not there, always with its UID, which the archive can be asked for."""
    parts = (shortfall.collection, shortfall.patient_id, shortfall.description)
    known = " ".join(part for part in parts if part)
    return safe(f"{known} ({shortfall.series_uid})" if known else shortfall.series_uid)


def reason(text: str, uid: str) -> str:
    """Give a reason without the series' own UID before it, where the series is named already."""
    return safe(text.removeprefix(f"{uid}: "))


def error_lines(error: CartloadError) -> list[str]:
    """Say what happened, to what, and what to do; a manifest's faults each on a line of their own."""
    if not isinstance(error, ManifestError) or len(error.faults) < 2:  # noqa: PLR2004 - one fault needs no list
        return [f"error: {safe(str(error))}"]
    lines = [f"error: {safe(error.subject)}: {count(len(error.faults), 'fault')}:"]
    lines += [f"  {safe(str(fault))}" for fault in error.faults]
    return [*lines, safe(error.advice)] if error.advice else lines


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _DANGEROUS or character in _JOINERS:
        return character
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - what two hexadecimal digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - likewise, four


def _known_as(record: SeriesRecord) -> str:
    parts = (record.patient_id, record.modality, record.series_description)
    return " ".join(part for part in parts if part)
