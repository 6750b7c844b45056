"""One HTTP client for a transport: signs for one origin, follows redirects, ends when asked to."""

from __future__ import annotations

import time
from contextlib import contextmanager
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from urllib3 import Timeout
from urllib3.exceptions import HTTPError, ProtocolError, ProxyError

from cartload.errors import TransportError
from cartload.origins import keeps_secrets, unencrypted
from cartload.settings import MOST_JOBS
from cartload_plugins.network import wording
from cartload_plugins.network.answer import Answer, stopped
from cartload_plugins.network.connections import CURRENT, Exchange
from cartload_plugins.network.echoes import proofs
from cartload_plugins.network.pools import Pools
from cartload_plugins.network.proxy_wording import broken, unopened
from cartload_plugins.network.redirects import checked_origin, redirected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urllib3 import PoolManager
    from urllib3.response import BaseHTTPResponse

    from cartload.model import Origin
    from cartload.ports import Authenticator, Request, Stop
    from cartload_plugins.network.options import NetworkOptions

_MOST_REDIRECTS = 5
_LOGIN_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, 461})
"""What asks for fresh proof; 461 is NBIA's own for a wrong user or password."""


class HttpClient:
    """Asks servers, over one pool of connections; may be used by several threads at once.

    Requests are signed for *home* alone, and only where nobody on the way can read the proof;
    everything else, redirects to other origins included, is asked as a guest. *for_login* is for requests
    that hold a secret themselves: no other origin is asked at all, and a refused login is just an answer.
    Made with a wrong ``ca_file`` or proxy it raises SettingsError.
    """

    def __init__(
        self,
        home: str,
        authenticator: Authenticator,
        options: NetworkOptions,
        clock: Callable[[], float] = time.time,
        *,
        for_login: bool = False,
    ) -> None:
        self.home: Origin = checked_origin(home)
        self._authenticator = authenticator
        self._options = options
        self._clock = clock
        self._for_login = for_login
        self._agent = f"cartload/{version('cartload')}"
        self._pools = Pools(options, self._agent)
        self._pools.to(self.home)

    @contextmanager
    def open(self, request: Request, stop: Stop, *, patience: float = 0.0) -> Iterator[Answer]:
        """Send *request* and give the answer, whatever its status is, until the block ends.

        *patience* is the least read timeout, for answers that take their time. Raises UnreachableError,
        TransportError, LoginError (401 that cannot be renewed), StoppedError.
        """
        with Exchange() as exchange, stop.closing(exchange.abort):
            answer = self._settled(request, exchange, stop, patience)
            try:
                yield answer
            finally:
                answer.close()

    def text(
        self,
        request: Request,
        stop: Stop,
        *,
        absent: type[TransportError] = TransportError,
        patience: float = 0.0,
    ) -> str:
        """Give the body of a 200 answer as text, an empty one for 204; any other status is raised."""
        with self.open(request, stop, patience=patience) as answer:
            if answer.status == HTTPStatus.NO_CONTENT:
                return ""
            if not answer.is_ok:
                raise answer.refusal(absent=absent)
            return answer.text()

    def _settled(self, request: Request, exchange: Exchange, stop: Stop, patience: float) -> Answer:
        """Send until there is an answer that is neither a redirect nor a login to be renewed."""
        renewed = False
        hops = 0
        while True:
            signed = self._signed(request, stop)
            answer = self._send(signed or request, exchange, stop, patience)
            answer.hidden = proofs(request, signed)
            if answer.status in _LOGIN_REFUSED and not self._for_login:
                refusal = answer.refusal()
                answer.close()
                if signed is None or renewed or not self._authenticator.renew(signed, stop):
                    raise refusal
                renewed = True
                continue
            location = answer.location
            if location is None:
                answer.check_encoding()
                return answer
            answer.close()
            hops += 1
            if hops > _MOST_REDIRECTS:
                what = "the archive sends the request round in circles."
                raise TransportError(what, subject=wording.place(request.url))
            request = redirected(request, location, answer.status)

    def _signed(self, request: Request, stop: Stop) -> Request | None:
        """Give the request with the proof of who is asking, None where that must not go."""
        if checked_origin(request.url) != self.home:
            if self._for_login:
                what = "the archive sends a login on to another place, where it must not go."
                raise TransportError(what, subject=wording.place(request.url))
            return None
        if not keeps_secrets(self.home) and self._authenticator.user is not None:
            raise unencrypted(self.home)
        return self._authenticator.sign(request, stop)

    def _send(self, request: Request, exchange: Exchange, stop: Stop, patience: float) -> Answer:
        if stop.requested:
            raise stopped(request.url)
        way = self._pools.to(checked_origin(request.url))
        token = CURRENT.set(exchange)
        try:
            response = self._urlopen(way.pool, request, exchange, patience)
        except HTTPError as error:
            if stop.requested:
                raise stopped(request.url) from error
            raise broken(error, request.url, way.proxy) from error
        finally:
            CURRENT.reset(token)
        answer = Answer(response, request.url, exchange, stop, self._clock)
        if way.proxy is not None and response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            answer.close()
            raise unopened(response.status, request.url, way.proxy)
        return answer

    def _urlopen(
        self, pool: PoolManager, request: Request, exchange: Exchange, patience: float
    ) -> BaseHTTPResponse:
        """Send once; again if a connection that was kept turns out to be closed by now (RFC 9112 9.3.1)."""
        timeout = Timeout(
            connect=self._options.connect_timeout, read=max(self._options.read_timeout, patience)
        )
        kept = MOST_JOBS
        while True:
            try:
                return pool.urlopen(
                    request.method,
                    request.url,
                    body=urlencode(request.form) if request.method == "POST" else None,
                    headers=self._headers(request),
                    timeout=timeout,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    decode_content=False,
                )
            except (ProtocolError, ProxyError):  # the latter also of one to a proxy that served before
                if not exchange.reuses or exchange.aborted or not kept:
                    raise
                kept -= 1

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"User-Agent": self._agent, "Accept-Encoding": "identity"}
        if request.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return {**headers, **request.headers}
