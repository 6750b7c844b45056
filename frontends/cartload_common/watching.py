"""Progress that may be looked at from a display's own thread while events come in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from cartload.events import SessionChanged
from cartload.progress import Progress
from cartload.state import SessionState

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.events import Event
    from cartload.model import SeriesUID
    from cartload.plan import Task
    from cartload.progress import Report, Snapshot


class Watching:
    """Listens to a session, as ``Progress`` does, and answers from any thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._progress = Progress(clock)
        self._lock = threading.Lock()
        self.has_begun = False

    def __call__(self, event: Event) -> None:
        """Take in one event; ``has_begun`` tells from then on whether the plan is being carried out."""
        if isinstance(event, SessionChanged) and event.new is SessionState.RUNNING:
            self.has_begun = True
        with self._lock:
            self._progress(event)

    @property
    def server(self) -> str:
        """Name the server; empty before the manifest is read."""
        return self._progress.server

    def snapshot(self) -> Snapshot:
        """Say how the session stands now."""
        with self._lock:
            return self._progress.snapshot()

    def report(self) -> Report:
        """Say what came of the session so far."""
        with self._lock:
            return self._progress.report()

    def task(self, uid: SeriesUID) -> Task:
        """Give the task of one series of the plan."""
        return self._progress.task(uid)
