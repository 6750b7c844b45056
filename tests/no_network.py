"""An archive that is asked without a network: real requests and answers, and nothing between them.

For what has to be tried a thousand times. What a network adds is in ``toxics``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode, urlsplit

from cartload.model import Origin
from cartload_archive import ArchiveOptions
from cartload_archive.archive import Archive
from cartload_archive.messages import Request as Asked
from cartload_plugins.network.answer import Answer
from cartload_plugins.network.connections import Exchange
from cartload_plugins.transports.nbia import transport as nbia
from cartload_plugins.transports.nbia_rest import transport as nbia_rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from urllib3.response import BaseHTTPResponse

    from cartload.ports import Request, Stop
    from cartload.testing.archive import Catalogue

HOME = "http://127.0.0.1"
SERVLET = f"{HOME}/nbia-download/servlet/DownloadServlet"

Alter = Callable[[str, bytes], bytes]
"""Given the series whose images were asked for and the archive's answer, gives what arrives instead."""


class Bytes:
    """What urllib3 gives of an answer, from bytes."""

    connection = None

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self._body = memoryview(body)

    def get_redirect_location(self) -> None:
        """Say that it is no redirect."""

    def readinto(self, target: memoryview) -> int:
        """Give the next bytes, as many as fit."""
        piece = self._body[: len(target)]
        self._body = self._body[len(piece) :]
        target[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Hold nothing."""

    def release_conn(self) -> None:
        """Hold nothing."""


class NoNetwork:
    """What transports know as their HTTP client; *alter* is between it and the archive."""

    def __init__(self, catalogue: Catalogue, options: ArchiveOptions, alter: Alter) -> None:
        self.home = Origin.of(HOME)
        self._archive = Archive(catalogue, options, None, Event())
        self._alter = alter

    @contextmanager
    def open(self, request: Request, stop: Stop, *, patience: float = 0.0) -> Iterator[Answer]:
        """Ask the archive, and give its answer for the time of the block."""
        del patience
        headers = {name.lower(): value for name, value in request.headers.items()}
        if request.form:
            headers["content-type"] = "application/x-www-form-urlencoded"
        asked = Asked.of(request.method, request.url, headers, urlencode(request.form).encode())
        said = self._archive.answer(asked)
        body = said.body if isinstance(said.body, bytes) else b"".join(said.body)
        uid = asked.value("seriesUid") or asked.value("SeriesInstanceUID")
        if uid and ("Image" in urlsplit(request.url).path or "Servlet" in request.url):
            body = self._alter(uid, body)
        played = cast("BaseHTTPResponse", Bytes(said.status, dict(said.headers), body))
        with Exchange() as exchange:
            yield Answer(played, request.url, exchange, stop, lambda: 0.0)


def without_network(
    monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue, alter: Alter, options: ArchiveOptions | None = None
) -> None:
    """Have every NBIA transport ask the archive itself, the address of which is ``SERVLET``."""
    made = NoNetwork(catalogue, options or ArchiveOptions(), alter)
    for transport in (nbia, nbia_rest):
        monkeypatch.setattr(transport, "HttpClient", lambda *_: made)
