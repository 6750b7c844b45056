"""From the thread in which a session works to the one that draws: what it tells, in order, in small batches.

A session calls its listeners in its own thread, as often as it has something to tell. Here they are put on a
queue, and a timer of the drawing thread takes them off, a bounded number at a time, so that the window stays
awake however much there is.
"""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

BEAT = 40
"""Milliseconds between two looks at the queue: what people see as at once."""

MOST_AT_ONCE = 400
"""Things told that are handed on together; what follows them waits for the next turn of the event loop."""


@frozen
class Outcome:
    """What came of some work: its value, or the error that ended it."""

    value: object = None
    error: Exception | None = None


class Bridge(QObject):
    """Does one piece of work at a time in a thread; tells what it tells, and what came of it.

    ``told`` brings a list of what the work said, ``ended`` its Outcome, after all that it said.
    """

    told = pyqtSignal(list)
    ended = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[object] = deque()
        self._outcome: Outcome | None = None
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Tell whether something is being done, or its end not yet told."""
        return self._thread is not None

    def begin(self, work: Callable[[Callable[[object], None]], object]) -> None:
        """Call *work* in a thread, with the function by which it tells things; one at a time."""
        if self._thread is not None:
            raise RuntimeError("the one before is still at work")
        self._outcome = None
        # Who leaves does not wait for a server that does not answer: what is stored is safe at any moment.
        self._thread = threading.Thread(target=self._perform, args=(work,), name="session", daemon=True)
        self._thread.start()
        self._timer.start(BEAT)

    def _perform(self, work: Callable[[Callable[[object], None]], object]) -> None:
        try:
            outcome = Outcome(work(self._waiting.append))
        except Exception as error:  # noqa: BLE001 - it is handed on, whatever it is
            outcome = Outcome(error=error)
        self._outcome = outcome

    def _look(self) -> None:
        over = self._outcome  # looked at before the queue: nothing is told after it
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
        if batch:
            self.told.emit(batch)
        self._timer.start(0 if batch else BEAT)
        if over is not None and not batch:  # the end has a turn of its own: each may take a moment to show
            self._timer.stop()
            if self._thread is not None:
                self._thread.join()
            self._thread = None
            self.ended.emit(over)


class Beside(QObject):
    """Does what touches the disk, one thing after the other, in a thread; ``failed`` brings an error."""

    failed = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = Bridge(self)
        self._bridge.ended.connect(self._go_on)
        self._waiting: deque[Callable[[], Callable[[], object]]] = deque()

    @property
    def is_busy(self) -> bool:
        """Tell whether something is still to be done."""
        return self._bridge.is_busy or bool(self._waiting)

    def do(self, work: Callable[[], T], then: Callable[[T], object] | None = None) -> None:
        """Have *work* done when all before it is; *then* is given what came of it, in this thread."""
        self._waiting.append(lambda: partial(then or _nothing, work()))
        if not self._bridge.is_busy:
            self._begin()

    def _begin(self) -> None:
        work = self._waiting.popleft()
        self._bridge.begin(lambda _: work())

    def _go_on(self, outcome: Outcome) -> None:
        if self._waiting:
            self._begin()
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        elif callable(outcome.value):
            outcome.value()


def _nothing(_: object) -> None:
    """Do nothing with what came of it."""
