"""Ctrl-C and SIGTERM: the first stops cleanly, the second leaves at once."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING, Self

from cartload_common.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")
"""SIGBREAK is Ctrl-Break on Windows, and exists only there."""

_SHOW_CURSOR = b"\x1b[?25h\n"


class Interrupts:
    """While entered, turns signals into calls of *stop*; handlers are put back at the end."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._stopped = False
        self._asking = False
        self._before: dict[int, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._arrived)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Let a signal break off the question that is asked meanwhile: it raises KeyboardInterrupt."""
        self._asking = True
        try:
            yield
        finally:
            self._asking = False

    def _arrived(self, _number: int, _frame: FrameType | None) -> None:
        if self._asking:
            raise KeyboardInterrupt
        if self._stopped:
            _leave()
        self._stopped = True
        self._stop()


def _leave() -> None:
    """End the process here and now: what is on the disk is whole at any moment, so nothing is lost."""
    if os.isatty(2):
        os.write(2, _SHOW_CURSOR)
    os._exit(ExitCode.INTERRUPTED)
