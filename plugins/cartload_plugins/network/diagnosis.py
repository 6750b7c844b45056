"""The way to a server, step by step, for who seeks what hinders it: each step says what to do.

It goes over the same connections as everything else, as nobody, and no step waits for long.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import evolve

from cartload.errors import StoppedError, TransportError
from cartload.guest import Guest
from cartload.network import Condition, Finding
from cartload.origins import is_loopback
from cartload.ports import Request
from cartload_plugins.network.certificates import told_of
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.connections import CURRENT, Exchange, reach
from cartload_plugins.network.handshake import shown_certificate
from cartload_plugins.network.pools import Pools
from cartload_plugins.network.redirects import checked_origin
from cartload_plugins.network.resolving import addresses
from cartload_plugins.network.trust import trusting

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from cartload.ports import Stop
    from cartload_plugins.network.options import NetworkOptions

_LONGEST_CONNECT = 10.0
_LONGEST_READ = 30.0
_MOST_SHOWN = 3
_LEAST_DAYS = 14
_MOST_SECONDS_APART = 300
"""As much as tokens and certificates bear."""

_NAME_A_PROXY = (
    "Check the network. If your institution reaches the internet through a proxy only, name it: --proxy URL, "
    "or the variable https_proxy."
)
_CHECK_PROXY = "Check the proxy's address, or go without it: --proxy direct."


def look(
    url: str, options: NetworkOptions, stop: Stop, clock: Callable[[], float] = time.time
) -> Iterator[Finding]:
    """Say what is found on the way to *url*, up to the first step that fails; raises StoppedError."""
    quick = evolve(
        options,
        connect_timeout=min(options.connect_timeout, _LONGEST_CONNECT),
        read_timeout=min(options.read_timeout, _LONGEST_READ),
    )
    return _Look(url, quick, stop, clock).steps()


class _Look:
    """One look at one server."""

    def __init__(self, url: str, options: NetworkOptions, stop: Stop, clock: Callable[[], float]) -> None:
        self._url = url
        self._options = options
        self._stop = stop
        self._clock = clock
        self._home = checked_origin(url)
        self._proxy = Pools(options, "").to(self._home).proxy
        self._first = self._home if self._proxy is None else self._proxy.origin

    def steps(self) -> Iterator[Finding]:
        yield self._route()
        for step in (self._name, self._connection, self._encryption):
            for found in step():
                yield found
                if found.is_bad:
                    return
        yield from self._answer()

    def _route(self) -> Finding:
        if self._proxy is None:
            return _well("proxy", "none: the way is direct.")
        login = "" if self._proxy.login is None else ", with a user and password"
        return _well("proxy", f"{self._proxy} (from {self._proxy.named_by}){login}.")

    def _name(self) -> Iterator[Finding]:
        host, seconds = self._first.host, self._options.connect_timeout
        try:
            found = addresses(host, seconds, self._stop)
        except TimeoutError:
            self._check_stop()
            yield self._bad("name", f"nobody says within {seconds:.0f} s where {host} is.")
        except OSError:
            yield self._bad("name", f"nobody knows the name {host}.")
        else:
            if host not in found:  # it is no address itself
                yield _well("name", f"{host} is {', '.join(found[:_MOST_SHOWN])}.")

    def _connection(self) -> Iterator[Finding]:
        place, began = self._first, time.monotonic()
        try:
            with self._watched() as exchange:
                reach(place.host, place.port, self._options.connect_timeout, exchange).close()
        except OSError as error:
            self._check_stop()
            yield self._bad("connection", f"{place} cannot be connected to ({_reason(error)}).")
        else:
            yield _well("connection", f"{place} answers in {_milliseconds(began)} ms.")

    def _encryption(self) -> Iterator[Finding]:
        if self._home.scheme == "https":
            yield self._handshake()
        elif not is_loopback(self._home):
            yield Finding(
                "TLS",
                Condition.DOUBTFUL,
                "the address is plain http: whoever is on the way can read and alter what is sent.",
                "Use the archive's https address; no login is sent to this one.",
            )

    def _handshake(self) -> Finding:
        try:
            version, certificate = self._shown(trusting(self._options.ca_file))
        except TransportError as error:
            return Finding("TLS", Condition.BAD, error.what, error.advice)
        try:
            told = told_of(certificate)
        except ValueError:
            return _well("TLS", f"{version}, with a certificate that cannot be shown.")
        days = (told.ends - datetime.fromtimestamp(self._clock(), UTC)).days
        what = (
            f"{version}; certificate by {told.issuer}, valid until {told.ends:%Y-%m-%d}, "
            f"trusted by {self._store()}."
        )
        if days >= _LEAST_DAYS:
            return _well("TLS", what)
        return Finding("TLS", Condition.DOUBTFUL, what, "Tell whoever runs the server to renew it.")

    def _store(self) -> str:
        """Name what vouches for the server: the user's own file only if the system would not."""
        if self._options.ca_file is None:
            return "the system's store"
        try:
            self._shown(trusting(None))
        except TransportError:
            return self._options.ca_file
        return "the system's store"

    def _shown(self, trusted: ssl.SSLContext) -> tuple[str, bytes]:
        with self._watched():
            try:
                return shown_certificate(
                    self._home, self._proxy, trusted, self._url, self._options.connect_timeout
                )
            except TransportError:
                self._check_stop()
                raise

    def _answer(self) -> Iterator[Finding]:
        client = HttpClient(self._url, Guest(), self._options, self._clock)
        began, before = time.monotonic(), self._clock()
        try:
            with client.open(Request("GET", self._url), self._stop) as answer:
                date, after = answer.date, self._clock()
        except TransportError as error:
            yield Finding("answer", Condition.BAD, error.what, error.advice)
            return
        yield _well("answer", f"the server answers in {_milliseconds(began)} ms.")
        if date is not None:
            yield _clock_of(date - (before + after) / 2)

    @contextmanager
    def _watched(self) -> Iterator[Exchange]:
        """Have a stop wake what waits for a connection in the block."""
        with Exchange() as exchange, self._stop.closing(exchange.abort):
            token = CURRENT.set(exchange)
            try:
                yield exchange
            finally:
                CURRENT.reset(token)

    def _check_stop(self) -> None:
        if self._stop.requested:
            raise StoppedError("stopped.", subject=str(self._home))

    def _bad(self, check: str, what: str) -> Finding:
        return Finding(check, Condition.BAD, what, _NAME_A_PROXY if self._proxy is None else _CHECK_PROXY)


def _well(check: str, what: str) -> Finding:
    return Finding(check, Condition.WELL, what)


def _clock_of(ahead: float) -> Finding:
    """Judge by how many seconds the server's clock is ahead."""
    apart = round(abs(ahead))
    if apart <= _MOST_SECONDS_APART:
        return _well("clock", "it agrees with the server's.")
    word = "behind" if ahead > 0 else "ahead of"
    return Finding(
        "clock",
        Condition.DOUBTFUL,
        f"this computer's clock is {apart // 60} minutes {word} the server's.",
        "Set it, or let the system do so: certificates and logins depend on it.",
    )


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return error.strerror or type(error).__name__
