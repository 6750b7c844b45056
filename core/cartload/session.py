"""One cart on its way to one destination: what every frontend drives, and all it needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from attrs import evolve

from cartload import paths
from cartload.bus import Bus
from cartload.commands import Command, Remove, Reply
from cartload.coordination import Coordination, Item, Stage
from cartload.errors import CartloadError, StoppedError, TransitionError
from cartload.events import (
    Answer,
    Answered,
    Asked,
    Event,
    PlanMade,
    Question,
    SessionEnded,
)
from cartload.ledger import NoLedger
from cartload.origins import Trust
from cartload.progress import Progress, Report
from cartload.resolving import Resolved, Resolving
from cartload.retry import RetryPolicy
from cartload.selection import Selection
from cartload.state import SessionInput, SessionState
from cartload.work import Order, Work
from cartload.workers import Clock, Inbox, Pace, StopSignal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cartload.bus import Listener
    from cartload.credentials import Credentials
    from cartload.ledger import Ledger
    from cartload.manifest import ManifestSource
    from cartload.model import Origin, SeriesUID
    from cartload.plan import Plan
    from cartload.registry import Registry
    from cartload.repair import Repair
    from cartload.settings import Settings


def _nobody(_: Origin) -> None:
    """Give no credentials."""


class Session:
    """Drives one cart: ``prepare`` makes the plan, ``run`` carries it out, ``close`` cleans up.

    Both block, and call the listeners in their own thread. The commands (``answer``, ``pause``,
    ``resume``, ``cancel``, ``remove``) may come from any thread, from a listener or from a signal handler.
    ``root`` is the cart's folder: the manifest's stem, made safe, below *directory*, or that of the *repair*.
    *credentials* gives what the user gave beforehand for an origin, *trust* says which origins may have any;
    they are asked for only when the cart holds what a guest may not have. *ledger* remembers which policies
    the user accepted; without it the user is asked for each new cart. *asks_again* asks every time if the
    policy is accepted, and what to do with what is there, even where an earlier run has settled it.
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
        repair: Repair | None = None,
        credentials: Callable[[Origin], Credentials | None] | None = None,
        trust: Trust | None = None,
        ledger: Ledger | None = None,
        asks_again: bool = False,
    ) -> None:
        self.root = repair.root if repair else directory / paths.component(source.stem, fallback="cart")
        self._source = source
        self._repair = repair
        self._settings = settings = repair.settings(settings) if repair else settings
        self._server = server
        self._clock = clock or Clock()
        self._retry = retry or RetryPolicy()
        self._credentials = credentials or _nobody
        self._trust = trust or Trust()
        self._ledger = ledger or NoLedger()
        self._asks_again = asks_again
        self._selection = Selection(settings, registry, self._clock)
        self._bus = Bus()
        self._inbox: Inbox[Item] = Inbox()
        self._stop = StopSignal()
        self._stage = Stage(self._bus.publish)
        self._coordination = Coordination(self._stage, self._inbox, self._bus.publish)
        self._progress = Progress(self._clock.time)
        self._bus.subscribe(self._progress)
        self._plan: Plan | None = None
        self._resolved: Resolved | None = None
        self._work: Work | None = None
        self._retrying = False
        self._chosen: frozenset[SeriesUID] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def state(self) -> SessionState:
        """Say where the session is."""
        return self._stage.state

    @property
    def plan(self) -> Plan | None:
        """Give the plan, once there is one."""
        return self._plan

    @property
    def can_retry(self) -> bool:
        """Tell whether the run is over and a series failed that another attempt might bring."""
        return self._stage.state is SessionState.FINISHED and self._progress.has_retryable_failures

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
        """Make the plan, asking what must be asked; nothing is written yet, but for what the ledger keeps.

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
        if self._resolved is None:
            raise TransitionError("it is not prepared: nobody was asked yet.", subject=self._source.name)
        work, self._retrying = (self._work if self._retrying else None), False
        if work is not None:
            self._coordination.obey_waiting(
                work.run
            )  # a pause that came after the end must not hold what begins now
        self._stage.step(SessionInput.START if work is None else SessionInput.RETRY_FAILED)
        try:
            if work is None:
                work = self._work = self._open(self._resolved)
            else:
                work.run.retry_failed(self._chosen)
            self._coordination.carry_out(work.run)
        except BaseException:
            if not self._stage.state.is_final:
                self._stage.step(SessionInput.FAILED)
            raise
        finally:
            if not self.can_retry:
                self.close()
            self._bus.publish(SessionEnded.counting(self._progress.snapshot().counts))
        return self.report()

    def retry_failed(self, uids: Iterable[SeriesUID] | None = None) -> None:
        """Have the next ``run`` try failed series again, where ``can_retry``: all, or those of *uids*."""
        self._retrying, self._chosen = True, None if uids is None else frozenset(uids)

    def answer(self, question: Question, answer: Answer) -> None:
        """Answer a question that an ``Asked`` event brought."""
        self._inbox.put(Reply(question, answer))

    def pause(self) -> None:
        """Let go of what is being fetched, keeping what arrived; a second call does no harm."""
        self._inbox.put(Command.PAUSE)

    def resume(self) -> None:
        """Go on where it was paused."""
        self._inbox.put(Command.RESUME)

    def cancel(self) -> None:
        """End the session as soon as workers can let go; a later session takes it up again."""
        self._stop.request()
        self._inbox.put(Command.CANCEL)

    def remove(self, uids: Iterable[SeriesUID]) -> None:
        """Take series out of this cart, before or during the run; files are never deleted."""
        self._inbox.put(Remove(tuple(uids)))

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
        self._stage.step(SessionInput.ASKED)
        self._bus.publish(Asked(question))
        while True:
            item = self._hear(None)
            if isinstance(item, Reply) and item.question == question:
                self._stage.step(SessionInput.ANSWER)
                self._bus.publish(Answered.by(question, item.answer))
                return item.answer

    def sleep(self, seconds: float) -> None:
        """Wait; raises StoppedError when the session is cancelled meanwhile."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            self._hear(left)

    def _hear(self, seconds: float | None) -> Item | None:
        """Take what comes while the cart is resolved; what is meant for the run waits for it."""
        item = self._inbox.get(seconds)
        if item is Command.CANCEL:
            raise self._cancelled()
        if item is not None and not isinstance(item, Reply):
            self._coordination.wait_for_run(item)
        return item

    def _cancelled(self) -> StoppedError:
        return StoppedError("the session was cancelled.", subject=self._source.name)

    # --- the two halves of a session ------------------------------------------------------------

    def _resolve(self, *, asking: bool) -> Plan:
        self._stage.step(SessionInput.RESOLVE)
        resolving = Resolving(
            selection=self._selection,
            existing=self._settings.existing,
            root=self.root,
            retry=self._retry,
            stop=self._stop,
            time=self._clock.time,
            conversation=self,
            asking=asking,
            trust=self._trust,
            beforehand=self._credentials,
            repair=self._repair,
            ledger=self._ledger,
            asks_again=self._asks_again,
        )
        try:
            resolved = resolving.resolve(self._source, self._server)
            while self._hear(0) is not None:
                pass
        except BaseException as error:
            is_cancelled = self._stop.requested and isinstance(error, CartloadError)
            self._stage.step(SessionInput.CANCEL if is_cancelled else SessionInput.FAILED)
            if is_cancelled:  # a connection that was closed for it ends in an error of its own
                raise self._cancelled() from error
            raise
        self._plan = resolved.plan
        self._resolved = resolved if asking else None
        self._bus.publish(PlanMade(resolved.plan))
        self._stage.step(SessionInput.PLANNED)
        return resolved.plan

    def _open(self, resolved: Resolved) -> Work:
        attempts = resolved.manifest.attempts or self._retry.attempts
        return Work(
            Order(
                resolved=resolved,
                root=self.root,
                jobs=self._settings.jobs,
                check=self._settings.check,
                storage_name=self._settings.storage,
                clock=self._clock,
                pace=Pace(self._settings.limit_rate, self._clock.monotonic),
                retry=evolve(self._retry, attempts=attempts),
                publish=self._bus.publish,
                report=self._inbox.put,
                repair=self._repair,
            )
        )
