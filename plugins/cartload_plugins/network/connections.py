"""Connections that a stop wakes at once, in whatever phase they wait: connecting, handshake, reading."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import sys
import time
from contextvars import ContextVar
from threading import RLock
from typing import TYPE_CHECKING, cast

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from cartload_plugins.network.pacing import PacedResponse
from cartload_plugins.network.tunnel import TunnelError, open_tunnel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Protocol, Self

    from urllib3._base_connection import BaseHTTPConnection, BaseHTTPSConnection
    from urllib3.response import HTTPResponse

    Options = Iterable[tuple[int, int, int | bytes]]

    class Numbered(Protocol):
        """A socket, or what encrypts one."""

        def fileno(self) -> int:
            """Give the number by which the system knows it."""
            ...


_GLANCE = 0.2
"""Seconds between two looks at the stop while a connection is being made."""

_UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY})


class Exchange:
    """One request and its answer, as seen by whoever may want to break it off.

    It holds a duplicate of the socket in use. Shutting that down wakes a thread blocked in the
    original; closing the original, or calling an SSLSocket from a second thread, does not do so safely.
    """

    def __init__(self) -> None:
        self._lock = RLock()  # a signal handler may come while its own thread holds it
        self._socket: socket.socket | None = None
        self.aborted = False
        self.reuses = False
        """Whether the connection served another request before: the server may just have closed it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def watch(self, used: Numbered) -> None:
        """Remember that the exchange now goes over *used*."""
        duplicate = socket.socket(fileno=socket.dup(used.fileno()))
        with self._lock:
            self._forget()
            self._socket = duplicate
            if self.aborted:
                self._shut()

    def release(self) -> None:
        """Let go of the socket: the exchange is over, or the connection serves another one."""
        with self._lock:
            self._forget()

    def abort(self) -> None:
        """Break it off, from any thread; what waits for it sees the connection end."""
        with self._lock:
            self.aborted = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it was closed by the other side: nobody waits for it

    def _forget(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


# urllib3 makes its connections itself: the exchange reaches them by the context of the calling thread.
CURRENT: ContextVar[Exchange] = ContextVar("CURRENT")


class _Wakeable(HTTPConnection):
    """A connection whose exchange knows the socket from the first moment, also when it is used again."""

    response_class = PacedResponse
    _tunnel_headers: Mapping[str, str]  # http.client's own
    _has_served = False

    def putrequest(
        self,
        method: str,
        url: str,
        skip_host: bool = False,  # noqa: FBT001, FBT002 - the signature of http.client
        skip_accept_encoding: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> None:
        if self.sock is not None:
            exchange = CURRENT.get()
            exchange.reuses = self._has_served
            exchange.watch(self.sock)
        super().putrequest(method, url, skip_host, skip_accept_encoding)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # the library's own class, as in it
        found = super().getresponse()
        self._has_served = True
        return found

    def _tunnel(self) -> None:
        """Open the way through a proxy, in the library's place, which would read an answer without end."""
        through, host, port = self.sock, self._tunnel_host, self._tunnel_port
        if through is None or host is None or port is None:
            raise TunnelError(None)
        open_tunnel(through, host.strip("[]"), port, self._tunnel_headers)

    def _new_conn(self) -> socket.socket:
        self._has_served = False
        timeout = self.timeout if isinstance(self.timeout, int | float) else None
        try:
            made = reach(self.host, self.port, timeout, CURRENT.get(), self.socket_options or ())
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "no connection in time") from error
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error
        sys.audit("http.client.connect", self, self.host, self.port)
        return made


class SecureConnection(_Wakeable, HTTPSConnection):
    """The same with TLS: its handshake runs over a socket that is watched already."""


class PlainPool(HTTPConnectionPool):
    """Connections over plain http."""

    ConnectionCls = cast("type[BaseHTTPConnection]", _Wakeable)


class SecurePool(HTTPSConnectionPool):
    """Connections over https."""

    ConnectionCls = cast("type[BaseHTTPSConnection]", SecureConnection)


def reach(
    host: str, port: int, timeout: float | None, exchange: Exchange, options: Options = ()
) -> socket.socket:
    """Connect to the first address of *host* that answers; raises OSError, the last address's."""
    exchange.reuses = False
    failure: OSError = ConnectionError("the name has no address")
    for family, kind, protocol, _, target in socket.getaddrinfo(
        host.strip("[]"), port, 0, socket.SOCK_STREAM
    ):
        attempt = socket.socket(family, kind, protocol)
        try:
            for option in options:
                attempt.setsockopt(*option)
            _join(attempt, target, timeout, exchange)
            exchange.watch(attempt)
        except OSError as error:
            attempt.close()
            failure = error
        else:
            return attempt
    raise failure


def _join(made: socket.socket, target: object, timeout: float | None, exchange: Exchange) -> None:
    """Connect *made* to *target*, looking at the exchange now and then."""
    made.settimeout(0)
    code = made.connect_ex(target)  # type: ignore[arg-type]  # getaddrinfo's address, handed on as it is
    if code in _UNDER_WAY:
        _await(made, timeout, exchange)
        code = made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))
    made.settimeout(timeout)


def _await(made: socket.socket, timeout: float | None, exchange: Exchange) -> None:
    deadline = None if timeout is None else time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        selector.register(made, selectors.EVENT_WRITE)
        while not selector.select(_GLANCE):
            if exchange.aborted:
                raise ConnectionAbortedError(errno.ECONNABORTED, "stopped")
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError
