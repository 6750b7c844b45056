"""How long the drawing thread is busy at once: its processor's time, in what an ordinary computer would take.

Waiting does not count. The machine's own pace, with whatever else runs on it, is taken out by a yardstick
that is measured in the same moment, and so is the tracing of coverage.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

GLANCE = 0.1
"""Seconds that it may spend at once on what comes by itself: nobody notices less."""

BLINK = 0.3
"""The same for what the user asks for, and waits for."""

_USUAL = 0.0075
"""Seconds that the yardstick takes on an ordinary computer."""

_TRACED = 4.0
"""How many times slower coverage makes what is traced, at the most: the yardstick is not."""


def spent(work: Callable[[], object]) -> float:
    """Do *work* and give the seconds that it would have taken."""
    before = time.thread_time()
    work()
    return (time.thread_time() - before) / pace()


def pace() -> float:
    """Say how many times slower than an ordinary computer this one is right now; never faster."""
    return max(1.0, _yardstick() / _USUAL) * (_TRACED if sys.gettrace() is not None else 1.0)


def _yardstick() -> float:
    before = time.thread_time()
    seen: dict[int, str] = {}
    for number in range(60_000):
        seen[number % 997] = str(number).lower()
    return time.thread_time() - before
