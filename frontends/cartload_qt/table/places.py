"""Where each row stands: in one list, or in groups; and which rows lie between two places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_qt.table.distinct import numbers

if TYPE_CHECKING:
    from array import array
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from cartload_qt.table.groups import Group

_LIST = -1
"""Stands for the group of all rows where there are no groups."""

_NEAR = 4
"""Unchanged rows between two changed ones that are told as changed with them: fewer signals, same picture."""


class Places:
    """The rows that are shown, in order; *groups* is None where they stand in one list."""

    def __init__(self, total: int, order: array[int], groups: Sequence[Group] | None) -> None:
        self.order = order
        self.groups = groups
        self._position = numbers(total, -1)
        self._group = numbers(total, _LIST)
        self._numbers: Mapping[Hashable, int] | None = None
        if groups is None:
            self._note(_LIST, order)
        else:
            for number, group in enumerate(groups):
                self._note(number, group.rows)

    @property
    def top(self) -> int:
        """Count what stands at the top: groups, or rows."""
        return len(self.order) if self.groups is None else len(self.groups)

    def number_of(self, key: Hashable) -> int | None:
        """Give the number of the group with this key; None if there is none."""
        if self._numbers is None:
            self._numbers = {group.key: number for number, group in enumerate(self.groups or ())}
        return self._numbers.get(key)

    def rows_of(self, group: int) -> Sequence[int]:
        """Give the rows of a group; those of all where there are none."""
        return self.order if self.groups is None else self.groups[group].rows

    def place(self, row: int) -> tuple[int, int] | None:
        """Give the group of a row and its place there; None if it is not shown."""
        position = self._position[row]
        return None if position < 0 else (self._group[row], position)

    def ranges(self, rows: Iterable[int], most: int) -> Mapping[int, Sequence[tuple[int, int]]]:
        """Give for each group the places, first and last, between which these rows lie; at most so many."""
        found: dict[int, list[int]] = {}
        for row in rows:
            place = self.place(row)
            if place is not None:
                found.setdefault(place[0], []).append(place[1])
        return {group: _joined(sorted(positions), most) for group, positions in found.items()}

    def _note(self, group: int, rows: Sequence[int]) -> None:
        for position, row in enumerate(rows):
            self._position[row] = position
            self._group[row] = group


def _joined(positions: Sequence[int], most: int) -> Sequence[tuple[int, int]]:
    runs = list(_runs(positions))
    return runs if len(runs) <= most else [(positions[0], positions[-1])]


def _runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = positions[0]
    for position in positions[1:]:
        if position - last > _NEAR:
            yield first, last
            first = position
        last = position
    yield first, last
