"""How much has arrived, told at most about ten times a second for a whole session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.events import BytesReceived, Received

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.events import Event
    from cartload.retrieval import Retrieval
    from cartload.tasks import Tasks

TICK = 0.1
"""Seconds between two events about bytes, at least."""


class Arrivals:
    """Adds up the meters of all series, those that are over included."""

    def __init__(self, tasks: Tasks, publish: Callable[[Event], None]) -> None:
        self._tasks = tasks
        self._publish = publish
        self._over = 0
        self._told = 0
        self._next_tick = 0.0

    def end(self, retrieval: Retrieval) -> None:
        """Count what came of a retrieval that is over, before it is forgotten."""
        self._over += retrieval.meter.total

    def tick(self, now: float) -> None:
        """Tell, if it was not told a moment ago."""
        if now >= self._next_tick:
            self._next_tick = now + TICK
            self.tell()

    def tell(self) -> None:
        """Tell how much has arrived, unless nothing has since it was told last."""
        begun = [
            (uid, running.retrieval.meter)
            for uid, running in self._tasks.begun()
            if running.retrieval is not None
        ]
        total = self._over + sum(meter.total for _, meter in begun)
        if total != self._told:
            self._told = total
            series = tuple(
                Received(uid, meter.images, meter.bytes)
                for uid, meter in begun
                if self._tasks.state(uid).is_active
            )
            self._publish(BytesReceived(series, total))
