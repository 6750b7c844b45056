"""A server that says byte for byte what a test wants, and remembers what it heard."""

from __future__ import annotations

import socket
import struct
from contextlib import contextmanager, suppress
from threading import Event, Lock
from typing import TYPE_CHECKING

from attrs import field, frozen

from listening import Listening

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator, Mapping


@frozen
class Heard:
    """One request as it came over the wire; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Hang:
    """Silence until the server is closed; ``reached`` is set when it begins."""

    def __init__(self) -> None:
        self.reached = Event()


class Reset:
    """The connection is reset instead of closed."""


class Ignore:
    """One more request is read from the same connection, and never answered."""


Part = bytes | Hang | Reset | Ignore


def answer(
    body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None, *, length: bool = True
) -> bytes:
    """Write an answer; without *length* it ends with the connection."""
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    lines += [f"Content-Length: {len(body)}"] if length else ["Connection: close"]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def chunked(
    pieces: Iterable[bytes], headers: Mapping[str, str] | None = None, *, ended: bool = True
) -> bytes:
    """Write an answer in chunks, with or without the last one that says it is whole."""
    lines = ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece)
    return "\r\n".join((*lines, "", "")).encode() + body + (b"0\r\n\r\n" if ended else b"")


class ScriptedServer(Listening):
    """Answers each connection once, by the script, while its ``with`` block lasts; by TLS with a context."""

    def __init__(
        self, script: Callable[[Heard], Iterable[Part]], context: ssl.SSLContext | None = None
    ) -> None:
        super().__init__()
        self._script = script
        self._context = context
        self.heard: list[Heard] = []
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if self._context is None:
                self._say(connection)
                return
            with self._context.wrap_socket(connection, server_side=True) as encrypted:
                self._say(self.kept(encrypted))

    def _say(self, connection: socket.socket) -> None:
        heard = _read(connection)
        if heard is None:
            return
        with self._lock:
            self.heard.append(heard)
        for part in self._script(heard):
            if isinstance(part, Hang):
                part.reached.set()
                self._closing.wait()
                return
            if isinstance(part, Reset):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if isinstance(part, Ignore):
                _read(connection)
                return
            connection.sendall(part)
        # A close with unread bytes is a reset: say goodbye first.
        connection.shutdown(socket.SHUT_WR)


def _read(connection: socket.socket) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    method, target, _ = first.split(" ")
    return Heard(method, target, headers, body)


class Switch:
    """A stop as the engine's: requested by any thread, it closes what is being waited for.

    ``waited`` is set once something can be closed.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._closers: list[Callable[[], object]] = []
        self.requested = False
        self.waited = Event()

    @property
    def closers(self) -> int:
        """Count what is waited for."""
        return len(self._closers)

    def request(self) -> None:
        with self._lock:
            self.requested = True
            closers = list(self._closers)
        for close in closers:
            close()

    @contextmanager
    def closing(self, close: Callable[[], object]) -> Iterator[None]:
        with self._lock:
            self._closers.append(close)
        self.waited.set()
        if self.requested:
            close()
        try:
            yield
        finally:
            with self._lock:
                self._closers.remove(close)
