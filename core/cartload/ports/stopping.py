"""The wish that work end, as every plugin that may wait is given it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


class Stop(Protocol):
    """Somebody's wish that the work end now; shared between threads."""

    @property
    def requested(self) -> bool:
        """Tell whether the work should end."""
        ...

    def closing(self, close: Callable[[], object]) -> AbstractContextManager[None]:
        """Call *close* (from another thread) if the stop is requested while the block runs.

        It lets a transport that waits for a stalled server be woken at once.
        """
        ...
