"""Manifest, records and what is already held make the plan: one task for each series, in order."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from cartload import paths
from cartload.model import Denied, License, SeriesRecord, SeriesUID, Unknown
from cartload.ports import Holding, LicenseTerms
from cartload.state import TaskState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cartload.ports import Naming, StoredSeries

Described = SeriesRecord | Denied | Unknown


class Need(Enum):
    """What the plan has to do for a series."""

    FETCH = "fetch"
    HELD = "held"
    DENIED = "denied"
    UNKNOWN = "unknown"
    LEFT_OUT = "left out"


INITIAL: Mapping[Need, TaskState] = {
    Need.FETCH: TaskState.QUEUED,
    Need.HELD: TaskState.ALREADY_HELD,
    Need.DENIED: TaskState.DENIED,
    Need.UNKNOWN: TaskState.FAILED,
    Need.LEFT_OUT: TaskState.LEFT_OUT,
}
"""The state in which a task of each need begins."""


@frozen(weakref_slot=False)
class Task:
    """The retrieval of one series: what, where to, from where, and whether at all.

    ``directory`` is relative to the cart's folder, with ``/``. ``sources`` names the transports that may
    serve it, the one that described it first. ``record``, ``directory`` and ``terms`` are None
    where the archive gave no record. ``reason`` says why, or why the series is left out. ``anew`` tells that
    nothing of what stands there is to be taken over, ``found`` that another program's copy stands there.
    """

    series_uid: SeriesUID
    need: Need
    record: SeriesRecord | None = None
    directory: str | None = None
    sources: tuple[str, ...] = ()
    terms: LicenseTerms | None = None
    reason: str = ""
    anew: bool = False
    found: bool = False

    @property
    def size(self) -> int:
        """Give the bytes of images and annotations that the archive announced; 0 if it did not."""
        if self.record is None:
            return 0
        return self.record.image_bytes + self.record.annotation_bytes


_FETCHABLE = frozenset({Need.FETCH, Need.HELD})

Refusal = Callable[[License | None, LicenseTerms], str]
"""Says why series of a licence are not wanted; an empty text where they are."""


def _no_reason(_: License | None, __: LicenseTerms) -> str:
    return ""


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

    @cached_property
    def by_uid(self) -> Mapping[SeriesUID, Task]:
        """Give the tasks by their series, in order: one mapping for all who ask."""
        return {task.series_uid: task for task in self.tasks}

    def having(self, need: Need) -> tuple[Task, ...]:
        """Give the tasks with this need."""
        return tuple(task for task in self.tasks if task.need is need)

    def bytes_of(self, need: Need) -> int:
        """Sum the announced bytes of the tasks with this need."""
        return sum(task.size for task in self.tasks if task.need is need)

    def refetching(self, refusal: Refusal = _no_reason) -> Plan:
        """Give the plan that fetches all of it, also what is held, but for what *refusal* is against."""
        return Plan(
            tuple(
                evolve(task, need=Need.FETCH, anew=True)
                if task.need in _FETCHABLE and not _reason(task, refusal)
                else task
                for task in self.tasks
            )
        )

    def allowing(self, refusal: Refusal) -> Plan:
        """Give the plan that leaves out what *refusal* is against; what is held stays as it is."""
        return Plan(tuple(_allowed(task, refusal) for task in self.tasks))

    def licenses(self) -> tuple[LicenseGroup, ...]:
        """Group the series by licence, those that forbid commercial use first; not what is left out."""
        return _groups(task for task in self.tasks if task.need is not Need.LEFT_OUT)

    def left_out(self) -> tuple[LicenseGroup, ...]:
        """Group the series that are left out in the same way."""
        return _groups(self.having(Need.LEFT_OUT))


def _reason(task: Task, refusal: Refusal) -> str:
    return "" if task.record is None or task.terms is None else refusal(task.record.license, task.terms)


def _allowed(task: Task, refusal: Refusal) -> Task:
    reason = _reason(task, refusal) if task.need is Need.FETCH else ""
    return evolve(task, need=Need.LEFT_OUT, reason=reason) if reason else task


def _groups(tasks: Iterable[Task]) -> tuple[LicenseGroup, ...]:
    counts = Counter(
        (task.record.license, task.terms)
        for task in tasks
        if task.record is not None and task.terms is not None
    )
    groups = [LicenseGroup(key[0], key[1], number) for key, number in counts.items()]
    return tuple(sorted(groups, key=_restricted_first))


def _restricted_first(group: LicenseGroup) -> tuple[bool, str]:
    return group.terms.commercial, group.license.name if group.license else ""


@frozen(weakref_slot=False)
class Description:
    """What the archive says of one series, and the transports that may serve it."""

    said: Described
    sources: tuple[str, ...]


@frozen
class Planner:
    """What the plan needs to know besides the cart; each is a question it may ask many times.

    ``recorded`` is what the journal remembers of a series, ``holds`` looks at the storage, ``judge`` at the
    licence. ``found`` says where another program stored a series.
    """

    naming: Naming
    recorded: Callable[[SeriesUID], StoredSeries | None]
    holds: Callable[[SeriesRecord, PurePosixPath, StoredSeries | None], Holding]
    judge: Callable[[License | None], LicenseTerms]
    found: Mapping[SeriesUID, PurePosixPath] = field(factory=dict)

    def plan(self, cart: Sequence[SeriesUID], descriptions: deque[Description | None]) -> Plan:
        """Make a task of every series of the cart, in its order, which is that of *descriptions*, too.

        They are used up: each goes as its task comes, because a cart may be very large.
        Raises NamingError when the naming gives a directory that is not safe.
        """
        records = [each.said for each in descriptions if each and isinstance(each.said, SeriesRecord)]
        places = self._places(records)
        return Plan(tuple(self._task(uid, descriptions.popleft(), places) for uid in cart))

    def _places(self, records: Sequence[SeriesRecord]) -> Iterator[tuple[str, Holding]]:
        """Give the directory of each record, and what stands there of it.

        Lists in one order, not mappings by series: a cart may be very large.
        """
        wanted: list[str] = []
        holdings: list[Holding] = []
        for record in records:
            directory, holding = self._place(record)
            wanted.append(directory)
            holdings.append(holding)
        return zip(self._directories(records, wanted, holdings), holdings, strict=True)

    def _place(self, record: SeriesRecord) -> tuple[str, Holding]:
        """Give the directory that a series belongs in, and what stands there of it.

        What was stored belongs where the journal says it is, even under another naming: what is whole is held
        there, what is damaged is repaired there.
        """
        stored = self.recorded(record.series_uid)
        if stored is not None:
            holding = self.holds(record, PurePosixPath(stored.directory), stored)
            if holding in {Holding.WHOLE, Holding.DAMAGED}:
                return stored.directory, holding
        found = self.found.get(record.series_uid)
        if found is not None and self.holds(record, found, None) is Holding.FOREIGN:
            return str(found), Holding.FOREIGN
        return str(paths.checked(self.naming.directory(record))), Holding.ABSENT

    def _directories(
        self, records: Sequence[SeriesRecord], wanted: Sequence[str], holdings: Sequence[Holding]
    ) -> Sequence[str]:
        """Give every series that is to be fetched a directory of its own, where nothing foreign is."""
        told = wanted if paths.surely_apart(wanted) else _told_apart(records, wanted, holdings)
        foreign = [
            position
            for position, record in enumerate(records)
            if holdings[position] is Holding.ABSENT and self._is_foreign(record, told[position])
        ]
        if not foreign:
            return told
        taken = {paths.collision_key(directory) for directory in told}
        told = list(told)
        for position in foreign:
            told[position] = self._free(records[position], told[position], taken)
        return told

    def _free(self, record: SeriesRecord, directory: str, taken: set[str]) -> str:
        for candidate in paths.with_more_digits(directory, record.series_uid):
            key = paths.collision_key(candidate)
            if key not in taken and not self._is_foreign(record, candidate):
                taken.add(key)
                return candidate
        return directory

    def _is_foreign(self, record: SeriesRecord, directory: str) -> bool:
        place = PurePosixPath(directory)
        if self.holds(record, place, None) is not Holding.FOREIGN:
            return False
        recorded = self.recorded(record.series_uid)  # asked only now: it is read from a disk
        mine = recorded if recorded and recorded.directory == directory else None
        return mine is None or self.holds(record, place, mine) is Holding.FOREIGN

    def _task(
        self, uid: SeriesUID, description: Description | None, places: Iterator[tuple[str, Holding]]
    ) -> Task:
        if description is None:
            return Task(uid, Need.UNKNOWN, reason="The archive said nothing of it.")
        said = description.said
        if isinstance(said, Denied):
            return Task(uid, Need.DENIED, sources=description.sources, reason=said.reason)
        if isinstance(said, Unknown):
            return Task(uid, Need.UNKNOWN, sources=description.sources, reason=said.reason)
        directory, holding = next(places)
        need = Need.HELD if holding is Holding.WHOLE else Need.FETCH
        found = holding is Holding.FOREIGN
        return Task(uid, need, said, directory, description.sources, self.judge(said.license), found=found)


def _told_apart(
    records: Sequence[SeriesRecord], wanted: Sequence[str], holdings: Sequence[Holding]
) -> Sequence[str]:
    """Tell directories apart; what stands already stays where it is."""
    uids = [record.series_uid for record in records]
    told = paths.tell_apart(dict(zip(uids, wanted, strict=True)))
    return [
        told[uid] if holding is Holding.ABSENT else directory
        for uid, directory, holding in zip(uids, wanted, holdings, strict=True)
    ]
