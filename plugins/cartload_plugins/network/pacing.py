"""Notices a server that drips: each byte comes in time, and the whole would take days."""

from __future__ import annotations

import io
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

_BUFFER = 64 * 1024
"""Bytes read at once: servlet containers send chunks of 8 KiB, which would be as many system calls."""

SLOWEST = 1024
"""Bytes a second, over as long as the connection's own timeout; less is as good as silence."""


class PacedResponse(HTTPResponse):
    """An answer whose bytes are read in large pieces, and no slower than is worth waiting for."""

    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(PacedReader(self.fp.detach(), sock.gettimeout()), _BUFFER)


class PacedReader(io.RawIOBase):
    """Reads from *raw*; raises TimeoutError once it waited *patience* seconds for too little.

    Only the time inside reads counts, not what the caller does between them, and not the wait for the first
    byte, which the connection's timeout bounds already.
    """

    def __init__(
        self, raw: io.RawIOBase, patience: float | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._raw = raw
        self._patience = patience
        self._clock = clock
        self._begun = False
        self._waited = 0.0
        self._come = 0

    def readable(self) -> bool:
        """Tell that it can be read from."""
        return True

    def fileno(self) -> int:
        """Give the socket's own number."""
        return self._raw.fileno()

    def readinto(self, target: memoryview) -> int | None:  # type: ignore[override]  # what BufferedReader gives
        """Read once, and count what it took."""
        if self._patience is None:
            return self._raw.readinto(target)
        before = self._clock()
        count = self._raw.readinto(target)
        if self._begun:
            self._waited += self._clock() - before
            self._come += count or 0
            self._judge(self._patience)
        self._begun = True
        return count

    def close(self) -> None:
        """Close the connection's side of it too."""
        self._raw.close()
        super().close()

    def _judge(self, patience: float) -> None:
        if self._come >= SLOWEST * patience:
            self._come, self._waited = 0, 0.0
        elif self._waited > patience:
            raise TimeoutError("the server drips")
