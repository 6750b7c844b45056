"""The tasks of a plan and how each stands, folded from events: a byte a row, more only where there is more.

A row is the place of a task in the plan; it never changes, whatever order the table shows.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.events import AttemptFailed, BytesReceived, SeriesStored, TaskChanged
from cartload.plan import INITIAL, Need, Plan
from cartload.progress import Attempt
from cartload.state import TaskState
from cartload_common import texts
from cartload_qt.table.distinct import Distinct
from cartload_qt.table.words import SEVERITY, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

    from cartload.events import Event, Received
    from cartload.model import SeriesUID
    from cartload.plan import Task

HERE = frozenset({TaskState.COMPLETE, TaskState.ALREADY_HELD})
"""States in which all of a series is there."""

HERE_CODES = frozenset(SEVERITY[state] for state in HERE)
_TROUBLED = frozenset({TaskState.WAITING, TaskState.FAILED})


@frozen
class Standing:
    """How a row stands: its state, and how many of its bytes are here."""

    state: TaskState
    done: int


@frozen(kw_only=True)
class Details:
    """All that is known of one series at one moment; ``directory`` is empty where it is not there."""

    task: Task
    state: TaskState
    reason: str
    attempts: tuple[Attempt, ...]
    directory: str
    done: int
    images_done: int


class Rows:
    """The rows of one plan; ``clock`` gives seconds since 1970."""

    def __init__(self, plan: Plan, clock: Callable[[], float]) -> None:
        self.tasks = plan.tasks
        self._clock = clock
        self._row_of: Mapping[SeriesUID, int] = {task.series_uid: row for row, task in enumerate(plan.tasks)}
        self._codes = bytearray(map(_CODE_OF_NEED.__getitem__, map(attrgetter("need"), plan.tasks)))
        self._received: dict[int, Received] = {}
        self._reasons: dict[int, str] = {}
        self._attempts: dict[int, list[Attempt]] = {}
        self._directories: dict[int, str] = {}
        self._columns: dict[Callable[[Task], Hashable], Distinct] = {}
        self._restricted: bytes | None = None

    def __len__(self) -> int:
        return len(self.tasks)

    def __contains__(self, uid: object) -> bool:
        return uid in self._row_of

    def row_of(self, uid: SeriesUID) -> int:
        """Give the row of a series; raises KeyError if it is not in the plan."""
        return self._row_of[uid]

    def take(self, events: Iterable[Event]) -> Mapping[int, Standing]:
        """Take in events; gives the rows that changed, with how each stood before.

        Events of series that are not in the plan are left alone: they belong to another one.
        """
        before: dict[int, Standing] = {}
        for event in events:
            if isinstance(event, BytesReceived):
                for received in event.series:
                    self._bytes_received(received, before)
            elif isinstance(event, TaskChanged | AttemptFailed | SeriesStored):
                row = self._row_of.get(event.series_uid)
                if row is not None:
                    before.setdefault(row, self.standing(row))
                    self._happened(row, event)
        return before

    # --- how one row stands -------------------------------------------------------------------------

    def state(self, row: int) -> TaskState:
        """Say where a series is."""
        return WORST_FIRST[self._codes[row]]

    def states(self, rows: Iterable[int]) -> frozenset[TaskState]:
        """Say which states these rows are in; quick for many rows."""
        return frozenset(WORST_FIRST[code] for code in set(map(self._codes.__getitem__, rows)))

    def standing(self, row: int) -> Standing:
        """Say where a series is and how many of its bytes are here."""
        return Standing(self.state(row), self.done(row))

    def done(self, row: int) -> int:
        """Count the bytes of a series that are here, at most those announced."""
        size = self.tasks[row].size
        if self._codes[row] in HERE_CODES:
            return size
        received = self._received.get(row)
        return min(size, received.bytes) if received else 0

    def images_done(self, row: int) -> int:
        """Count the images of a series that are here."""
        record, received = self.tasks[row].record, self._received.get(row)
        if record is not None and self._codes[row] in HERE_CODES:
            return record.image_count
        return received.images if received else 0

    def percent(self, row: int) -> int:
        """Say how much of a series is here: by bytes, or by images where the archive announced no bytes."""
        record = self.tasks[row].record
        if self._codes[row] in HERE_CODES:
            return 100
        if size := self.tasks[row].size:
            return percent(self.done(row), size)
        return percent(self.images_done(row), record.image_count) if record else 0

    def reason(self, row: int) -> str:
        """Say why a series is not there, in the words of who knows it; empty where nothing is wrong."""
        said = self._reasons.get(row) or (self.tasks[row].reason if self._codes[row] in _REFUSED else "")
        attempts = self._attempts.get(row)
        if not said and attempts and self.state(row) in _TROUBLED:
            said = attempts[-1].error
        return texts.reason(said, self.tasks[row].series_uid)

    def attempts(self, row: int) -> tuple[Attempt, ...]:
        """Give every attempt at a series that failed, in order."""
        return tuple(self._attempts.get(row, ()))

    def details(self, row: int) -> Details:
        """Give all that is known of one series now."""
        return Details(
            task=self.tasks[row],
            state=self.state(row),
            reason=self.reason(row),
            attempts=self.attempts(row),
            directory=self.directory(row),
            done=self.done(row),
            images_done=self.images_done(row),
        )

    def directory(self, row: int) -> str:
        """Say where a series is, below the cart's folder; empty where it is not there."""
        if self.state(row) not in HERE:
            return ""
        return self._directories.get(row) or self.tasks[row].directory or ""

    # --- all rows at once ----------------------------------------------------------------------------

    def column(self, value: Callable[[Task], Hashable]) -> Distinct:
        """Give the column of these values, made when first asked for."""
        found = self._columns.get(value)
        if found is None:
            found = self._columns[value] = Distinct(self.tasks, value)
        return found

    @property
    def severities(self) -> Sequence[int]:
        """Give of each row how much it needs attention: the place of its state in ``WORST_FIRST``."""
        return self._codes

    @property
    def begun(self) -> Collection[int]:
        """Give the rows of which something is here, and not all."""
        return self._received.keys()

    def in_states(self, states: Iterable[TaskState]) -> bytes:
        """Give 1 for each row that is in one of these states, else 0."""
        wanted = {SEVERITY[state] for state in states}
        return bytes(self._codes).translate(bytes(code in wanted for code in range(256)))

    def restricted(self) -> bytes:
        """Give 1 for each row whose licence forbids commercial use, else 0."""
        if self._restricted is None:
            terms = map(attrgetter("terms"), self.tasks)
            self._restricted = bytes(each is not None and not each.commercial for each in terms)
        return self._restricted

    def count_restricted(self) -> int:
        """Count the series whose licence forbids commercial use, without those taken out of the cart."""
        removed = int.from_bytes(self.in_states((TaskState.REMOVED,)), "little")
        return (int.from_bytes(self.restricted(), "little") & ~removed).bit_count()

    def fractions(self) -> list[float]:
        """Give of each row which part of it is here."""
        whole = [float(code in HERE_CODES) for code in self._codes]
        for row in self._received:
            whole[row] = self.percent(row) / 100
        return whole

    # --- what events do -----------------------------------------------------------------------------

    def _bytes_received(self, received: Received, before: dict[int, Standing]) -> None:
        row = self._row_of.get(received.series_uid)
        if row is not None and self.state(row).is_active:
            before.setdefault(row, self.standing(row))
            self._received[row] = received

    def _happened(self, row: int, event: TaskChanged | AttemptFailed | SeriesStored) -> None:
        if isinstance(event, TaskChanged):
            self._codes[row] = SEVERITY[event.new]
            self._set_reason(row, event.reason)
            if event.new in HERE:
                self._received.pop(row, None)
        elif isinstance(event, AttemptFailed):
            attempt = Attempt(event.attempt, self._clock(), event.source, event.error, event.delay)
            self._attempts.setdefault(row, []).append(attempt)
        else:
            self._directories[row] = event.directory

    def _set_reason(self, row: int, reason: str) -> None:
        if reason:
            self._reasons[row] = reason
        else:
            self._reasons.pop(row, None)


def percent(done: int, whole: int) -> int:
    """Give the whole percents that are done, 100 only when all is."""
    return max(0, min(100, done * 100 // whole)) if whole > 0 else 0


_CODE_OF_NEED: Mapping[Need, int] = {need: SEVERITY[state] for need, state in INITIAL.items()}
_REFUSED = frozenset({SEVERITY[TaskState.DENIED], SEVERITY[TaskState.FAILED]})
"""States in which what the plan said against a series holds."""
