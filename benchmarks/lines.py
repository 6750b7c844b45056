"""The lines of the table: a figure of a case, the limit it must keep, and what it was made of."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from attrs import frozen

from benchmarks.measuring import pairwise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.measuring import Runs

MEGA = 1e6
GIGA = 1e9


@frozen
class Line:
    """One measured figure against its limit; ``holds`` tells whether it is kept, None if there is none."""

    case: str
    figure: str
    limit: str = ""
    holds: bool | None = None
    detail: str = ""

    def __str__(self) -> str:
        kept = {None: "", True: "yes", False: "**no**"}[self.holds]
        return f"| {self.case} | {self.figure} | {self.limit} | {kept} | {self.detail} |"


HEAD = "| case | figure | limit | kept | medians [fastest-slowest] |\n| --- | --- | --- | --- | --- |"


@frozen
class Limit:
    """The most, or the least, that a figure may be."""

    most: float | None = None
    least: float | None = None

    def line(self, case: str, value: float, shown: str, unit: str, detail: str = "") -> Line:
        """Hold *value* to the limit; *shown* is a format, *unit* is written behind value and limit."""
        figure = f"{value:{shown}}{unit}"
        if self.most is not None:
            return Line(case, figure, f"<= {self.most:g}{unit}", value <= self.most, detail)
        if self.least is not None:
            return Line(case, figure, f">= {self.least:,g}{unit}", value >= self.least, detail)
        return Line(case, figure, detail=detail)


NONE = Limit()


def ratio(case: str, mine: Sequence[float], other: Sequence[float], limit: Limit = NONE) -> Line:
    """Compare two commands that were run in turn by their times in each round."""
    return limit.line(case, pairwise(mine, other), ".2f", "x", f"{spread(mine)} / {spread(other)}")


def memory(case: str, runs: Runs, limit: Limit) -> Line:
    """Tell the peak memory of whole processes: the largest of all rounds."""
    return limit.line(case, max(runs.of("peak")) / MEGA, ".0f", " MB")


def spread(seconds: Sequence[float]) -> str:
    """Write the median of several times between the fastest and the slowest."""
    return f"{statistics.median(seconds):.2f} s [{min(seconds):.2f}-{max(seconds):.2f}]"
