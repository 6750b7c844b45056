"""Which task is next: in the cart's order, within the limit, not before its time; pure."""

from __future__ import annotations

import heapq
from collections import deque
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cartload.model import SeriesUID


class Scheduler:
    """Hands out series, at most *limit* at once; all times are seconds of one clock.

    A series is in one place: adding or postponing it again moves it. Every step costs the same however
    large the cart: a place that was left or removed is passed over when its turn comes, known by its ticket.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._queue: deque[tuple[int, SeriesUID]] = deque()
        self._waiting: list[tuple[float, int, SeriesUID]] = []
        self._tickets: dict[SeriesUID, int] = {}
        self._running: set[SeriesUID] = set()
        self._numbers = count()

    def add(self, uids: Iterable[SeriesUID]) -> None:
        """Put series at the end of the queue."""
        for uid in uids:
            self._queue.append((self._ticket(uid), uid))

    def postpone(self, uid: SeriesUID, until: float) -> None:
        """Take a series back from its worker and hand it out again not before *until*."""
        self._running.discard(uid)
        heapq.heappush(self._waiting, (until, self._ticket(uid), uid))

    def release(self, uid: SeriesUID) -> None:
        """Take note that no worker has the series any more."""
        self._running.discard(uid)

    def remove(self, uid: SeriesUID) -> None:
        """Never hand the series out."""
        self._tickets.pop(uid, None)

    def next(self, now: float) -> SeriesUID | None:
        """Hand out the next series, those whose wait is over first; None when none may start now."""
        while len(self._running) < self._limit:
            place = self._pop(now)
            if place is None:
                return None
            ticket, uid = place
            if self._tickets.get(uid) == ticket:
                del self._tickets[uid]
                self._running.add(uid)
                return uid
        return None

    def wakes_at(self) -> float | None:
        """Say when the next waiting series may start; None when none waits or no worker is free."""
        while self._waiting and self._tickets.get(self._waiting[0][2]) != self._waiting[0][1]:
            heapq.heappop(self._waiting)
        if not self._waiting or len(self._running) >= self._limit:
            return None
        return self._waiting[0][0]

    @property
    def running(self) -> int:
        """Count the series in workers' hands."""
        return len(self._running)

    @property
    def is_done(self) -> bool:
        """Tell whether nothing runs, waits or is queued."""
        return not self._running and not self._tickets

    def _ticket(self, uid: SeriesUID) -> int:
        self._tickets[uid] = next(self._numbers)
        return self._tickets[uid]

    def _pop(self, now: float) -> tuple[int, SeriesUID] | None:
        if self._waiting and self._waiting[0][0] <= now:
            return heapq.heappop(self._waiting)[1:]
        return self._queue.popleft() if self._queue else None
