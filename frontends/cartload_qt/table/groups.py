"""Rows that belong together, and their sums, which are made when somebody looks and kept true from then on.

A large cart has thousands of patients, of whom a screen shows forty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, mutable

from cartload_qt.table.rows import HERE_CODES, percent
from cartload_qt.table.words import SEVERITY, WORST_FIRST

if TYPE_CHECKING:
    from array import array
    from collections.abc import Hashable

    from cartload.plan import Task
    from cartload.state import TaskState
    from cartload_qt.table.rows import Rows, Standing


@mutable(eq=False)
class Sums:
    """The sums of a group; sizes in bytes, ``annotated`` counts series."""

    images: int = 0
    size: int = 0
    annotated: int = 0
    done: int = 0
    counts: list[int] = field(factory=lambda: [0] * len(WORST_FIRST))
    """Of the states in ``WORST_FIRST``, how many rows are in each."""


@mutable(eq=False)
class Group:
    """Rows that belong together; *key* names the group in every arrangement, *first* is one of its tasks."""

    key: Hashable
    rows: array[int]
    first: Task
    _of: Rows
    _sums: Sums | None = None

    @property
    def sums(self) -> Sums:
        """Give the sums."""
        if self._sums is None:
            self._sums = _summed(self._of, self.rows)
        return self._sums

    @property
    def worst(self) -> TaskState:
        """Give the state that needs attention most."""
        counted = zip(WORST_FIRST, self.sums.counts, strict=True)
        return next(state for state, count in counted if count)

    @property
    def percent(self) -> int:
        """Say how much of it is here, by its bytes."""
        return percent(self.sums.done, self.sums.size)

    def changed(self, before: Standing, now: Standing) -> None:
        """Keep the sums true when one of the rows changed."""
        if self._sums is not None:
            self._sums.counts[SEVERITY[before.state]] -= 1
            self._sums.counts[SEVERITY[now.state]] += 1
            self._sums.done += now.done - before.done


def _summed(rows: Rows, gathered: array[int]) -> Sums:
    sums, codes, begun = Sums(), rows.severities, rows.begun
    for row in gathered:
        code, record = codes[row], rows.tasks[row].record
        sums.counts[code] += 1
        if record is None:
            continue
        size = record.image_bytes + record.annotation_bytes
        sums.images += record.image_count
        sums.size += size
        sums.annotated += record.has_annotations
        if code in HERE_CODES:
            sums.done += size
        elif row in begun:
            sums.done += rows.done(row)
    return sums
