"""A real proxy on loopback: CONNECT, and requests passed on, with a login if it is to ask for one.

It finds every name itself, as proxies do: all lead to the one server that it stands before.
"""

from __future__ import annotations

import selectors
import socket
import ssl
from base64 import b64encode
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import field, frozen

from listening import Listening

if TYPE_CHECKING:
    from collections.abc import Mapping

_PIECE = 256 * 1024


@frozen
class Seen:
    """One request as the proxy saw it; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)


class LoopbackProxy(Listening):
    """Stands before *server* (``http(s)://127.0.0.1:port``) while its ``with`` block lasts.

    ``login`` (``user:password``) is asked for with 407; ``says`` is what it answers to everything instead of
    passing it on, nothing at all if it is empty; ``ssl_context`` makes it an https proxy.
    """

    def __init__(
        self,
        server: str,
        *,
        login: str | None = None,
        says: bytes | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__()
        parts = urlsplit(server)
        self._server = (parts.hostname or "", parts.port or 0)
        self._wanted = None if login is None else f"Basic {b64encode(login.encode()).decode()}"
        self._says = says
        self._context = ssl_context
        self.seen: list[Seen] = []
        self.reached = Event()
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if ssl_context else 'http'}://{self.place}"

    def with_login(self, login: str) -> str:
        """Give the address that has a user and a password in it."""
        scheme, _, place = self.url.partition("://")
        return f"{scheme}://{login}@{place}"

    @property
    def targets(self) -> list[str]:
        """Give what was asked for, in order."""
        return [each.target for each in self.seen]

    def serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._context is None:
                self._answer(connection)
                return
            with self._context.wrap_socket(connection, server_side=True) as encrypted:
                self._answer(self.kept(encrypted))

    def _answer(self, client: socket.socket) -> None:
        seen = _read(client)
        if seen is None:
            return
        with self._lock:
            self.seen.append(seen)
        self.reached.set()
        if self._says is not None:
            client.sendall(self._says)
            if not self._says:
                self._closing.wait()
        elif self._wanted not in {None, seen.headers.get("proxy-authorization")}:
            client.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n"
                b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            )
        else:
            self._pass_on(client, seen)

    def _pass_on(self, client: socket.socket, seen: Seen) -> None:
        with socket.create_connection(self._server) as server:
            self.kept(server)
            if seen.method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                server.sendall(_plain(seen))
            _relay(client, server)


def _read(connection: socket.socket) -> Seen | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(1)
        if not more:
            return None
        data += more
    first, *lines = data.decode("latin-1").strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = b""
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(_PIECE)
    method, target, _ = first.split(" ")
    return Seen(method, target, headers, body)


def _plain(seen: Seen) -> bytes:
    """Write the request as its server wants it, without what was for the proxy."""
    parts = urlsplit(seen.target)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {**seen.headers, "connection": "close"}
    lines = [f"{name}: {value}" for name, value in headers.items() if not name.startswith("proxy-")]
    return "\r\n".join((f"{seen.method} {target} HTTP/1.1", *lines, "", "")).encode("latin-1") + seen.body


def _relay(client: socket.socket, server: socket.socket) -> None:
    """Pass bytes on both ways until either side ends."""
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ, server)
        selector.register(server, selectors.EVENT_READ, client)
        while True:
            for key, _ in selector.select():
                if not _passed(key.fileobj, key.data):  # type: ignore[arg-type]  # registered above
                    return


def _passed(source: socket.socket, target: socket.socket) -> bool:
    while True:
        piece = source.recv(_PIECE)
        if not piece:
            return False
        target.sendall(piece)
        if not (isinstance(source, ssl.SSLSocket) and source.pending()):
            return True
