"""What can be done with the selected series: decided here, for menus, keys and buttons alike."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.plan import Need
from cartload.state import TASK_TABLE, TaskInput, TaskState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload_qt.table.rows import Rows


class Offer(Enum):
    """One thing that can be done with what is selected."""

    COPY_UIDS = "copy UIDs"
    COPY_ROWS = "copy rows"
    FOLDER = "open the folder"
    RETRY = "retry"
    REMOVE = "remove"
    DETAILS = "details"


REMOVABLE = frozenset(state for state, given in TASK_TABLE if given is TaskInput.REMOVE)
"""States in which a series can be taken out of the cart."""


@frozen
class Chosen:
    """What is selected, summed up; ``folder`` is where the one selected series is, empty if it is not there.

    ``retryable`` tells whether another attempt may bring one of them, which the archive has to know;
    ``troubled`` whether there is something to tell of what went wrong with the one.
    """

    count: int = 0
    states: frozenset[TaskState] = frozenset()
    folder: str = ""
    retryable: bool = False
    troubled: bool = False


def chosen(rows: Rows, selected: Sequence[int]) -> Chosen:
    """Sum up the selected rows."""
    one = selected[0] if len(selected) == 1 else None
    return Chosen(
        count=len(selected),
        states=rows.states(selected),
        folder="" if one is None else rows.directory(one),
        retryable=any(is_retryable(rows, row) for row in selected),
        troubled=one is not None and bool(rows.reason(one) or rows.attempts(one)),
    )


def offers(chosen: Chosen, *, can_retry: bool) -> frozenset[Offer]:
    """Say what can be done; ``can_retry`` tells whether the session can try again now."""
    if not chosen.count:
        return frozenset()
    possible = {
        Offer.FOLDER: bool(chosen.folder),
        Offer.RETRY: can_retry and chosen.retryable,
        Offer.REMOVE: bool(chosen.states & REMOVABLE),
        Offer.DETAILS: chosen.count == 1,
    }
    always = {Offer.COPY_UIDS, Offer.COPY_ROWS}
    return frozenset(always | {offer for offer, is_possible in possible.items() if is_possible})


def is_retryable(rows: Rows, row: int) -> bool:
    """Tell whether a series failed that the archive knows."""
    return rows.state(row) is TaskState.FAILED and rows.tasks[row].need is not Need.UNKNOWN
