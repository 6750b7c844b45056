"""Manifest, records and what is already held make the plan: one task for each series, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence  # noqa: TC003 - attrs reads them
from enum import Enum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from cartload import paths
from cartload.model import Denied, License, SeriesRecord, SeriesUID, Unknown
from cartload.ports import Holding, LicenseTerms
from cartload.state import TaskState

if TYPE_CHECKING:
    from cartload.ports import Naming, StoredSeries

Described = SeriesRecord | Denied | Unknown


class Need(Enum):
    """What the plan has to do for a series."""

    FETCH = "fetch"
    HELD = "held"
    DENIED = "denied"
    UNKNOWN = "unknown"


INITIAL: Mapping[Need, TaskState] = {
    Need.FETCH: TaskState.QUEUED,
    Need.HELD: TaskState.ALREADY_HELD,
    Need.DENIED: TaskState.DENIED,
    Need.UNKNOWN: TaskState.FAILED,
}
"""The state in which a task of each need begins."""


@frozen
class Task:
    """The retrieval of one series: what, where to, from where, and whether at all.

    ``directory`` is relative to the cart's folder, with ``/``. ``sources`` names the transports that may
    serve it, the one that described it first. ``record``, ``directory`` and ``terms`` are None
    where the archive gave no record; ``reason`` then says why. ``anew`` tells that nothing of what stands
    there is to be taken over.
    """

    series_uid: SeriesUID
    need: Need
    record: SeriesRecord | None = None
    directory: str | None = None
    sources: tuple[str, ...] = ()
    terms: LicenseTerms | None = None
    reason: str = ""
    anew: bool = False

    @property
    def size(self) -> int:
        """Give the bytes of images and annotations that the archive announced; 0 if it did not."""
        if self.record is None:
            return 0
        return self.record.image_bytes + self.record.annotation_bytes


_FETCHABLE = frozenset({Need.FETCH, Need.HELD})


@frozen
class LicenseGroup:
    """The series of a plan that share one licence."""

    license: License | None
    terms: LicenseTerms
    series: int


@frozen
class Plan:
    """The ordered tasks of a session."""

    tasks: tuple[Task, ...]

    def having(self, need: Need) -> tuple[Task, ...]:
        """Give the tasks with this need."""
        return tuple(task for task in self.tasks if task.need is need)

    def bytes_of(self, need: Need) -> int:
        """Sum the announced bytes of the tasks with this need."""
        return sum(task.size for task in self.tasks if task.need is need)

    def refetching(self) -> Plan:
        """Give the plan that fetches all of it, also what is held."""
        return Plan(
            tuple(
                evolve(task, need=Need.FETCH, anew=True) if task.need in _FETCHABLE else task
                for task in self.tasks
            )
        )

    def licenses(self) -> tuple[LicenseGroup, ...]:
        """Group the series by licence, those that forbid commercial use first."""
        counts = Counter(
            (task.record.license, task.terms)
            for task in self.tasks
            if task.record is not None and task.terms is not None
        )
        groups = [LicenseGroup(key[0], key[1], number) for key, number in counts.items()]
        return tuple(sorted(groups, key=_restricted_first))


def _restricted_first(group: LicenseGroup) -> tuple[bool, str]:
    return group.terms.commercial, group.license.name if group.license else ""


@frozen
class Description:
    """What the archive says of one series, and the transports that may serve it."""

    said: Described
    sources: tuple[str, ...]


@frozen
class Planner:
    """What the plan needs to know besides the cart; each is a question it may ask many times.

    ``recorded`` is what the journal remembers of a series, ``holds`` looks at the storage,
    ``judge`` at the licence.
    """

    naming: Naming
    recorded: Callable[[SeriesUID], StoredSeries | None]
    holds: Callable[[SeriesRecord, PurePosixPath, StoredSeries | None], Holding]
    judge: Callable[[License | None], LicenseTerms]

    def plan(self, cart: Sequence[SeriesUID], described: Mapping[SeriesUID, Description]) -> Plan:
        """Make a task of every series of the cart, in its order.

        Raises NamingError when the naming gives a directory that is not safe.
        """
        records = {
            uid: description.said
            for uid in cart
            if (description := described.get(uid)) and isinstance(description.said, SeriesRecord)
        }
        standing = self._standing(records)
        held = {uid for uid, (_, holding) in standing.items() if holding is Holding.WHOLE}
        directories = self._directories(records, {uid: place for uid, (place, _) in standing.items()})
        return Plan(tuple(self._task(uid, described.get(uid), held, directories) for uid in cart))

    def _standing(self, records: Mapping[SeriesUID, SeriesRecord]) -> dict[SeriesUID, tuple[str, Holding]]:
        """Find what was stored, where the journal says it is, even under another naming.

        What is whole is held there; what is damaged is repaired there.
        """
        standing: dict[SeriesUID, tuple[str, Holding]] = {}
        for uid, record in records.items():
            stored = self.recorded(uid)
            if stored is None:
                continue
            holding = self.holds(record, PurePosixPath(stored.directory), stored)
            if holding in {Holding.WHOLE, Holding.DAMAGED}:
                standing[uid] = stored.directory, holding
        return standing

    def _directories(
        self, records: Mapping[SeriesUID, SeriesRecord], standing: Mapping[SeriesUID, str]
    ) -> dict[SeriesUID, str]:
        """Give every series that is to be fetched a directory of its own, where nothing foreign is."""
        wanted = {
            uid: PurePosixPath(standing[uid]) if uid in standing else self._named(record)
            for uid, record in records.items()
        }
        told = paths.tell_apart(wanted)
        taken = {paths.collision_key(directory) for directory in told.values()}
        return {
            uid: standing[uid] if uid in standing else str(self._free(records[uid], directory, taken))
            for uid, directory in told.items()
        }

    def _named(self, record: SeriesRecord) -> PurePosixPath:
        return paths.checked(self.naming.directory(record))

    def _free(self, record: SeriesRecord, directory: PurePosixPath, taken: set[str]) -> PurePosixPath:
        if not self._is_foreign(record, directory):
            return directory
        for candidate in paths.with_more_digits(directory, record.series_uid):
            key = paths.collision_key(candidate)
            if key not in taken and not self._is_foreign(record, candidate):
                taken.add(key)
                return candidate
        return directory

    def _is_foreign(self, record: SeriesRecord, directory: PurePosixPath) -> bool:
        recorded = self.recorded(record.series_uid)
        mine = recorded if recorded and recorded.directory == str(directory) else None
        return self.holds(record, directory, mine) is Holding.FOREIGN

    def _task(
        self,
        uid: SeriesUID,
        description: Description | None,
        held: Collection[SeriesUID],
        directories: Mapping[SeriesUID, str],
    ) -> Task:
        if description is None:
            return Task(uid, Need.UNKNOWN, reason="The archive said nothing of it.")
        said = description.said
        if isinstance(said, Denied):
            return Task(uid, Need.DENIED, sources=description.sources, reason=said.reason)
        if isinstance(said, Unknown):
            return Task(uid, Need.UNKNOWN, sources=description.sources, reason=said.reason)
        return Task(
            uid,
            Need.HELD if uid in held else Need.FETCH,
            said,
            directories[uid],
            description.sources,
            self.judge(said.license),
        )
