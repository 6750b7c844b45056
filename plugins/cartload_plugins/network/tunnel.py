"""The way through a proxy to a server that it must not read: CONNECT (RFC 9110 section 9.3.6)."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Mapping

    from urllib3.util.ssltransport import SSLTransport

    Connection = socket.socket | ssl.SSLSocket | SSLTransport

_MOST_BYTES = 64 * 1024
_ENDS = (b"\r\n\r\n", b"\n\n")
_STATUS = re.compile(rb"HTTP/1\.[01] (?P<status>[1-9][0-9]{2})(?: |\r|\n)")
_FIRST_FINAL = 200
_FIRST_REFUSAL = 300


class TunnelError(HTTPError):
    """The proxy did not open the way: ``status`` is what it answered, None if nothing of the kind."""

    def __init__(self, status: int | None) -> None:
        super().__init__("the proxy opens no way")
        self.status = status


def open_tunnel(through: Connection, host: str, port: int, headers: Mapping[str, str]) -> None:
    """Have the proxy at the other end of *through* connect it to *host*; raises TunnelError if it does not.

    The answer is read byte by byte: what follows it is the server's already. It may take as long as the
    connection waits for one byte.
    """
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    patience = through.gettimeout()
    deadline = None if patience is None else time.monotonic() + patience
    try:
        through.sendall("\r\n".join((*lines, "", "")).encode("latin-1"))
        while (status := _status(_head(through, deadline))) < _FIRST_FINAL:
            continue  # an interim answer
    except OSError as error:
        raise TunnelError(None) from error
    if status >= _FIRST_REFUSAL:
        raise TunnelError(status)


def _head(through: Connection, deadline: float | None) -> bytes:
    head = bytearray()
    while not head.endswith(_ENDS):
        piece = through.recv(1)
        head += piece if isinstance(piece, bytes) else b""
        late = deadline is not None and time.monotonic() > deadline
        if not piece or late or len(head) > _MOST_BYTES:
            raise TunnelError(None)
    return bytes(head)


def _status(head: bytes) -> int:
    found = _STATUS.match(head)
    if found is None:
        raise TunnelError(None)
    return int(found["status"])
