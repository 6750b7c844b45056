"""How the rows of a plan stand by what the user chose, as Qt counts: numbers of groups, and places in them.

The number of what stands at the top is 0; of what is in a group one more than that of the group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload_qt.table.arranging import (
    Filter,
    Grouping,
    Sorting,
    arranged,
    depends_on_states,
    in_order,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from cartload_qt.table.groups import Group
    from cartload_qt.table.rows import Rows, Standing

_MOST_RUNS = 16


@frozen
class Choices:
    """What the user chose to see, and how."""

    filter: Filter = field(factory=Filter)
    sorting: Sorting = field(factory=Sorting)
    grouping: Grouping = Grouping.NONE


class Arrangement:
    """The rows that are shown, in their places; *ordered* are all rows, where that order is known."""

    def __init__(self, rows: Rows, choices: Choices, ordered: Sequence[int] | None = None) -> None:
        self.rows = rows
        self.choices = choices
        self.is_outdated = False
        self._ordered = in_order(rows, range(len(rows)), choices.sorting) if ordered is None else ordered
        self._places = arranged(rows, self._ordered, choices.filter, choices.grouping, choices.sorting)

    def chosen(self, choices: Choices) -> Arrangement:
        """Give the arrangement by other choices, or by the same now that rows changed."""
        is_sorted = choices.sorting == self.choices.sorting and not self.is_outdated
        ordered = self._ordered if is_sorted else in_order(self.rows, self._ordered, choices.sorting)
        return Arrangement(self.rows, choices, ordered)

    @property
    def top(self) -> int:
        """Count what stands at the top: groups, or rows."""
        return self._places.top

    @property
    def has_groups(self) -> bool:
        """Tell whether rows stand in groups."""
        return self._places.groups is not None

    @property
    def order(self) -> Sequence[int]:
        """Give the rows that are shown, in order, whatever groups they are in."""
        return self._places.order

    def group_at(self, number: int, place: int) -> Group | None:
        """Give the group at a place; None where there is a row, or nothing."""
        groups = self._places.groups
        return groups[place] if groups is not None and not number and place < len(groups) else None

    def row_at(self, number: int, place: int) -> int | None:
        """Give the row at a place; None for a group, and for a place that is no more."""
        if self.has_groups != bool(number) or number > len(self._places.groups or ()):
            return None
        rows = self._places.rows_of(number - 1)
        return rows[place] if place < len(rows) else None

    def rows_between(self, number: int, first: int, last: int) -> Sequence[int]:
        """Give the rows from one place to another of the same number; of groups all their rows."""
        if self._places.groups is None or number:
            return self._places.rows_of(number - 1)[first : last + 1]
        return [row for group in self._places.groups[first : last + 1] for row in group.rows]

    def place(self, row: int) -> tuple[int, int] | None:
        """Give number and place of a row; None if it is not shown."""
        found = self._places.place(row)
        return None if found is None else (found[0] + 1, found[1])

    def identity(self, number: int, place: int) -> Hashable:
        """Name what stands at a place so that it can be found in another arrangement."""
        group = self.group_at(number, place)
        return self.row_at(number, place) if group is None else group.key

    def found(self, identity: Hashable) -> tuple[int, int] | None:
        """Give number and place of what has this name; None if it is not shown."""
        if isinstance(identity, int):
            return self.place(identity)
        place = self._places.number_of(identity)
        return None if place is None else (0, place)

    def changed(self, before: Mapping[int, Standing]) -> None:
        """Keep the sums of groups true when rows changed; tells by ``is_outdated`` what that may mean."""
        self.is_outdated |= depends_on_states(self.choices.filter, self.choices.sorting)
        if self._places.groups is not None:
            for row, was in before.items():
                place = self._places.place(row)
                if place is not None:
                    self._places.groups[place[0]].changed(was, self.rows.standing(row))

    def runs(self, rows: Iterable[int]) -> Sequence[tuple[int, int, int]]:
        """Give number, first and last place of what these rows are seen in, their groups included."""
        ranges = self._places.ranges(rows, _MOST_RUNS)
        return list(self._runs(ranges))

    def _runs(self, ranges: Mapping[int, Sequence[tuple[int, int]]]) -> Iterator[tuple[int, int, int]]:
        for group, runs in ranges.items():
            for first, last in runs:
                yield group + 1, first, last
            if self.has_groups:
                yield 0, group, group
