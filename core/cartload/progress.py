"""Folds events into what a frontend shows: a snapshot while it runs, a report when it is over."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping  # noqa: TC003 - cattrs reads the annotations
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen, mutable

from cartload.events import (
    AttemptFailed,
    BytesReceived,
    ManifestRead,
    PlanMade,
    PluginFailed,
    Received,
    SeriesDescribed,
    SeriesStored,
    SessionChanged,
    TaskChanged,
    Warned,
)
from cartload.model import SeriesUID  # noqa: TC001 - cattrs reads the annotations
from cartload.plan import INITIAL, LicenseGroup, Need, Plan, Task
from cartload.state import SessionState, TaskState

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.events import Event

RATE_WINDOW = 10.0
"""Seconds over which the rate is averaged."""


@frozen
class Attempt:
    """One failed attempt: its number, when it ended (seconds since 1970), over what, and why.

    ``delay`` is the seconds to the next one, None where none was to follow.
    """

    number: int
    at: float
    source: str
    error: str
    delay: float | None = None


@frozen
class Active:
    """One series in a worker's hands; ``bytes`` of ``task.size`` are here."""

    task: Task
    state: TaskState
    images: int
    bytes: int


@frozen
class Snapshot:
    """The session at one moment. Sizes in bytes, rate in bytes a second, times in seconds.

    ``done`` and ``total`` speak of what this run has to fetch; ``left`` is None while unknown.
    """

    state: SessionState
    described: int
    cart: int
    counts: Mapping[TaskState, int]
    done: int
    total: int
    rate: float
    left: float | None
    active: tuple[Active, ...]


@frozen
class Shortfall:
    """A series of the cart that is not there, why, and every attempt that was made."""

    series_uid: SeriesUID
    state: TaskState
    reason: str
    collection: str = ""
    patient_id: str = ""
    description: str = ""
    attempts: tuple[Attempt, ...] = ()
    study_uid: str = ""


class Verdict(Enum):
    """What came of a session, the worst thing first."""

    FAILED = "failed"
    DENIED = "denied"
    UNFINISHED = "unfinished"
    COMPLETE = "complete"


@frozen(kw_only=True)
class Report:
    """What a session did and did not do: ``shortfalls`` names every series that is not there.

    But for those that were not wanted: ``removed`` counts what was taken out, ``left_out`` names what has
    a licence that the user did not allow.
    ``series`` counts those of the manifest, ``sources`` those that each transport brought.
    """

    manifest: str
    server: str
    series: int
    sources: Mapping[str, int]
    state: SessionState
    complete: int
    already_held: int
    removed: int
    fetched_bytes: int
    started: float
    ended: float
    shortfalls: tuple[Shortfall, ...]
    left_out: tuple[Shortfall, ...] = ()
    licenses: tuple[LicenseGroup, ...]
    warnings: tuple[str, ...]
    plugin_failures: tuple[str, ...]

    @cached_property
    def verdict(self) -> Verdict:
        """Judge the whole: complete only when every series that is wanted is there."""
        states = {shortfall.state for shortfall in self.shortfalls}
        if TaskState.FAILED in states:
            return Verdict.FAILED
        if states - {TaskState.DENIED} or self.state is not SessionState.FINISHED:
            return Verdict.UNFINISHED
        return Verdict.DENIED if states else Verdict.COMPLETE


@mutable(eq=False)
class Progress:
    """Listens to a session (``session.subscribe(progress)``) and answers how it stands.

    ``clock`` gives seconds since 1970.
    """

    _clock: Callable[[], float]
    state: SessionState = SessionState.NEW
    manifest: str = ""
    server: str = ""
    _series: int = 0
    _sources: Counter[str] = field(factory=Counter)
    _described: tuple[int, int] = (0, 0)
    _plan: Plan = field(factory=lambda: Plan(()))
    _changed: dict[SeriesUID, TaskState] = field(factory=dict)
    """The states of those tasks that are not where they began."""
    _counts: Counter[TaskState] = field(factory=Counter)
    _active: dict[SeriesUID, Received] = field(factory=dict)
    _attempts: dict[SeriesUID, list[Attempt]] = field(factory=dict)
    _reasons: dict[SeriesUID, str] = field(factory=dict)
    _licenses: tuple[LicenseGroup, ...] = ()
    _unknown: int = 0
    _total: int = 0
    _done: int = 0
    _fetched: int = 0
    _started: float = 0.0
    _samples: deque[tuple[float, int]] = field(factory=deque)
    _warnings: list[str] = field(factory=list)
    _plugin_failures: list[str] = field(factory=list)

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case SessionChanged():
                self._session_changed(event)
            case ManifestRead(manifest):
                self.manifest, self.server = manifest.source.name, manifest.server_url
                self._series = len(manifest.series)
            case SeriesDescribed(described, total):
                self._described = described, total
            case PlanMade(plan):
                self._plan_made(plan)
            case TaskChanged():
                self._task_changed(event)
            case BytesReceived(series, total):
                self._bytes_received(series, total)
            case AttemptFailed():
                self._attempt_failed(event)
            case SeriesStored():
                self._reasons.pop(event.series_uid, None)
                self._sources[event.source] += 1
            case _:
                self._note(event)

    def _note(self, event: Event) -> None:
        match event:
            case Warned(subject, text):
                self._warnings.append(f"{subject}: {text}" if subject else text)
            case PluginFailed(plugin, reason):
                self._plugin_failures.append(f"{plugin}: {reason}")
            case _:
                pass

    def copy(self) -> Progress:
        """Give one that stays as this is now, for another thread to report of."""
        return evolve(
            self,
            changed=dict(self._changed),
            counts=Counter(self._counts),
            active=dict(self._active),
            attempts={uid: list(attempts) for uid, attempts in self._attempts.items()},
            reasons=dict(self._reasons),
            sources=Counter(self._sources),
            samples=deque(self._samples),
            warnings=list(self._warnings),
            plugin_failures=list(self._plugin_failures),
        )

    def snapshot(self) -> Snapshot:
        """Say how the session stands now."""
        done = min(self._total, self._done + sum(received.bytes for received in self._active.values()))
        rate = self._rate()
        left = (self._total - done) / rate if rate else None
        return Snapshot(
            self.state,
            *self._described,
            dict(self._counts),
            done,
            self._total,
            rate,
            left,
            tuple(self._shown(uid, received) for uid, received in self._active.items()),
        )

    def report(self) -> Report:
        """Say what came of the session so far."""
        return Report(
            manifest=self.manifest,
            server=self.server,
            series=self._series,
            sources=dict(self._sources),
            state=self.state,
            complete=self._counts[TaskState.COMPLETE],
            already_held=self._counts[TaskState.ALREADY_HELD],
            removed=self._counts[TaskState.REMOVED],
            fetched_bytes=self._fetched,
            started=self._started,
            ended=self._clock(),
            shortfalls=self._shortfalls(lambda state: state not in _WELL),
            left_out=self._shortfalls(lambda state: state is TaskState.LEFT_OUT),
            licenses=self._licenses,
            warnings=tuple(self._warnings),
            plugin_failures=tuple(self._plugin_failures),
        )

    @property
    def has_retryable_failures(self) -> bool:
        """Tell whether a series failed that the archive knows; for the others no attempt is any use."""
        return self._counts[TaskState.FAILED] > self._unknown

    def task(self, uid: SeriesUID) -> Task:
        """Give the task of one series of the plan."""
        return self._plan.by_uid[uid]

    def _session_changed(self, event: SessionChanged) -> None:
        self.state = event.new
        if event.new is SessionState.RUNNING:
            self._samples.clear()
            self._started = self._started or self._clock()

    def _plan_made(self, plan: Plan) -> None:
        self._plan = plan
        self._changed = {}
        self._reasons = {task.series_uid: task.reason for task in plan.tasks if task.reason}
        self._counts = Counter(INITIAL[task.need] for task in plan.tasks)
        self._unknown = sum(task.need is Need.UNKNOWN for task in plan.tasks)
        self._licenses = plan.licenses()
        self._total = plan.bytes_of(Need.FETCH)
        self._done = 0

    def _task_changed(self, event: TaskChanged) -> None:
        task = self._plan.by_uid[event.series_uid]
        uid, size = event.series_uid, task.size
        self._changed[uid] = event.new
        self._counts[event.old] -= 1
        self._counts[event.new] += 1
        if event.reason:
            self._reasons[uid] = event.reason
        if event.new is TaskState.FETCHING:
            self._active[uid] = Received(uid, 0, 0)
        elif not event.new.is_active:
            self._active.pop(uid, None)
        if event.new is TaskState.COMPLETE:
            self._done += size
        elif event.new is TaskState.REMOVED:
            self._total -= size if task.need is Need.FETCH else 0
            self._unknown -= task.need is Need.UNKNOWN

    def _bytes_received(self, series: tuple[Received, ...], total: int) -> None:
        for received in series:
            if received.series_uid in self._active:
                self._active[received.series_uid] = received
        self._fetched = total
        now = self._clock()
        self._samples.append((now, total))
        while len(self._samples) > 2 and now - self._samples[0][0] > RATE_WINDOW:  # noqa: PLR2004 - two ends make a rate
            self._samples.popleft()

    def _attempt_failed(self, event: AttemptFailed) -> None:
        attempt = Attempt(event.attempt, self._clock(), event.source, event.error, event.delay)
        self._attempts.setdefault(event.series_uid, []).append(attempt)

    def _rate(self) -> float:
        if self.state is not SessionState.RUNNING or not self._samples:
            return 0.0
        (start, before), (_, after) = self._samples[0], self._samples[-1]
        elapsed = self._clock() - start
        return (after - before) / elapsed if elapsed > 0 else 0.0

    def _shown(self, uid: SeriesUID, received: Received) -> Active:
        task = self._plan.by_uid[uid]
        return Active(task, self._state_of(task), received.images, received.bytes)

    def _state_of(self, task: Task) -> TaskState:
        return self._changed.get(task.series_uid) or INITIAL[task.need]

    def _shortfalls(self, is_meant: Callable[[TaskState], bool]) -> tuple[Shortfall, ...]:
        states = ((task, self._state_of(task)) for task in self._plan.tasks)
        return tuple(self._shortfall(task, state) for task, state in states if is_meant(state))

    def _shortfall(self, task: Task, state: TaskState) -> Shortfall:
        uid, record = task.series_uid, task.record
        return Shortfall(
            uid,
            state,
            self._reasons.get(uid, ""),
            record.collection if record else "",
            record.patient_id if record else "",
            (record.series_description or "") if record else "",
            tuple(self._attempts.get(uid, ())),
            record.study_uid if record else "",
        )


_WELL = frozenset({TaskState.COMPLETE, TaskState.ALREADY_HELD, TaskState.REMOVED, TaskState.LEFT_OUT})
