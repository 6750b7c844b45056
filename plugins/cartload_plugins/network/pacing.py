"""Notices what looks like an answer and is none: a server that drips, headers without end or cut off."""

from __future__ import annotations

import io
import time
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

_BUFFER = 64 * 1024
"""Bytes read at once: servlet containers send chunks of 8 KiB, which would be as many system calls."""

SLOWEST = 1024
"""Bytes a second, over as long as the connection's own timeout; less is as good as silence."""


MOST_HEADERS = 1024 * 1024
"""Bytes of headers, those of interim answers (100 Continue) and trailers included."""


class PacedResponse(HTTPResponse):
    """An answer whose bytes are read in large pieces, no slower than is worth waiting for, and that ends."""

    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._paced = PacedReader(self.fp.detach(), sock.gettimeout())
        self.fp = io.BufferedReader(self._paced, _BUFFER)

    def begin(self) -> None:
        """Read the headers; raises IncompleteRead when the connection ends within them.

        The library takes those that came for all: the length that was to follow is lost, and with it the
        knowledge that the body is not there.
        """
        self._paced.left = MOST_HEADERS
        super().begin()
        self._paced.left = None
        if self._paced.has_ended:
            raise IncompleteRead(b"")

    def _read_and_discard_trailer(self) -> None:
        """Pass over what follows the last chunk, in the library's place, which would do so for ever."""
        self._paced.left = MOST_HEADERS
        while self.fp.readline(_BUFFER) not in {b"", b"\n", b"\r\n"}:
            pass
        self._paced.left = None


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
        self.has_ended = False
        """Whether somebody read on when there was nothing more."""
        self.left: int | None = None
        """How many bytes may come before it is too much; None while there is no bound."""

    def readable(self) -> bool:
        """Tell that it can be read from."""
        return True

    def fileno(self) -> int:
        """Give the socket's own number."""
        return self._raw.fileno()

    def readinto(self, target: memoryview) -> int | None:  # type: ignore[override]  # what BufferedReader gives
        """Read once, and count what it took."""
        before = self._clock()
        count = self._raw.readinto(target)
        self.has_ended = count == 0
        self._bound(count or 0)
        if self._begun and self._patience is not None:
            self._waited += self._clock() - before
            self._come += count or 0
            self._judge(self._patience)
        self._begun = True
        return count

    def close(self) -> None:
        """Close the connection's side of it too."""
        self._raw.close()
        super().close()

    def _bound(self, count: int) -> None:
        if self.left is not None:
            self.left -= count
            if self.left < 0:
                raise HTTPException("headers without end")

    def _judge(self, patience: float) -> None:
        if self._come >= SLOWEST * patience:
            self._come, self._waited = 0, 0.0
        elif self._waited > patience:
            raise TimeoutError("the server drips")
