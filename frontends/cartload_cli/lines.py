"""Plain lines for a log or a pipe: what happened, and now and then how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TextIO

from cartload.state import SessionState, TaskState
from cartload_common import texts
from cartload_common.messages import Loudness, Message, messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.events import Event
    from cartload.progress import Snapshot
    from cartload_common.watching import Watching

STATUS_SECONDS = 10.0
STATUS_PERCENT = 10
LEAST_SECONDS = 1.0
"""Between two status lines, however fast it goes."""


class Pace:
    """Says when a status line is due: after so many seconds, or so many percent."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._told_at = clock()
        self._told_percent = 0

    def is_due(self, percent: Callable[[], int]) -> bool:
        """Tell whether one is due now, and count it as written; *percent* is asked only where it matters."""
        elapsed = self._clock() - self._told_at
        if elapsed < LEAST_SECONDS:
            return False
        done = percent()
        if elapsed < STATUS_SECONDS and done < self._told_percent + STATUS_PERCENT:
            return False
        self._told_at, self._told_percent = self._clock(), done - done % STATUS_PERCENT
        return True


class PlainLines:
    """A view that writes lines; ``clock`` gives seconds."""

    def __init__(
        self, watching: Watching, loudness: Loudness, stream: TextIO, clock: Callable[[], float]
    ) -> None:
        self._watching = watching
        self._loudness = loudness
        self._stream = stream
        self._pace = Pace(clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.flush()

    def __call__(self, event: Event) -> None:
        """Write what there is to say of *event*, and a status line when one is due."""
        for message in messages(event, self._watching.task):
            self.say(message)
        if self._loudness > Loudness.QUIET and self._pace.is_due(self._percent):
            self._tell_status()

    def say(self, message: Message) -> None:
        """Write one message, if it is loud enough to be heard."""
        if message.least <= self._loudness:
            print(message.text, file=self._stream, flush=True)

    def _percent(self) -> int:
        return percent_of(self._watching.snapshot())

    def _tell_status(self) -> None:
        if line := status_line(self._watching.snapshot()):
            self.say(Message(line))


def percent_of(snapshot: Snapshot) -> int:
    """Give the percentage of the bytes that are here, rounded down: 100 means all."""
    return snapshot.done * 100 // snapshot.total if snapshot.total else 0


def status_line(snapshot: Snapshot) -> str:
    """Say how far the session is; nothing when there is nothing to wait for."""
    if snapshot.state in {SessionState.NEW, SessionState.RESOLVING} and snapshot.cart:
        return f"{snapshot.described:,} of {texts.count(snapshot.cart, 'series')} described"
    if snapshot.state is SessionState.RUNNING:
        return f"{percent_of(snapshot):3d}%: {', '.join(status_parts(snapshot))}"
    return ""


def status_parts(snapshot: Snapshot) -> list[str]:
    """Say how many series and bytes are here, how fast it goes, what is left, and what went wrong."""
    complete, total = series_counts(snapshot)
    parts = [
        f"{complete:,} of {texts.count(total, 'series')}",
        f"{texts.size(snapshot.done)} of {texts.size(snapshot.total)}",
    ]
    if snapshot.rate:
        parts.append(texts.rate(snapshot.rate))
    if snapshot.left is not None:
        parts.append(f"{texts.duration(snapshot.left)} left")
    for state, words in ((TaskState.WAITING, "waiting for another attempt"), (TaskState.FAILED, "failed")):
        if number := snapshot.counts.get(state, 0):
            parts.append(f"{number:,} {words}")
    return parts


def series_counts(snapshot: Snapshot) -> tuple[int, int]:
    """Count the series that this run has brought, and those that it has to bring."""
    counts = snapshot.counts
    elsewhere = sum(counts.get(state, 0) for state in _NOT_TO_BRING)
    return counts.get(TaskState.COMPLETE, 0), sum(counts.values()) - elsewhere


_NOT_TO_BRING = (TaskState.ALREADY_HELD, TaskState.DENIED, TaskState.REMOVED, TaskState.LEFT_OUT)
