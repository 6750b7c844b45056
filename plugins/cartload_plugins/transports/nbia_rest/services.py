"""The REST services of one archive, asked in the newest version that they have."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from cartload.errors import AccessDeniedError, TransportError, UnsupportedError
from cartload.ports import Request
from cartload_plugins.network.wording import place, quoted
from cartload_plugins.transports.nbia_rest.calls import NEWEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cartload.ports import Stop
    from cartload_plugins.network.answer import Answer
    from cartload_plugins.network.client import HttpClient
    from cartload_plugins.transports.nbia_rest.calls import Call

_FOR_GUESTS = (NEWEST, "v1")  # the second version always wants a token
_WITH_LOGIN = (NEWEST, "v2", "v1")


class RestServices:
    """Knows which version the server has once anything was answered; 404 means that it has not this one."""

    def __init__(self, client: HttpClient, base: str, user: str | None) -> None:
        self._client = client
        self._base = base
        self._versions: tuple[str, ...] = _FOR_GUESTS if user is None else _WITH_LOGIN

    @contextmanager
    def ask(
        self, request: Callable[[str], Request], stop: Stop, *, patience: float = 0.0
    ) -> Iterator[tuple[str, Answer]]:
        """Send what *request* makes for a version, newest first, and give the version with its answer."""
        for version in self._versions:
            with self._client.open(request(version), stop, patience=patience) as answer:
                if answer.status != HTTPStatus.NOT_FOUND:
                    self._versions = (version,)
                    yield version, answer
                    return
        raise UnsupportedError(
            "the archive has no REST services of a version that is understood here.",
            subject=place(self._base),
        )

    @contextmanager
    def get(self, call: Call | Callable[[str], Call], stop: Stop) -> Iterator[Answer]:
        """Make a call about one series, and give its answer if it is what was asked for.

        *call* may depend on the version. These services deny access with status 400 and a
        sentence: that is AccessDeniedError.
        """

        def request(version: str) -> Request:
            return Request("GET", self.url(call(version) if callable(call) else call, version))

        with self.ask(request, stop) as (_, answer):
            if answer.status == HTTPStatus.BAD_REQUEST:
                raise _denied(answer)
            if not answer.is_ok:
                raise answer.refusal()
            yield answer

    def url(self, call: Call, version: str) -> str:
        """Write the address of a call."""
        return call.url(self._base, version)


def _denied(answer: Answer) -> TransportError:
    said = quoted(answer.excerpt())
    what = f'the archive refuses it: "{said}".' if said else "the archive refuses it without saying why."
    return AccessDeniedError(what, subject=place(answer.url))
