"""Keeps a Mac and a Windows computer awake."""

from __future__ import annotations

import ctypes
import logging
import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_logger = logging.getLogger(__name__)

CONTINUOUS = 0x80000000
SYSTEM_REQUIRED = 0x00000001
"""``ES_CONTINUOUS`` and ``ES_SYSTEM_REQUIRED`` of winbase.h."""


class Caffeinate:
    """macOS: its own program, which also ends when this process does."""

    def __init__(
        self, program: Sequence[str] = ("/usr/bin/caffeinate", "-i", "-w", str(os.getpid()))
    ) -> None:
        self._program = program
        self.child: subprocess.Popen[bytes] | None = None

    def hold(self, why: str) -> None:
        """Start it; it has no words for *why*."""
        del why
        try:
            self.child = subprocess.Popen(  # noqa: S603 - a program of the system
                self._program,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            _logger.info("the computer may fall asleep: %s", error)

    def release(self) -> None:
        """End it; it does nothing that could take long."""
        child, self.child = self.child, None
        if child is not None:
            child.kill()
            child.wait()


class ExecutionState:
    """Windows: a state of the thread that asks, so both calls have to come from the same one."""

    def __init__(self, change: Callable[[int], int] | None = None) -> None:
        self._change = change or _set_execution_state

    def hold(self, why: str) -> None:
        """Set it; it has no words for *why*."""
        del why
        if not self._change(CONTINUOUS | SYSTEM_REQUIRED):
            _logger.info("the computer may fall asleep: Windows refused")

    def release(self) -> None:
        """Set it back."""
        self._change(CONTINUOUS)


def _set_execution_state(state: int) -> int:
    windows = getattr(ctypes, "windll", None)
    return int(windows.kernel32.SetThreadExecutionState(state)) if windows else 0
