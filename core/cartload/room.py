"""Whether what is to come fits into what is free; known before the disk itself has to say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from cartload.plan import Need
from cartload.ports import TellsRoom
from cartload.registry import blaming
from cartload.staging import disk_full

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cartload.errors import DiskFullError
    from cartload.model import SeriesUID
    from cartload.plan import Plan
    from cartload.ports import Storage
    from cartload.tasks import Tasks


def needed_by(plan: Plan) -> int:
    """Give the bytes that a plan adds to the destination.

    A series that is fetched anew replaces its old copy; both stand there for a moment.
    """
    fetched = plan.having(Need.FETCH)
    added = sum(task.size for task in fetched if not (task.anew or task.found))
    return added + max((task.size for task in fetched if task.anew), default=0)


def room_of(storage: Storage, plugin: str) -> int | None:
    """Ask a storage, called *plugin* in errors, how many bytes it can store; None where it cannot tell."""
    if not isinstance(storage, TellsRoom):
        return None
    with blaming(plugin):
        return storage.room()


@frozen(eq=False)
class Room:
    """Watches the free space of the cart's folder; ``staged`` are the bytes of a series that are there."""

    root: Path
    free: Callable[[], int | None]
    staged: Callable[[SeriesUID], int]

    def lacking(self, tasks: Tasks, uid: SeriesUID) -> DiskFullError | None:
        """Say what is lacking for one more series besides those that are being fetched, if anything is."""
        free = self.free()
        if free is None:
            return None
        needed = sum(self._left(tasks, other) for other, _ in tasks.active()) + self._left(tasks, uid)
        if needed <= free:
            return None
        what = f"there is no room for series {uid}: {needed:,} bytes are to come, {free:,} are free."
        return disk_full(what, self.root)

    def left(self, tasks: Tasks) -> int:
        """Give the bytes that are still to come in all."""
        return sum(self._left(tasks, uid) for uid in tasks.unfinished())

    def _left(self, tasks: Tasks, uid: SeriesUID) -> int:
        """Give the bytes of a series that are still to come."""
        if tasks[uid].found:
            return 0  # most of it is there
        retrieval = tasks.retrieval(uid)
        here = retrieval.meter.bytes if retrieval is not None else self.staged(uid)
        return max(0, tasks[uid].size - here)
