"""Finds the row whose text begins with what is typed, in the column that the table is sorted by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen, mutable

from cartload_qt.table.columns import FIELDS, SEARCHED, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload_qt.table.arrangement import Arrangement


@frozen
class Beginning:
    """What was typed; ``steps`` tells that one letter, again and again, goes from one row to the next."""

    text: str
    steps: bool


@mutable
class TypingAhead:
    """Gathers letters that are typed within ``pause`` seconds of each other to one beginning."""

    pause: float
    _typed: str = ""
    _last: float = float("-inf")

    def typed(self, letters: str, now: float) -> Beginning:
        """Take in what was typed at a time in seconds."""
        self._typed = letters if now - self._last > self.pause else self._typed + letters
        self._last = now
        beginning = self._typed.casefold()
        is_repeated = len(set(beginning)) == 1
        return Beginning(beginning[:1] if is_repeated else beginning, is_repeated)


def find(shown: Arrangement, current: int | None, beginning: Beginning) -> int | None:
    """Give the row that is meant, looking from the *current* row on and around."""
    sorted_by = shown.choices.sorting.column
    field = FIELDS[sorted_by if sorted_by is not None and sorted_by in SEARCHED else Column.PATIENT]
    fits = shown.rows.column(field.value).rows_with(
        lambda task: field.text(task).casefold().startswith(beginning.text)
    )
    return next((row for row in _from(shown.order, current, beginning) if fits[row]), None)


def _from(order: Sequence[int], current: int | None, beginning: Beginning) -> Sequence[int]:
    if current is None or current not in order:
        return order
    start = order.index(current) + beginning.steps
    return [*order[start:], *order[:start]]
