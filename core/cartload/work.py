"""What a run holds open: the cart's folder and lock, the journal, the storage, the workers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from attrs import frozen

from cartload import journal
from cartload.plan import Need
from cartload.ports import Cart
from cartload.running import Equipment, Run
from cartload.scheduler import Scheduler
from cartload.staging import CartFolder
from cartload.state import TaskState
from cartload.tasks import Tasks
from cartload.version import __version__
from cartload.workers import Clock, Outcome, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.events import Event
    from cartload.journal import Replay
    from cartload.model import SeriesRecord
    from cartload.ports import StoredSeries
    from cartload.resolving import Resolved
    from cartload.retry import RetryPolicy
    from cartload.staging import JournalFile, Journals


@frozen(eq=False, kw_only=True)
class Order:
    """What a run is to do, and how."""

    resolved: Resolved
    root: Path
    jobs: int
    storage_name: str
    clock: Clock
    retry: RetryPolicy
    publish: Callable[[Event], None]
    report: Callable[[Outcome], None]


class Work:
    """A run in its opened folder; to be closed, whatever happens."""

    def __init__(self, order: Order) -> None:
        """Open everything; raises DestinationError, and then leaves nothing open."""
        self._storage = order.resolved.storage
        self._folder = CartFolder(order.root)
        self._journal: JournalFile = self._folder.open(order.clock.time())
        self._journals: Journals = self._folder.journals()
        self._workers: Workers | None = None
        try:
            replay = journal.replay(self._journals.lines(), self._journals.read)
            self._announce(order)
            cart = Cart(order.resolved.manifest, order.resolved.acceptance)
            self._storage.begin(cart, _held(order.resolved, replay))
            self._workers = Workers(order.jobs)
            self.tasks = Tasks(order.resolved.plan, order.publish)
            self.run = self._run(order, replay, self._workers)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of everything."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None
            self.run.end()
            self._storage.finish()
        self._journal.close()
        self._journals.close()
        self._folder.close()

    def _announce(self, order: Order) -> None:
        """Write what run this is, if it is going to do anything."""
        resolved = order.resolved
        if not resolved.plan.having(Need.FETCH):
            return
        source = resolved.manifest.source
        opened = journal.Opened(
            journal.FORMAT,
            f"cartload {__version__}",
            source.name,
            hashlib.sha256(source.content).hexdigest(),
            order.clock.time(),
        )
        self._journal.append(journal.to_line(opened), durable=False)
        if resolved.acceptance is not None:
            accepted = journal.Accepted(resolved.acceptance)
            self._journal.append(journal.to_line(accepted), durable=True)

    def _run(self, order: Order, replay: Replay[int], workers: Workers) -> Run:
        resolved = order.resolved
        scheduler = Scheduler(order.jobs)
        scheduler.add(self.tasks.in_state(TaskState.QUEUED))
        return Run(
            self.tasks,
            scheduler,
            Equipment(
                clock=order.clock,
                folder=self._folder,
                journal=self._journal,
                storage=self._storage,
                storage_name=order.storage_name,
                naming=resolved.naming,
                sources=resolved.sources,
                retry=order.retry,
                workers=workers,
                annotations=bool(resolved.manifest.include_annotations),
                recorded=replay.recorded,
                publish=order.publish,
                report=order.report,
            ),
        )


def _held(resolved: Resolved, replay: Replay[int]) -> Iterator[tuple[SeriesRecord, StoredSeries]]:
    for task in resolved.plan.having(Need.HELD):
        stored = replay.recorded(task.series_uid)
        if stored is not None and task.record is not None:
            yield task.record, stored
