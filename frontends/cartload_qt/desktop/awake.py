"""Keeps the computer from falling asleep of itself while something is downloaded; the screen may go dark."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


class Inhibitor(Protocol):
    """A way to keep the computer awake. Neither call raises, and neither makes the caller wait."""

    def hold(self, why: str) -> None:
        """Keep it awake from now on; *why* is what the system shows."""
        ...

    def release(self) -> None:
        """Let it sleep again."""
        ...


class Awake:
    """Holds and releases all of this system's ways; as often as one likes, and as a context."""

    def __init__(self, ways: tuple[Inhibitor, ...], why: str) -> None:
        self._ways = ways
        self._why = why
        self._is_held = False

    def hold(self) -> None:
        """Keep the computer awake."""
        if not self._is_held:
            self._is_held = True
            for way in self._ways:
                way.hold(self._why)

    def release(self) -> None:
        """Let the computer sleep again."""
        if self._is_held:
            self._is_held = False
            for way in self._ways:
                way.release()

    def __enter__(self) -> Self:
        self.hold()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def ways_here(system: str = sys.platform) -> tuple[Inhibitor, ...]:
    """Give the ways that this system has."""
    if system == "darwin":
        from cartload_qt.desktop.awake_elsewhere import Caffeinate  # noqa: PLC0415 - of this system alone

        return (Caffeinate(),)
    if system == "win32":
        from cartload_qt.desktop.awake_elsewhere import ExecutionState  # noqa: PLC0415 - likewise

        return (ExecutionState(),)
    from cartload_qt.desktop.awake_linux import ways_of_the_buses  # noqa: PLC0415 - likewise

    return ways_of_the_buses()
