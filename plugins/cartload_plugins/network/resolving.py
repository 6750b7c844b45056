"""The look-up of a name that does not keep anybody waiting for long."""

from __future__ import annotations

import socket
import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cartload.ports import Stop

_GLANCE = 0.1
"""Seconds between two looks at the stop."""


def addresses(host: str, seconds: float, stop: Stop) -> tuple[str, ...]:
    """Give the IP addresses of *host*, each once; raises OSError, which is a TimeoutError after *seconds*.

    The system's own look-up cannot be broken off, so it is left to a thread that nobody waits for. A stop
    ends the wait as if the time were over.
    """
    found: SimpleQueue[tuple[str, ...] | OSError] = SimpleQueue()
    Thread(target=_look_up, args=(host, found), name=f"look-up of {host}", daemon=True).start()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not stop.requested:
        try:
            said = found.get(timeout=_GLANCE)
        except Empty:
            continue
        if isinstance(said, OSError):
            raise said
        return said
    raise TimeoutError


def _look_up(host: str, found: SimpleQueue[tuple[str, ...] | OSError]) -> None:
    try:
        told = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        found.put(error)
    except UnicodeError as error:  # a label that is too long
        found.put(OSError(str(error)))
    else:
        found.put(tuple(dict.fromkeys(str(address[0]) for *_, address in told)))
