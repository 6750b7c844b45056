"""One cart on its way to one destination: what every frontend drives, and all it needs to know."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Self, assert_never

from attrs import evolve, frozen

from cartload import paths
from cartload.bus import Bus
from cartload.errors import CartloadError, StoppedError, TransitionError
from cartload.events import (
    Answer,
    Answered,
    Asked,
    Event,
    PlanMade,
    Question,
    SessionChanged,
    SessionEnded,
)
from cartload.manifest import DEFAULT_ATTEMPTS
from cartload.model import SeriesUID  # noqa: TC001 - attrs reads the annotations
from cartload.progress import Progress, Report
from cartload.resolving import Resolved, Resolving
from cartload.retry import RetryPolicy
from cartload.selection import Selection
from cartload.state import SESSION_TABLE, SessionInput, SessionState, TaskState, step
from cartload.work import Order, Work
from cartload.workers import (
    Arrived,
    Clock,
    Failed,
    Inbox,
    Outcome,
    Stopped,
    StopSignal,
    Stored,
    Verified,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cartload.bus import Listener
    from cartload.manifest import ManifestSource
    from cartload.plan import Plan
    from cartload.registry import Registry
    from cartload.running import Run
    from cartload.settings import Settings


@frozen
class _Reply:
    question: Question
    answer: Answer


@frozen
class _Remove:
    uids: tuple[SeriesUID, ...]


class _Command(Enum):
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


_Item = Outcome | _Reply | _Remove | _Command


class Session:
    """Drives one cart: ``prepare`` makes the plan, ``run`` carries it out, ``close`` cleans up.

    Both block, and call the listeners in their own thread. The commands (``answer``, ``pause``,
    ``resume``, ``cancel``, ``remove``) may come from any thread, from a listener or from a signal handler.
    ``root`` is the cart's folder: the manifest's stem, made safe, below *directory*.
    """

    def __init__(  # noqa: PLR0913 - all a session needs, most by name
        self,
        source: ManifestSource,
        directory: Path,
        settings: Settings,
        registry: Registry,
        *,
        server: str | None = None,
        clock: Clock | None = None,
        retry: RetryPolicy | None = None,
    ) -> None:
        self.root = directory / paths.component(source.stem, fallback="cart")
        self._source = source
        self._settings = settings
        self._server = server
        self._clock = clock or Clock()
        self._retry = retry or RetryPolicy()
        self._selection = Selection(settings, registry, self._clock)
        self._bus = Bus()
        self._inbox: Inbox[_Item] = Inbox()
        self._stop = StopSignal()
        self._state = SessionState.NEW
        self._progress = Progress(self._clock.time)
        self._bus.subscribe(self._progress)
        self._resolved: Resolved | None = None
        self._work: Work | None = None
        self._retrying = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def state(self) -> SessionState:
        """Say where the session is."""
        return self._state

    @property
    def plan(self) -> Plan | None:
        """Give the plan, once there is one."""
        return self._resolved.plan if self._resolved else None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call *listener* with every event from now on; gives the function that ends it."""
        return self._bus.subscribe(listener)

    def report(self) -> Report:
        """Say what came of the session so far."""
        return self._progress.report()

    def inspect(self) -> Plan:
        """Make the plan without asking, downloading or writing anything.

        Raises what ``prepare`` raises, but for refusals.
        """
        return self._resolve(asking=False)

    def prepare(self) -> Plan:
        """Make the plan, asking what must be asked; nothing is written yet.

        Raises ManifestError, SettingsError, PluginError or NamingError for what the user gave,
        PolicyError and AccessDeniedError for what was refused, UnreachableError and LoginError for what
        the archive did, DestinationError, and StoppedError when it is cancelled.
        """
        return self._resolve(asking=True)

    def run(self) -> Report:
        """Carry out the plan until every task is final, or the session is cancelled.

        One failed series never raises: the report names it. Raises DestinationError when nothing can be
        stored there any more; what is stored is kept.
        """
        self._step(SessionInput.RETRY_FAILED if self._retrying else SessionInput.START)
        retrying, self._retrying = self._retrying, False
        try:
            work = self._work = self._work or self._open()
            if retrying:
                work.run.retry_failed()
            self._coordinate(work)
        except CartloadError:
            self._step(SessionInput.FAILED)
            raise
        finally:
            self._bus.publish(self._ended())
            if not self._may_retry():
                self.close()
        return self.report()

    def retry_failed(self) -> None:
        """Have the next ``run`` try the failed series again; what was verified of them is kept."""
        self._retrying = True

    def answer(self, question: Question, answer: Answer) -> None:
        """Answer a question that an ``Asked`` event brought."""
        self._inbox.put(_Reply(question, answer))

    def pause(self) -> None:
        """Let go of what is being fetched, keeping what arrived; a second call does no harm."""
        self._inbox.put(_Command.PAUSE)

    def resume(self) -> None:
        """Go on where it was paused."""
        self._inbox.put(_Command.RESUME)

    def cancel(self) -> None:
        """End the session as soon as workers can let go; a later session takes it up again."""
        self._inbox.put(_Command.CANCEL)
        self._stop.request()

    def remove(self, uids: Iterable[SeriesUID]) -> None:
        """Take series out of this cart, before or during the run; files are never deleted."""
        self._inbox.put(_Remove(tuple(uids)))

    def close(self) -> None:
        """Let go of the destination; what is complete stays, what is not is fetched by a later session."""
        if self._work is not None:
            work, self._work = self._work, None
            work.close()

    # --- conversation: what resolving needs -----------------------------------------------------

    def publish(self, event: Event) -> None:
        """Tell all listeners."""
        self._bus.publish(event)

    def ask(self, question: Question) -> Answer:
        """Wait until a frontend answers; raises StoppedError when the session is cancelled instead."""
        self._step(SessionInput.ASKED)
        self._bus.publish(Asked(question))
        while True:
            item = self._inbox.get(None)
            if item is _Command.CANCEL:
                raise self._cancelled()
            if isinstance(item, _Reply) and item.question == question:
                self._step(SessionInput.ANSWER)
                self._bus.publish(Answered(question, item.answer))
                return item.answer

    def sleep(self, seconds: float) -> None:
        """Wait; raises StoppedError when the session is cancelled meanwhile."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            if self._inbox.get(left) is _Command.CANCEL:
                raise self._cancelled()

    def _cancelled(self) -> StoppedError:
        return StoppedError("the session was cancelled.", subject=self._source.name)

    # --- the two halves of a session ------------------------------------------------------------

    def _resolve(self, *, asking: bool) -> Plan:
        self._step(SessionInput.RESOLVE)
        resolving = Resolving(
            selection=self._selection,
            existing=self._settings.existing,
            root=self.root,
            retry=self._retry,
            stop=self._stop,
            time=self._clock.time,
            conversation=self,
            asking=asking,
        )
        try:
            resolved = self._resolved = resolving.resolve(self._source, self._server)
        except StoppedError:
            self._step(SessionInput.CANCEL)
            raise
        except CartloadError:
            self._step(SessionInput.FAILED)
            raise
        self._bus.publish(PlanMade(resolved.plan))
        self._step(SessionInput.PLANNED)
        return resolved.plan

    def _open(self) -> Work:
        if self._resolved is None:
            raise TransitionError("there is no plan yet.", subject=self._source.name)
        attempts = self._resolved.manifest.attempts or DEFAULT_ATTEMPTS
        return Work(
            Order(
                resolved=self._resolved,
                root=self.root,
                jobs=self._settings.jobs,
                storage_name=self._settings.storage,
                clock=self._clock,
                retry=evolve(self._retry, attempts=attempts),
                publish=self._bus.publish,
                report=self._inbox.put,
            )
        )

    def _coordinate(self, work: Work) -> None:
        """Take commands and outcomes one by one until the run is over."""
        run = work.run
        while (item := self._inbox.get(0)) is not None:  # what was commanded before the run began
            self._handle(item, run)
        while True:
            if self._state is SessionState.RUNNING and run.broken is None:
                run.start_tasks()
            if self._is_settled(run):
                break
            item = self._inbox.get(run.wait(starting=self._state is SessionState.RUNNING))
            if item is not None:
                self._handle(item, run)
            run.tick()
        run.tick_last()
        if run.broken is not None:
            raise run.broken

    def _is_settled(self, run: Run) -> bool:
        """Take the session on when its workers are done; True when the run is over."""
        if run.broken is not None:
            return run.is_idle
        if run.is_over:
            self._step(SessionInput.ENDED)
            return True
        if run.is_idle and self._state in {SessionState.PAUSING, SessionState.CANCELLING}:
            self._step(SessionInput.STOPPED)
        return self._state is SessionState.CANCELLED

    def _handle(self, item: _Item, run: Run) -> None:
        match item:
            case Arrived() | Verified() | Stored() | Stopped() | Failed():
                run.take(item)
            case _Remove(uids):
                run.remove(uids)
            case _Command():
                self._obey(item, run)
            case _Reply():
                pass  # an answer that came too late
            case _:
                assert_never(item)

    def _obey(self, command: _Command, run: Run) -> None:
        """Carry out a command; one that makes no sense now (paused twice, say) is passed over."""
        given = SessionInput(command.value)
        if (self._state, given) not in SESSION_TABLE:
            return
        self._step(given)
        if command is _Command.RESUME:
            run.resume()
        else:
            run.stop_all()

    def _step(self, given: SessionInput) -> None:
        old = self._state
        self._state = step(SESSION_TABLE, old, given, "the session")
        self._bus.publish(SessionChanged(old, self._state))

    def _may_retry(self) -> bool:
        return self._state is SessionState.FINISHED and self._progress.has_failures

    def _ended(self) -> SessionEnded:
        counts = self._progress.snapshot().counts
        told = {
            "complete": TaskState.COMPLETE,
            "already_held": TaskState.ALREADY_HELD,
            "failed": TaskState.FAILED,
            "denied": TaskState.DENIED,
            "removed": TaskState.REMOVED,
        }
        numbers = {name: counts.get(state, 0) for name, state in told.items()}
        return SessionEnded(**numbers, unfinished=sum(counts.values()) - sum(numbers.values()))
