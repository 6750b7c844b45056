"""The values of one column, each looked at once, and the order in which people expect them.

The 200,000 series of a large cart have a few hundred descriptions and a few thousand patients: what is
written, searched and ordered is each different value, never each row.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from cartload.plan import Task

_DIGITS = re.compile(r"([0-9]+)")

Key = tuple[object, ...]
"""What orders the values of one column among each other."""


def natural(text: str) -> Key:
    """Make a key that orders *text* as people do: without regard to case, numbers in it by their value.

    Numbers are compared by their digits: a server may send thousands of them, which Python refuses to read.
    """
    parts = _DIGITS.split(text.casefold())
    return tuple(
        (len(bare := part.lstrip("0")), bare) if position % 2 else part for position, part in enumerate(parts)
    )


class Distinct:
    """A column: of each row the code of its value, of each value the first task that has it."""

    def __init__(self, tasks: Sequence[Task], value: Callable[[Task], Hashable]) -> None:
        known: dict[Hashable, int] = {}
        self.codes = array("l", [known.setdefault(each, len(known)) for each in map(value, tasks)])
        firsts: list[Task] = []
        for task, code in zip(tasks, self.codes, strict=True):
            if code == len(firsts):
                firsts.append(task)
        self.firsts = tuple(firsts)

    def ranks(self, key: Callable[[Task], Key]) -> array[int]:
        """Give for each row where its value stands in the order of *key*; equal keys stand at one place."""
        keys = [key(task) for task in self.firsts]
        ranks = numbers(len(keys))
        rank, before = 0, None
        for code in sorted(range(len(keys)), key=keys.__getitem__):
            rank += keys[code] != before
            before = keys[code]
            ranks[code] = rank
        return array("l", map(ranks.__getitem__, self.codes))

    def rows_with(self, is_wanted: Callable[[Task], bool]) -> bytes:
        """Give for each row 1 if its value is wanted, else 0."""
        wanted = bytes(map(is_wanted, self.firsts))
        return bytes(map(wanted.__getitem__, self.codes)) if any(wanted) else bytes(len(self.codes))


def numbers(count: int, value: int = 0) -> array[int]:
    """Make so many numbers, all of one *value*."""
    return array("l", [value]) * count
