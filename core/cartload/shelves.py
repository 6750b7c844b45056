"""What is staged of each series: begun, kept between attempts, given back for another look, or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from cartload.assembly import Assembly
from cartload.copies import EarlierCopy
from cartload.errors import CartloadError
from cartload.headers import HEAD_BYTES
from cartload.retrieval import Retrieval

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.arrivals import Arrivals
    from cartload.copies import AnyCopy
    from cartload.model import SeriesUID
    from cartload.plan import Task
    from cartload.staging import CartFolder
    from cartload.tasks import Running
    from cartload.workers import Pace


@frozen(eq=False, kw_only=True)
class Shelves:
    """Where a series' retrieval waits while no worker has it; ``earlier`` gives the copy to build on."""

    folder: CartFolder
    arrivals: Arrivals
    pace: Pace
    annotations: bool
    check: bool
    earlier: Callable[[Task], AnyCopy | None]

    def take(self, task: Task, running: Running) -> Retrieval:
        """Give the retrieval of a task, beginning it if need be; raises StorageError."""
        if running.retrieval is None:
            running.retrieval = self._begun(task, running)
        return running.retrieval

    def keep(self, running: Running) -> None:
        """Keep what was received for the next attempt or session; an area without anything goes."""
        if running.retrieval is not None and running.retrieval.is_empty:
            self.drop(running)

    def give_back(self, uid: SeriesUID, running: Running) -> None:
        """Have the next attempt look again at every file: a storage had its hands on them."""
        if running.retrieval is not None:
            self.arrivals.end(running.retrieval)
            self.folder.give_back(uid, running.retrieval.area)
            running.retrieval = None

    def drop(self, running: Running) -> None:
        """Let go of all that is staged: another attempt begins afresh."""
        if running.retrieval is not None:
            self.arrivals.end(running.retrieval)
            running.retrieval.area.discard()
            running.retrieval = None

    def _begun(self, task: Task, running: Running) -> Retrieval:
        uid, record = task.series_uid, task.record
        if record is None:
            raise CartloadError("there is no record of it.", subject=f"series {uid}")
        area = self.folder.area(uid, HEAD_BYTES)
        assembly = Assembly(record, annotations=self.annotations, check=self.check)
        stored = running.intended
        copy = self.earlier(task) if stored is None else EarlierCopy(self.folder.root, stored)
        return Retrieval(assembly, area, self.annotations, earlier=copy, pace=self.pace)
