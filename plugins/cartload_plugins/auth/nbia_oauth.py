"""A login at NBIA's REST services: a token for name and password, renewed while a session lasts."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from attrs import evolve

from cartload.errors import LoginError, UnsupportedError
from cartload.guest import Guest
from cartload.ports import Request
from cartload_plugins.auth.logins import base_of, check_encrypted, log_in, user_of
from cartload_plugins.auth.sharing import Shared
from cartload_plugins.auth.tokens import error_of, read_token
from cartload_plugins.network.client import HttpClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.credentials import Credentials, Secret
    from cartload.ports import AuthenticatorContext, Stop
    from cartload_plugins.auth.options import OAuthOptions
    from cartload_plugins.auth.tokens import Token
    from cartload_plugins.network.answer import Answer

_WRONG = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
"""What wrong credentials and ended tokens are answered with (RFC 6749 section 5.2, and NBIA)."""

Form = tuple[tuple[str, str], ...]


class NbiaOAuth:
    """Signs with a bearer token; one that ends soon, or was refused, is renewed once for all threads."""

    def __init__(self, context: AuthenticatorContext, options: OAuthOptions) -> None:
        check_encrypted(context)
        self._context = context
        self._options = options
        # A request for a token holds the password itself: it must not be redirected to anybody else.
        self._client = HttpClient(str(context.origin), Guest(), options, for_login=True)
        self._token: Shared[Token] = Shared()

    @property
    def user(self) -> str | None:
        """Name the user."""
        return user_of(self._context.login)

    def sign(self, request: Request, stop: Stop) -> Request:
        """Add ``Authorization``, with a token that will not end on the way."""
        base = base_of(request, self._context.origin)
        if base is None:
            return request
        token = self._token.get(
            lambda held: self._context.clock() < held.renew_at, lambda old: self._fresh(old, base, stop), stop
        )
        return evolve(request, headers={**request.headers, "Authorization": token.header})

    def renew(self, refused: Request, stop: Stop) -> bool:
        """Get another token, unless somebody did since *refused* was signed."""
        base = base_of(refused, self._context.origin)
        if base is None:
            return False
        shown = refused.headers.get("Authorization")
        self._token.get(lambda held: held.header != shown, lambda old: self._fresh(old, base, stop), stop)
        return True

    def _fresh(self, old: Token | None, base: str, stop: Stop) -> Token:
        """Get a token for the old one's refresh token, or else for name and password."""
        renewed = self._by_refresh(old.refresh, base, stop) if old is not None and old.refresh else None
        if renewed is not None:
            return renewed
        login, origin = self._context.login, self._context.origin
        return log_in(login, origin, lambda given: self._by_password(given, base, stop))

    def _by_refresh(self, refresh: Secret, base: str, stop: Stop) -> Token | None:
        """Renew; None when the archive wants name and password again, for whatever reason."""
        form = (("grant_type", "refresh_token"), ("refresh_token", refresh.reveal()))
        asked_at = self._context.clock()
        with self._asked(form, base, stop) as answer:
            if answer.status in _WRONG:
                return None
            renewed = read_token(answer, asked_at)
        # A server that gives no other refresh token means the old one to be used again (RFC 6749 section 6).
        return renewed if renewed.refresh else evolve(renewed, refresh=refresh)

    def _by_password(self, given: Credentials, base: str, stop: Stop) -> Token | None:
        """Log in; None when the archive does not accept what was *given*."""
        form = (
            ("grant_type", "password"),
            ("username", given.user),
            ("password", given.password.reveal()),
            ("scope", "openid"),
        )
        asked_at = self._context.clock()
        with self._asked(form, base, stop) as answer:
            if answer.status not in _WRONG:
                return read_token(answer, asked_at)
            fault = error_of(answer)
        if fault in {"", "invalid_grant"}:
            return None
        raise LoginError(
            f"the archive does not accept this kind of login ({fault}).",
            subject=str(self._context.origin),
            advice="Ask whoever runs it for the client_id of programs, and set that option of nbia-oauth.",
        )

    @contextmanager
    def _asked(self, form: Form, base: str, stop: Stop) -> Iterator[Answer]:
        """Ask for a token; gives an answer that is one, or says that something in *form* is wrong."""
        client = (("client_id", self._options.client_id), ("client_secret", self._options.client_secret))
        url = f"{base}/nbia-api/oauth/token"
        request = Request("POST", url, {"Accept": "application/json"}, (*form, *client))
        with self._client.open(request, stop) as answer:
            if not answer.is_ok and answer.status not in _WRONG:
                raise answer.refusal(absent=UnsupportedError, quoting=False)
            yield answer
