"""Connections that a stop wakes at once, in whatever phase they wait: connecting, handshake, reading."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import sys
import time
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, cast

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from cartload_plugins.network.pacing import PacedResponse

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from urllib3._base_connection import BaseHTTPConnection, BaseHTTPSConnection

_GLANCE = 0.2
"""Seconds between two looks at the stop while a connection is being made."""

_UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY})


class Exchange:
    """One request and its answer, as seen by whoever may want to break it off.

    It holds a duplicate of the socket in use. Shutting that down wakes a thread blocked in the
    original; closing the original, or calling an SSLSocket from a second thread, does not do so safely.
    """

    def __init__(self) -> None:
        self._lock = Lock()
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

    def watch(self, used: socket.socket) -> None:
        """Remember that the exchange now goes over *used*."""
        duplicate = socket.socket(used.family, used.type, used.proto, fileno=socket.dup(used.fileno()))
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

    def putrequest(
        self,
        method: str,
        url: str,
        skip_host: bool = False,  # noqa: FBT001, FBT002 - the signature of http.client
        skip_accept_encoding: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> None:
        if self.sock is not None:
            exchange = CURRENT.get()
            exchange.reuses = True
            exchange.watch(self.sock)
        super().putrequest(method, url, skip_host, skip_accept_encoding)

    def _new_conn(self) -> socket.socket:
        timeout = self.timeout if isinstance(self.timeout, int | float) else None
        try:
            made = self._reach(timeout)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "no connection in time") from error
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error
        sys.audit("http.client.connect", self, self.host, self.port)
        return made

    def _reach(self, timeout: float | None) -> socket.socket:
        exchange = CURRENT.get()
        exchange.reuses = False
        failure: OSError = ConnectionError("the name has no address")
        for family, kind, protocol, _, target in socket.getaddrinfo(
            self.host.strip("[]"), self.port, 0, socket.SOCK_STREAM
        ):
            attempt = socket.socket(family, kind, protocol)
            try:
                for option in self.socket_options or ():
                    attempt.setsockopt(*option)
                _join(attempt, target, timeout, exchange)
                exchange.watch(attempt)
            except OSError as error:
                attempt.close()
                failure = error
            else:
                return attempt
        raise failure


class _WakeableSecure(_Wakeable, HTTPSConnection):
    """The same with TLS: its handshake runs over a socket that is watched already."""


class PlainPool(HTTPConnectionPool):
    """Connections over plain http."""

    ConnectionCls = cast("type[BaseHTTPConnection]", _Wakeable)


class SecurePool(HTTPSConnectionPool):
    """Connections over https."""

    ConnectionCls = cast("type[BaseHTTPSConnection]", _WakeableSecure)


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
