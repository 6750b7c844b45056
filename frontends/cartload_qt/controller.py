"""What the window does, without a window: one cart at a time, from its file to the end of its download."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from cartload.errors import StoppedError
from cartload.events import (
    Asked,
    LoginQuestion,
    ManifestRead,
    PlanMade,
    SeriesDescribed,
    SessionChanged,
    TaskChanged,
)
from cartload.plan import Need, Plan
from cartload.progress import Progress, Report
from cartload.state import SessionState, TaskState
from cartload_qt.bridge import Bridge, Outcome
from cartload_qt.errand import Errand, Opened
from cartload_qt.stage import Action, Stage, Standing, possible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from cartload.events import Answer, Event, Question
    from cartload.manifest import Manifest
    from cartload.model import Origin, SeriesUID
    from cartload_common.redaction import Redaction
    from cartload_qt.choices import Choices

    Tell = Callable[[object], None]

_STAGES: Mapping[SessionState, Stage] = {
    SessionState.RUNNING: Stage.RUNNING,
    SessionState.PAUSING: Stage.PAUSING,
    SessionState.PAUSED: Stage.PAUSED,
    SessionState.CANCELLING: Stage.STOPPING,
}
"""The session's states that the window shows as its own."""

_MOST_AT_ONCE = 2000
"""Series that are told of as removed before the window gets a turn."""


class Controller(QObject):
    """Holds the cart and its session; everything it says is a signal, in the thread that draws.

    ``stage_changed`` (Stage); ``described`` (so many series, of so many); ``planned``
    (Plan); ``happened`` (list of events, in order); ``asked`` (Question: call ``answer``); ``refused`` (the
    error for which there is no cart, or no download); ``finished`` (Report).
    """

    stage_changed = pyqtSignal(object)
    described = pyqtSignal(int, int)
    planned = pyqtSignal(object)
    happened = pyqtSignal(list)
    asked = pyqtSignal(object)
    refused = pyqtSignal(object)
    finished = pyqtSignal(object)

    def __init__(self, redact: Redaction, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._redact = redact
        self._bridge = Bridge(self)
        self._bridge.told.connect(self._hear)
        self._bridge.ended.connect(self._end)
        self._conclude: Callable[[Outcome], None] = self._inspected
        self._errand: Errand | None = None
        self._next: Callable[[], None] | None = None
        self._removed: set[SeriesUID] = set()
        self._to_publish: deque[SeriesUID] = deque()
        self._trusted: set[Origin] = set()
        self._ran = False
        self._is_declined = False
        self.stage = Stage.EMPTY
        self.progress = Progress(time.time)
        self.path: Path | None = None
        self.opened: Opened | None = None
        self.manifest: Manifest | None = None
        self.plan = Plan(())
        self.report: Report | None = None
        self.began = time.time()

    # --- what the user wants ----------------------------------------------------------------------

    def possible(self, selected: Iterable[TaskState] = ()) -> frozenset[Action]:
        """Say which actions can do something now, with series of these states *selected*."""
        startable = len(self.plan.tasks) - len(self._removed)
        can_retry = self.stage is Stage.ENDED and self._errand is not None and self._errand.can_retry
        return possible(Standing(self.stage, tuple(selected), startable, can_retry=can_retry))

    def open(self, path: Path, choices: Choices) -> None:
        """Read a manifest and say what is in it; what was open before is closed."""
        self._when_free(partial(self._open, path, choices))

    def start(self, choices: Choices) -> None:
        """Bring the cart home."""
        if Action.START in self.possible() and self.path is not None:
            errand = self._errand = Errand(self.path, choices, self._redact, self._trusted)
            self.report, self.began = None, time.time()
            self._ran = self._is_declined = False
            self._go(Stage.PREPARING)
            removed = tuple(self._removed)
            self._begin(lambda tell: errand.fetch(tell, removed), self._fetched)

    def retry(self, uids: Iterable[SeriesUID] | None = None) -> None:
        """Try failed series again: all, or those of *uids*."""
        if self._errand is not None and self.report is not None and Action.RETRY in self.possible():
            errand, wanted = self._errand, None if uids is None else set(uids)
            failed = [short.series_uid for short in self.report.shortfalls]
            chosen = [uid for uid in failed if uid not in self._removed and (wanted is None or uid in wanted)]
            self.report, self._is_declined = None, False
            self._go(Stage.RUNNING)
            self._begin(lambda _: errand.retry(chosen), self._fetched)

    def pause(self) -> None:
        """Let go of what is being fetched, and keep it."""
        if self._errand is not None:
            self._errand.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._errand is not None:
            self._errand.resume()

    def stop(self) -> None:
        """End what is being done, as soon as it can let go; all of it can be taken up again."""
        if self._errand is not None and self.stage.is_working and self.stage is not Stage.STOPPING:
            self._go(Stage.STOPPING)
            self._errand.cancel()

    def remove(self, uids: Iterable[SeriesUID]) -> None:
        """Take series out of this cart; files are never deleted."""
        chosen = [uid for uid in uids if uid in self.plan.by_uid]
        if not self.stage.is_working:
            fresh = [uid for uid in chosen if uid not in self._removed]
            self._removed.update(fresh)
            self._publish_removed(fresh)
        elif self._errand is not None and Action.DELETE in self.possible({TaskState.QUEUED}):
            self._errand.remove(chosen)

    def answer(self, question: Question, answer: Answer | None, *, keep: bool = False) -> None:
        """Answer what was asked; None ends the session instead. *keep* has a login kept in the keyring."""
        if self._errand is None:
            return
        # Who said no knows what became of it; a guest goes on.
        self._is_declined = answer is False and not isinstance(question, LoginQuestion)
        if answer is None:
            self.stop()
        else:
            self._errand.answer(question, answer, keep=keep)

    @property
    def doubtful(self) -> Origin | None:
        """Give the cart's archive where it is unknown, and a start would need a login there."""
        if self.manifest is None or self.opened is None or not self.plan.having(Need.DENIED):
            return None
        origin = self.opened.unknown_origin(self.manifest)
        return None if origin in self._trusted else origin

    def trust(self, origin: Origin) -> None:
        """Remember, as long as this cart is open, that the user says that *origin* may be sent a login."""
        self._trusted.add(origin)

    def close(self) -> None:
        """Let go of the cart, ending what is being done for it."""
        self._when_free(self._clear)

    # --- one thing after the other ----------------------------------------------------------------

    def _when_free(self, following: Callable[[], None]) -> None:
        """Do what follows when nothing is at work, and nothing holds the destination any more."""
        if self._bridge.is_busy:
            self._next = following
            self.stop()
        elif self._errand is not None and self._errand.can_retry:
            errand, self._errand, self._next = self._errand, None, following
            self._begin(lambda _: errand.close(), lambda _: None)
        else:
            following()

    def _begin(self, work: Callable[[Tell], object], conclude: Callable[[Outcome], None]) -> None:
        self._conclude = conclude
        self._bridge.begin(work)

    def _open(self, path: Path, choices: Choices) -> None:
        self._clear()
        self.path = path
        errand = self._errand = Errand(path, choices, self._redact, self._trusted)
        self._go(Stage.READING)
        self._begin(errand.inspect, self._inspected)

    def _clear(self) -> None:
        self._errand = self.path = self.opened = self.manifest = self.report = None
        self._removed = set()
        self._trusted = set()
        self._plan(Plan(()))
        self._go(Stage.EMPTY)

    def _end(self, outcome: Outcome) -> None:
        self._conclude(outcome)
        following, self._next = self._next, None
        if following is not None:
            self._when_free(following)

    def _inspected(self, outcome: Outcome) -> None:
        if outcome.error is None:
            self._go(Stage.SHOWN)
            return
        error = outcome.error
        self._clear()
        self._refuse(error)

    def _fetched(self, outcome: Outcome) -> None:
        if isinstance(outcome.value, Report):
            self.report = outcome.value
        elif self._ran:
            self.report = self.progress.report()
        self._go(Stage.SHOWN if self.report is None else Stage.ENDED)
        if self.report is not None:
            self.finished.emit(self.report)
        if outcome.error is not None and not self._is_declined:
            self._refuse(outcome.error)

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, StoppedError):
            self.refused.emit(error)

    def _go(self, stage: Stage) -> None:
        if stage is not self.stage:
            self.stage = stage
            self.stage_changed.emit(stage)

    # --- what the session tells -------------------------------------------------------------------

    def _hear(self, batch: list[object]) -> None:
        events: list[Event] = []
        for told in batch:
            if isinstance(told, Opened):
                self.opened = told
                self.progress = Progress(time.time)
            else:
                event: Event = told  # type: ignore[assignment]  # a session tells nothing else
                self.progress(event)
                events.append(event)
                self._take(event)
        if events:
            self.happened.emit(events)

    def _take(self, event: Event) -> None:
        match event:
            case ManifestRead(manifest):
                self.manifest = manifest
            case SeriesDescribed(described, total):
                self.described.emit(described, total)
            case PlanMade(plan):
                self._plan(plan)
            case Asked(question):
                self.asked.emit(question)
            case SessionChanged(_, new) if new in _STAGES:
                self._ran = True
                if self.stage is not Stage.STOPPING:
                    self._go(_STAGES[new])
            case _:
                pass

    def _plan(self, plan: Plan) -> None:
        self.plan = plan
        self.planned.emit(plan)
        self._removed &= plan.by_uid.keys()
        self._to_publish.clear()
        self._publish_removed(self._removed)

    def _publish_removed(self, uids: Iterable[SeriesUID]) -> None:
        """Show as removed what the next session will be told to leave out; many of them turn by turn."""
        self._to_publish.extend(uids)
        self._publish_some()

    def _publish_some(self) -> None:
        taken = [self._to_publish.popleft() for _ in range(min(len(self._to_publish), _MOST_AT_ONCE))]
        if taken:
            self.happened.emit([TaskChanged(uid, TaskState.QUEUED, TaskState.REMOVED) for uid in taken])
        if self._to_publish:
            QTimer.singleShot(0, self._publish_some)
