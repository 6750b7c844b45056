"""A server on loopback that takes each connection in a thread of its own, and lets go of all when it ends."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self


class Listening:
    """Accepts while its ``with`` block lasts; ``serve`` says what becomes of a connection."""

    def __init__(self) -> None:
        self._closing = Event()
        self._lock = Lock()
        self._threads: list[Thread] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def serve(self, connection: socket.socket) -> None:
        """Talk on one connection, in its own thread; it may end in OSError when all ends."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            waiting = list(self._open)
        for connection in waiting:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # of one over TLS, too, without goodbye
        for thread in self._threads:
            thread.join()

    def kept(self, connection: socket.socket) -> socket.socket:
        """Have a connection shut when all ends."""
        with self._lock:
            self._open.append(connection)
        return connection

    def _start(self, work: Callable[[], None]) -> None:
        thread = Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.kept(connection)
            self._start(lambda connection=connection: self.serve(connection))  # type: ignore[misc]  # bound now
