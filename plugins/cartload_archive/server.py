"""Serves the archive over HTTP/1.1 on loopback: one thread a connection, kept alive, in chunks."""

from __future__ import annotations

import os
import socket
import struct
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, cast

from attrs import evolve

from cartload_archive.archive import API, SERVLETS, Archive
from cartload_archive.faults import CutError
from cartload_archive.messages import Request
from cartload_archive.options import ArchiveOptions

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from cartload.testing.archive import Catalogue
    from cartload_archive.faults import Faults
    from cartload_archive.messages import Answer

_LARGEST_FORM = 64 * 1024 * 1024
_POLL_SECONDS = 0.05
_HUNG_UP_AT_ONCE = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class ArchiveServer:
    """A synthetic archive that runs while its ``with`` block does; the port is free unless one is asked for.

    ``faults`` maps Series Instance UIDs (or the last part of other paths) to faults, or is called with each
    request. A failure inside the server, which would be its own fault, is raised when it closes.
    """

    def __init__(  # noqa: PLR0913 - each is a choice of its own
        self,
        catalogue: Catalogue,
        options: ArchiveOptions | None = None,
        faults: Faults | None = None,
        *,
        ssl_context: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._closing = Event()
        self._archive = Archive(catalogue, options or ArchiveOptions(), faults, self._closing)
        self._listener = _Listener((host, port), self._archive, ssl_context)
        self._thread = Thread(
            target=self._listener.serve_forever, args=(_POLL_SECONDS,), name="synthetic archive"
        )
        scheme = "https" if ssl_context else "http"
        self.url = f"{scheme}://{host}:{self._listener.server_port}"
        self.servlet_url = f"{self.url}{SERVLETS}DownloadServlet"
        self.api_url = f"{self.url}{API}".rstrip("/")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()
        if error is None and self._listener.failures:
            raise ExceptionGroup("the synthetic archive failed", self._listener.failures)

    @property
    def requests(self) -> tuple[Request, ...]:
        """Give every request so far, with its status, in the order they were answered."""
        return self._listener.requests()

    @property
    def connections(self) -> int:
        """Count the connections that were accepted so far."""
        return self._listener.accepted

    def expire_tokens(self, *, refresh_too: bool = False) -> None:
        """End the life of every access token that was given, and of refresh tokens if wanted."""
        self._archive.accounts.expire(refresh_too=refresh_too)

    def change_password(self, name: str, password: str) -> None:
        """Give a user another password; tokens that were given stay good."""
        self._archive.accounts.change_password(name, password)


class _Listener(ThreadingHTTPServer):
    """Accepts connections, and knows which are open so that it can hang up on them."""

    daemon_threads = False
    # Elsewhere this lets another program take the port over.
    allow_reuse_address = os.name == "posix"
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], archive: Archive, ssl_context: ssl.SSLContext | None
    ) -> None:
        super().__init__(address, _Handler)
        self.archive = archive
        self.accepted = 0
        self.failures: list[Exception] = []
        self._ssl_context = ssl_context
        self._open: set[socket.socket] = set()
        self._log: list[Request] = []
        self._lock = Lock()

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as the direct base class does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = cast("tuple[str, int]", self.server_address[:2])

    def get_request(self) -> tuple[socket.socket, Any]:
        accepted, address = self.socket.accept()
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._ssl_context is not None:
            # The handshake happens with the first byte read, in the connection's own thread.
            accepted = self._ssl_context.wrap_socket(
                accepted, server_side=True, do_handshake_on_connect=False
            )
        with self._lock:
            self.accepted += 1
            self._open.add(accepted)
        return accepted, address

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - the base class's type
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's
        """Keep what failed, unless it is only that the client went away."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.failures.append(error)

    def hang_up(self) -> None:
        """Wake every thread that waits for its client; their sockets are closed by themselves."""
        with self._lock:
            for connection in self._open:
                try:
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was quicker

    def note(self, request: Request) -> None:
        with self._lock:
            self._log.append(request)

    def requests(self) -> tuple[Request, ...]:
        with self._lock:
            return tuple(self._log)


class _Handler(BaseHTTPRequestHandler):
    """Reads requests off one connection and sends their answers."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._exchange()

    def do_POST(self) -> None:
        self._exchange()

    def version_string(self) -> str:
        """Say what serves, and nothing of the machine."""
        return "SyntheticArchive"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: requests are in the log that tests read."""

    def _exchange(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > _LARGEST_FORM:
            self.close_connection = True
            self.send_error(411 if "transfer-encoding" in headers else 413)
            return
        listener = cast("_Listener", self.server)
        request = Request.of(self.command, self.path, headers, self.rfile.read(int(length)))
        answer = listener.archive.answer(request)
        listener.note(evolve(request, status=answer.status))
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        # The container's own statuses have no reason phrase.
        self.send_response(answer.status, None if answer.status in self.responses else "")
        for name, value in answer.headers:
            self.send_header(name, value)
        if isinstance(answer.body, bytes):
            if answer.status != HTTPStatus.NO_CONTENT:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        else:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self._send_chunks(answer.body)

    def _send_chunks(self, pieces: Iterator[bytes]) -> None:
        try:
            for piece in pieces:
                self.wfile.write(b"".join((b"%x\r\n" % len(piece), piece, b"\r\n")))
            self.wfile.write(b"0\r\n\r\n")
        except CutError as cut:
            self.close_connection = True
            if cut.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HUNG_UP_AT_ONCE)
                self.connection.close()
