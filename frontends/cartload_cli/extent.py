"""How far a check is: series and bytes, done and in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import mutable

from cartload_common import texts

if TYPE_CHECKING:
    from cartload.findings import SeriesChecked


@mutable
class Extent:
    """How much there is to check, and how much of it is done; read by a display's own thread."""

    series: int
    size: int
    done_series: int = 0
    done_size: int = 0

    def add(self, checked: SeriesChecked) -> None:
        """Count a series that was checked."""
        self.done_series += 1
        self.done_size += checked.size

    @property
    def percent(self) -> int:
        """Give the percentage of the bytes that are checked, rounded down."""
        return min(100, self.done_size * 100 // self.size) if self.size else 0

    def __str__(self) -> str:
        series = f"{self.done_series:,} of {texts.count(self.series, 'series')}"
        return f"{series}, {texts.size(self.done_size)} of {texts.size(self.size)} checked"
