"""A network that fails on purpose: a proxy before an archive, and the eight toxics of Toxiproxy.

Each answer is read from the archive as a whole and then passed on, poisoned at one place of it. Where, how
often and to which request is what a ``Poison`` says; it heals once it has struck often enough.
"""

from __future__ import annotations

import os
import re
import socket
import struct
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from attrs import field, frozen, mutable

from listening import Listening

if TYPE_CHECKING:
    from collections.abc import Callable

_HUNG_UP_AT_ONCE = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_LATENCY = 0.03
_DRIP = 0.01
_SLICE = 3
_MOST_SLICED = 3000


class Toxic(Enum):
    """What goes wrong from the poisoned place on."""

    LATENCY = "latency"
    """The rest comes late."""
    DOWN = "down"
    """The connection ends, and if the poison heals, the next one ends before it says anything."""
    BANDWIDTH = "bandwidth"
    """The rest drips."""
    SLOW_CLOSE = "slow_close"
    """Nothing more comes, and the end of the connection is late."""
    TIMEOUT = "timeout"
    """Silence, until the client gives up."""
    RESET_PEER = "reset_peer"
    """The connection is reset."""
    SLICER = "slicer"
    """The rest comes in tiny pieces."""
    LIMIT_DATA = "limit_data"
    """Nothing more comes: the connection ends."""


class Door(Enum):
    """What is asked for."""

    CONNECTION = "connection"
    POLICY = "policy"
    VERSION = "version"
    """The answer of an archive that has no service of the version that was asked for."""
    DESCRIPTION = "description"
    ARCHIVE = "archive"
    OTHER = "other"


class Place(Enum):
    """Where in an answer."""

    STATUS_LINE = "status line"
    HEADERS = "headers"
    FIRST_BYTES = "first bytes"
    MIDDLE = "middle"
    BEFORE_END = "before the end marker"
    AFTER_END = "after the end marker"


@frozen
class Passing:
    """An answer on its way: what was asked for, of which series, and every byte that the archive sent."""

    door: Door
    series_uid: str
    answer: bytes = field(repr=False)

    def offset(self, place: Place) -> int:
        """Count the bytes before *place*; the body is one chunk, or told by its length."""
        start = self.body_start
        end = self.offset_of_end
        return {
            Place.STATUS_LINE: 9,
            Place.HEADERS: self._head_end - 20,
            Place.FIRST_BYTES: min(start + 100, end),
            Place.MIDDLE: (start + end) // 2,
            Place.BEFORE_END: start + marker(self.answer[start:end]),
            Place.AFTER_END: end,
        }[place]

    @property
    def body_start(self) -> int:
        """Count the bytes before the body's first."""
        return self.answer.index(b"\r\n", self._head_end) + 2 if self._is_chunked else self._head_end

    @property
    def offset_of_end(self) -> int:
        """Count the bytes up to the body's last."""
        return len(self.answer) - (7 if self._is_chunked else 0)

    @property
    def _head_end(self) -> int:
        return self.answer.index(b"\r\n\r\n") + 4

    @property
    def _is_chunked(self) -> bool:
        return b"transfer-encoding: chunked" in self.answer[: self._head_end].lower()


def marker(body: bytes) -> int:
    """Find where the end of an archive begins: a TAR's blocks of zeros, a ZIP's directory."""
    if body.startswith(b"PK"):
        return int.from_bytes(body[-6:-2], "little")
    return min(len(body.rstrip(b"\0")) + 511, len(body) - 1) // 512 * 512 if len(body) >= 512 else 0


@mutable(eq=False)
class Poison:
    """A toxic for the first *times* answers (None: for all) of one kind, at one place, of one series."""

    toxic: Toxic
    door: Door
    place: Place = Place.STATUS_LINE
    series_uid: str | None = None
    times: int | None = None
    struck: int = 0

    def strikes(self, door: Door, series_uid: str = "") -> bool:
        """Tell whether this request is struck, and count it."""
        fits = door is self.door and self.series_uid in {None, series_uid}
        if not fits or (self.times is not None and self.struck >= self.times):
            return False
        self.struck += 1
        return True


class ToxicProxy(Listening):
    """Stands between a client and *upstream* while its ``with`` block lasts.

    ``alter`` may change what the archive answered, before any poison.
    """

    def __init__(
        self, upstream: str, poison: Poison | None = None, alter: Callable[[Passing], bytes] | None = None
    ) -> None:
        super().__init__()
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or "", parts.port or 80)
        self._poison = poison
        self._alter = alter
        self._refusals = 0
        self.url = f"http://127.0.0.1:{self.port}"
        self.servlet_url = f"{self.url}/nbia-download/servlet/DownloadServlet"

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            toxic = self._struck(Door.CONNECTION)
            if not (self._refused() or (toxic and not self._opened(connection, toxic))):
                while (request := read_request(connection)) is not None and self._pass(
                    connection, request, toxic
                ):
                    toxic = None  # it was the first answer's

    def _struck(self, door: Door, series_uid: str = "") -> Toxic | None:
        with self._lock:
            poison = self._poison
            if poison is None or not poison.strikes(door, series_uid):
                return None
            if poison.toxic is Toxic.DOWN and poison.times is not None:
                self._refusals += 1
            return poison.toxic

    def _refused(self) -> bool:
        with self._lock:
            refused = self._refusals > 0
            self._refusals -= refused
        return refused

    def _opened(self, client: socket.socket, toxic: Toxic) -> bool:
        """Poison a connection at its beginning; False when that is its end."""
        if toxic in {Toxic.SLICER, Toxic.BANDWIDTH}:
            return True
        return self._deliver(client, b"", 0, toxic)

    def _pass(self, client: socket.socket, request: bytes, toxic: Toxic | None) -> bool:
        passing = self._asked(request)
        answer, at = passing.answer, 0
        if toxic not in {Toxic.SLICER, Toxic.BANDWIDTH}:
            toxic = self._struck(passing.door, passing.series_uid)
            at = passing.offset(self._poison.place) if toxic and self._poison else 0
        if toxic is None:
            client.sendall(answer)
            return True
        client.sendall(answer[:at])
        return self._deliver(client, answer, at, toxic)

    def _asked(self, request: bytes) -> Passing:
        answer = exchanged(self._upstream, request)
        passing = Passing(*what_is_asked(request, answer), answer)
        return Passing(passing.door, passing.series_uid, self._alter(passing)) if self._alter else passing

    def _deliver(self, client: socket.socket, answer: bytes, at: int, toxic: Toxic) -> bool:
        """Send the rest of *answer* as the toxic has it; False when the connection is of no more use."""
        if toxic is Toxic.LATENCY:
            self._closing.wait(_LATENCY)
            client.sendall(answer[at:])
        elif toxic is Toxic.SLICER:
            self._slice(client, answer[at:])
        elif toxic is Toxic.BANDWIDTH:
            self._drip(client, answer[at:])
        elif toxic is Toxic.TIMEOUT:
            while client.recv(65536):
                pass
        elif toxic is Toxic.SLOW_CLOSE:
            self._closing.wait(_LATENCY)
        elif toxic is Toxic.RESET_PEER:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HUNG_UP_AT_ONCE)
        return toxic in {Toxic.LATENCY, Toxic.SLICER}

    @staticmethod
    def _slice(client: socket.socket, rest: bytes) -> None:
        for start in range(0, min(len(rest), _MOST_SLICED), _SLICE):
            client.sendall(rest[start : min(start + _SLICE, _MOST_SLICED)])
        client.sendall(rest[_MOST_SLICED:])

    def _drip(self, client: socket.socket, rest: bytes) -> None:
        for number in range(len(rest)):
            client.sendall(rest[number : number + 1])
            self._closing.wait(_DRIP)


def read_request(client: socket.socket) -> bytes | None:
    """Read one request with its body; None at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"\r\ncontent-length: *([0-9]+)", head, re.IGNORECASE)
    length = int(found[1]) if found else 0
    while len(body) < length:
        more = client.recv(65536)
        if not more:
            return None
        body += more
    return head + b"\r\n\r\n" + body


def exchanged(upstream: tuple[str, int], request: bytes) -> bytes:
    """Ask the archive over a connection of its own, and read until that ends."""
    alone = request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
    answer = bytearray()
    with socket.create_connection(upstream) as archive:
        archive.sendall(alone)
        while more := archive.recv(1 << 20):
            answer += more
    return bytes(answer)


def what_is_asked(request: bytes, answer: bytes) -> tuple[Door, str]:
    """Tell what a request is for, and of which series."""
    head, _, body = request.partition(b"\r\n\r\n")
    target = urlsplit(head.split(b" ", 2)[1].decode())
    values = {**parse_qs(target.query), **parse_qs(body.decode())}
    uid = (values.get("seriesUid") or values.get("SeriesInstanceUID") or [""])[0]
    if answer.startswith(b"HTTP/1.1 404"):
        return Door.VERSION, uid
    if target.path.endswith("getUserAgreementTxt"):
        return Door.POLICY, uid
    if "numberOfSeries" in values or target.path.lower().endswith("getseriesmetadata"):
        return Door.DESCRIPTION, uid
    is_archive = "seriesUid" in values or "Image" in target.path
    return (Door.ARCHIVE, uid) if is_archive else (Door.OTHER, uid)
