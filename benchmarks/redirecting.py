"""Stands behind nginx: answers what is small, and has nginx send the series archives from its files."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

from cartload_archive import Request

if TYPE_CHECKING:
    from typing import Self

    from cartload_archive.archive import Archive

INTERNAL = "/series-archives/"
"""Where nginx finds the archives; nobody can ask for it from outside."""


class Redirecting:
    """Answers for *archive* on a free port while the block runs."""

    def __init__(self, archive: Archive) -> None:
        class Handler(_Handler):
            pass

        Handler.archive = archive
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    archive: Archive

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        request = Request.of(self.command, self.path, headers, body)
        series = request.value("seriesUid")
        if series is None:
            answer = self.archive.answer(request)
            content = answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)
            self._send(answer.status, answer.headers, content)
        else:
            self._send(200, (("X-Accel-Redirect", f"{INTERNAL}{series}.tar"),), b"")

    def _send(self, status: int, headers: tuple[tuple[str, str], ...], content: bytes) -> None:
        self.send_response(status, None if status in self.responses else "")
        for name, value in (*headers, ("Content-Length", str(len(content)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
