"""Watches the thread that draws: how long it is kept, and whether it waits for a disk or a network."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from attrs import field, mutable
from PyQt6.QtCore import QTimer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

BEAT = 10
"""Milliseconds between two beats of a thread that has nothing to do."""

_BLOCKING = frozenset(
    {
        "open",
        "socket",
        "os",
        "shutil",
        "subprocess",
        "glob",
        "tempfile",
        "fcntl",
        "msvcrt",
        "sqlite3",
        "urllib",
    }
)
"""Audit events that tell of a disk, a network or another program begin so."""

_UNHEARD = ("stat", "lstat", "access", "fsync", "replace")
"""Calls of ``os`` of which the interpreter tells no hook, or not everywhere."""

_MOST_FRAMES = 12
_NOT_WAITING = frozenset({"os.putenv", "os.unsetenv"})

Hear = Callable[[str], None]


@mutable(eq=False)
class Watch:
    """What was noticed in one thread: the longest time between two beats, by step, and what it waited for."""

    longest: dict[str, float] = field(factory=dict)
    waits: list[str] = field(factory=list)
    step: str = ""
    beats: int = 0
    _thread: int = field(factory=threading.get_ident)
    _is_on: bool = False
    _since: float = 0.0

    def begin(self, step: str) -> None:
        """Go on watching, under the name of what happens now."""
        self.step = step
        self.longest.setdefault(step, 0.0)
        self._since = time.thread_time()
        self._is_on = True

    def end(self) -> None:
        """Watch no longer."""
        self._is_on = False

    def beat(self) -> None:
        """Note the time of the processor that this thread took since the last beat."""
        now = time.thread_time()
        self.beats += 1
        if self._is_on:
            self.longest[self.step] = max(self.longest[self.step], now - self._since)
        self._since = now

    def hear(self, event: str) -> None:
        """Note something that may take its time."""
        if self._is_on and threading.get_ident() == self._thread:
            # Without the lines of the source: they would have to be read, and that be heard again.
            frames = (frame for frame, _ in islice(traceback.walk_stack(None), _MOST_FRAMES))
            where = " < ".join(f"{frame.f_code.co_name}:{frame.f_lineno}" for frame in frames)
            self.waits.append(f"{self.step}: {event} at {where}")


_watches: list[Watch] = []
"""Those that hear now: a hook can never be taken back, so there is one for all."""


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _watches and event.partition(".")[0] in _BLOCKING and event not in _NOT_WAITING:
        for watch in _watches:
            watch.hear(f"{event} {arguments[:1]}")


sys.addaudithook(_audit)


@contextmanager
def watched(patch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Watch this thread, which has to be the one that draws."""
    watch = Watch()
    timer = QTimer()
    timer.timeout.connect(watch.beat)
    timer.start(BEAT)
    for name in _UNHEARD:
        patch.setattr(os, name, _heard(getattr(os, name), name, watch.hear))
    _watches.append(watch)
    gc.collect()
    gc.freeze()  # what other tests left behind is no matter of this window's
    try:
        yield watch
    finally:
        gc.unfreeze()
        _watches.remove(watch)
        timer.stop()


def _heard(call: Callable[..., object], name: str, hear: Hear) -> Callable[..., object]:
    def told(*arguments: object, **named: object) -> object:
        hear(f"os.{name} {arguments[:1]}")
        return call(*arguments, **named)

    return told
