"""Sizes, rates, times and shares, in the words and figures of the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QDateTime, QLocale

from cartload_common import texts
from cartload_qt.translation import figure, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def size(number: float) -> str:
    """Write a number of bytes as people do: ``12.3 MB``, in steps of 1000."""
    scaled, steps = texts.scaled(number)
    digits = 1 if steps else 0
    rounded = float(round(scaled, digits))  # as the command line does: Qt rounds otherwise
    return _UNITS[steps](QLocale().toString(rounded, "f", digits))


def rate(number: float) -> str:
    """Write bytes a second: ``12.3 MB/s``."""
    return tr("{size}/s", size=size(number))


def duration(seconds: float) -> str:
    """Write a time: ``45 s``, ``3 min 20 s``, ``2 h 05 min``."""
    hours, minutes, rest = texts.divided(seconds)
    if hours:
        return tr("{hours} h {minutes} min", hours=figure(hours), minutes=f"{minutes:02d}")
    if minutes:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=f"{rest:02d}")
    return tr("{seconds} s", seconds=rest)


def moment(seconds: float) -> str:
    """Write date and time, given in seconds since 1970, as the user's country does."""
    when = QDateTime.fromMSecsSinceEpoch(round(seconds * 1000))
    return QLocale().toString(when, QLocale.FormatType.ShortFormat)


def percent(number: int) -> str:
    """Write a share of a hundred."""
    return tr("{number}%", number=number)


_UNITS: Sequence[Callable[[str], str]] = (
    lambda number: tr("{number} B", number=number),
    lambda number: tr("{number} kB", number=number),
    lambda number: tr("{number} MB", number=number),
    lambda number: tr("{number} GB", number=number),
    lambda number: tr("{number} TB", number=number),
    lambda number: tr("{number} PB", number=number),
    lambda number: tr("{number} EB", number=number),
)
"""By the steps of 1000."""
