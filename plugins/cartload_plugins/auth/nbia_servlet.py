"""A login at NBIA's download servlet: name and hidden password go with every request."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import evolve, frozen

from cartload.errors import UnsupportedError
from cartload.guest import Guest
from cartload.ports import Request
from cartload_plugins.auth.logins import base_of, check_encrypted, log_in, user_of
from cartload_plugins.auth.passwords import hidden
from cartload_plugins.auth.servlet_key import password_key
from cartload_plugins.auth.sharing import Shared
from cartload_plugins.network.client import HttpClient

if TYPE_CHECKING:
    from cartload.credentials import Credentials, Secret
    from cartload.ports import AuthenticatorContext, Stop
    from cartload_plugins.network.options import NetworkOptions

_SERVLET = "/nbia-download/servlet/DownloadServlet"
_VERSIONS = ("V4", "V3")
_NOBODY_S = "2.25.0"
"""The UID of no series: a login is told right or wrong by the list of it."""
_WRONG = frozenset({HTTPStatus.UNAUTHORIZED, 461})
_RIGHT = frozenset({HTTPStatus.OK, 462})
"""462 is NBIA's word for a known user who may not see all that was asked for, such as what is not there."""


@frozen
class _Proof:
    """What the servlet wants to see, once it has accepted it."""

    user: str
    password: Secret


class NbiaServlet:
    """Signs what goes to the servlet with ``userId`` and the header ``password``; all else goes as it is."""

    def __init__(self, context: AuthenticatorContext, options: NetworkOptions) -> None:
        check_encrypted(context)
        self._context = context
        # The login goes in a request of its own: it must not be redirected to anybody else.
        self._client = HttpClient(str(context.origin), Guest(), options, for_login=True)
        self._proof: Shared[_Proof] = Shared()

    @property
    def user(self) -> str | None:
        """Name the user."""
        return user_of(self._context.login)

    def sign(self, request: Request, stop: Stop) -> Request:
        """Fill in user and password, after a login that the servlet accepted."""
        servlet = self._servlet(request)
        if servlet is None:
            return request
        return _signed(request, self._proof.get(lambda _: True, lambda _: self._fresh(servlet, stop), stop))

    def renew(self, refused: Request, stop: Stop) -> bool:
        """Log in again, with the key that the servlet tells now, unless somebody did so already."""
        servlet = self._servlet(refused)
        if servlet is None:
            return False
        self._proof.get(
            lambda held: _signed(refused, held) != refused, lambda _: self._fresh(servlet, stop), stop
        )
        return True

    def _servlet(self, request: Request) -> str | None:
        """Give the servlet's address without a version, None if the request goes elsewhere."""
        base = base_of(request, self._context.origin)
        return f"{base}{_SERVLET}" if base is not None and _SERVLET in urlsplit(request.url).path else None

    def _fresh(self, servlet: str, stop: Stop) -> _Proof:
        def prove(given: Credentials) -> _Proof | None:
            proof = _Proof(given.user, hidden(given.password, password_key(self._client, servlet, stop)))
            return proof if self._accepts(proof, servlet, stop) else None

        return log_in(self._context.login, self._context.origin, prove)

    def _accepts(self, proof: _Proof, servlet: str, stop: Stop) -> bool:
        """Ask for a list, for only that says whether a login is wrong: a series would just be denied."""
        for version in _VERSIONS:
            form = (("numberOfSeries", "1"), ("series1", _NOBODY_S))
            request = _signed(Request("POST", f"{servlet}{version}", form=form), proof)
            with self._client.open(request, stop) as answer:
                if answer.status in _WRONG:
                    return False
                if answer.status in _RIGHT:
                    return True
                if answer.status != HTTPStatus.NOT_FOUND:
                    raise answer.refusal(quoting=False)
        raise UnsupportedError("the archive has no download servlet to log in to.", subject=servlet)


def _signed(request: Request, proof: _Proof) -> Request:
    rest = tuple((name, value) for name, value in request.form if name != "userId")
    headers = {**request.headers, "password": proof.password.reveal()}
    return evolve(request, headers=headers, form=(("userId", proof.user), *rest))
