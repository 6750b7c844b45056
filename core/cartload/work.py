"""What a run holds open: the cart's folder and lock, the journal, the storage, the workers."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import frozen

from cartload import journal
from cartload.arrivals import Arrivals
from cartload.copies import EarlierCopy, FoundCopy
from cartload.errors import CartloadError
from cartload.events import PluginFailed
from cartload.plan import Need
from cartload.ports import Cart
from cartload.registry import blaming
from cartload.room import Room, room_of
from cartload.running import Equipment, Run
from cartload.scheduler import Scheduler
from cartload.shelves import Shelves
from cartload.staging import CartFolder, Claim
from cartload.state import TaskState
from cartload.tasks import Tasks
from cartload.version import __version__
from cartload.workers import Clock, Outcome, Pace, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from cartload.copies import AnyCopy
    from cartload.events import Event
    from cartload.journal import Replay
    from cartload.model import SeriesRecord, SeriesUID
    from cartload.plan import Task
    from cartload.ports import StoredSeries
    from cartload.repair import Repair
    from cartload.resolving import Resolved
    from cartload.retry import RetryPolicy
    from cartload.staging import JournalFile


@frozen(eq=False, kw_only=True)
class Order:
    """What a run is to do, and how."""

    resolved: Resolved
    root: Path
    jobs: int
    check: bool
    storage_name: str
    clock: Clock
    pace: Pace
    retry: RetryPolicy
    publish: Callable[[Event], None]
    report: Callable[[Outcome], None]
    repair: Repair | None = None


class Work:
    """A run in its opened folder; to be closed, whatever happens."""

    def __init__(self, order: Order) -> None:
        """Open everything; raises DestinationError, and then leaves nothing open."""
        with ExitStack() as opened:
            folder = CartFolder(order.root)
            wanted = {task.series_uid for task in order.resolved.plan.having(Need.FETCH)}
            opened.callback(folder.close)
            file = folder.open(order.clock.time(), lambda uid: _claim(order, wanted, uid))
            opened.callback(file.close)
            journals = folder.journals()
            opened.callback(journals.close)
            replay = journal.replay(journals.lines(), journals.read, order.resolved.manifest.series)
            _announce(order, file)
            _begin(order, replay)
            opened.callback(_finish, order)
            workers = Workers(order.jobs)
            opened.callback(workers.close)
            tasks = Tasks(order.resolved.plan, order.publish)
            shelves = _shelves(order, folder, replay, Arrivals(tasks, order.publish))
            equipment = _equipment(order, file, replay, workers, shelves)
            self.run = Run(tasks, _scheduler(order, tasks), equipment)
            opened.callback(self.run.let_go)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Let go of everything, the last opened first; nothing happens when that is done already."""
        self._opened.close()


def _announce(order: Order, file: JournalFile) -> None:
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
    file.append(journal.to_line(opened), durable=False)
    if resolved.acceptance is not None:
        accepted = journal.Accepted(resolved.acceptance)
        file.append(journal.to_line(accepted), durable=True)


def _begin(order: Order, replay: Replay[int]) -> None:
    resolved = order.resolved
    with blaming(f"storage {order.storage_name}"):
        resolved.storage.begin(Cart(resolved.manifest, resolved.acceptance), _held(resolved, replay))


def _finish(order: Order) -> None:
    """End the storage's run; what it fails to do then is told, for every series is in its place."""
    plugin = f"storage {order.storage_name}"
    try:
        with blaming(plugin):
            order.resolved.storage.finish()
    except CartloadError as error:
        order.publish(PluginFailed(plugin, str(error)))


def _scheduler(order: Order, tasks: Tasks) -> Scheduler:
    scheduler = Scheduler(order.jobs)
    scheduler.add(tasks.in_state(TaskState.QUEUED))
    return scheduler


def _shelves(order: Order, folder: CartFolder, replay: Replay[int], arrivals: Arrivals) -> Shelves:
    return Shelves(
        folder=folder,
        arrivals=arrivals,
        pace=order.pace,
        annotations=bool(order.resolved.manifest.include_annotations),
        check=order.check,
        earlier=lambda task: _earlier(order, replay, task),
    )


def _equipment(
    order: Order, file: JournalFile, replay: Replay[int], workers: Workers, shelves: Shelves
) -> Equipment:
    resolved, plugin = order.resolved, f"storage {order.storage_name}"
    return Equipment(
        clock=order.clock,
        journal=file,
        storage=resolved.storage,
        storage_name=order.storage_name,
        naming=resolved.naming,
        sources=resolved.sources,
        retry=order.retry,
        workers=workers,
        check=order.check,
        arrivals=shelves.arrivals,
        shelves=shelves,
        room=Room(order.root, lambda: room_of(resolved.storage, plugin), shelves.folder.staged),
        names_at=replay.names_at,
        publish=order.publish,
        report=order.report,
    )


def _claim(order: Order, wanted: Collection[SeriesUID], uid: SeriesUID) -> Claim:
    """Go on with what was received of the series to fetch; a repair leaves others to the next download."""
    if uid in wanted:
        return Claim.TAKE
    return Claim.DROP if order.repair is None else Claim.LEAVE


def _earlier(order: Order, replay: Replay[int], task: Task) -> AnyCopy | None:
    """Give the copy to build on, unless all is wanted anew."""
    if task.anew:
        return None
    if task.found and task.directory is not None:
        return FoundCopy(order.root, PurePosixPath(task.directory))
    stored = replay.recorded(task.series_uid)
    return None if stored is None else EarlierCopy(order.root, stored)


def _held(resolved: Resolved, replay: Replay[int]) -> Iterator[tuple[SeriesRecord, StoredSeries]]:
    for task in resolved.plan.having(Need.HELD):
        stored = replay.recorded(task.series_uid)
        if stored is not None and task.record is not None:
            yield task.record, stored
