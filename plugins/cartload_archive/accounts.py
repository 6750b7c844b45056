"""Who is asking: OAuth tokens for the REST API, and the name and password of the download servlet."""

from __future__ import annotations

import secrets
from enum import Enum
from threading import Lock
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from cartload_archive.messages import Answer, json_object

if TYPE_CHECKING:
    from cartload.testing.archive import Catalogue, User
    from cartload_archive.messages import Request
    from cartload_archive.options import ArchiveOptions

GUEST_NAME = "nbia_guest"


class Refused(Enum):
    """Why somebody is nobody: a wrong login, or no ``password`` header where one is needed."""

    WRONG = "wrong"
    NO_HEADER = "no header"


@frozen
class _Token:
    """What a token stands for; None is the guest."""

    user: User | None
    expires: float


class Accounts:
    """Gives tokens, and tells who shows one."""

    def __init__(self, catalogue: Catalogue, options: ArchiveOptions) -> None:
        self._users = {user.name: user for user in catalogue.users}
        self._options = options
        self._tokens: dict[str, _Token] = {}
        self._refreshers: dict[str, User | None] = {}
        self._lock = Lock()

    def expire(self, *, refresh_too: bool) -> None:
        """End the life of every token there is; refresh tokens stay good unless they are to end, too."""
        with self._lock:
            self._tokens.clear()
            if refresh_too:
                self._refreshers.clear()

    def change_password(self, name: str, password: str) -> None:
        """Give a user another password; tokens that were given stay good."""
        with self._lock:
            self._users[name] = evolve(self._users[name], password=password)

    def token(self, request: Request) -> Answer:
        """Answer a request for a token: password grant or refresh grant."""
        match request.value("grant_type"):
            case "password":
                return self._by_password(request.value("username") or "", request.value("password") or "")
            case "refresh_token":
                return self._by_refresh(request.value("refresh_token") or "")
            case _:
                return _oauth_error(400, "unsupported_grant_type", "Unsupported grant_type")

    def _by_password(self, name: str, password: str) -> Answer:
        if name == GUEST_NAME and not password:
            return self._granted(None)
        user = self._users.get(name)
        if user is None or user.password != password:
            return _oauth_error(401, "invalid_grant", "Invalid user credentials")
        return self._granted(user)

    def _by_refresh(self, refresher: str) -> Answer:
        with self._lock:
            if refresher not in self._refreshers:
                return _oauth_error(400, "invalid_grant", "Invalid refresh token")
            user = self._refreshers.pop(refresher)
        return self._granted(user)

    def _granted(self, user: User | None) -> Answer:
        token, refresher = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        seconds = self._options.token_seconds
        with self._lock:
            self._tokens[token] = _Token(user, self._options.clock() + seconds)
            self._refreshers[refresher] = user
        return json_object(
            {
                "access_token": token,
                "token_type": "bearer",
                "refresh_token": refresher,
                "expires_in": int(seconds),
                "scope": "openid",
            }
        )

    def bearer(self, request: Request) -> User | Refused | None:
        """Tell who shows a token: None is the guest, who may also say ``Bearer undefined``, or nothing."""
        scheme, _, shown = request.headers.get("authorization", "").strip().partition(" ")
        if not scheme or shown.strip() == "undefined":
            return None
        with self._lock:
            token = self._tokens.get(shown.strip()) if scheme.lower() == "bearer" else None
        if token is None or token.expires <= self._options.clock():
            return Refused.WRONG
        return token.user

    def servlet(self, request: Request, *, header_needed: bool) -> User | Refused | None:
        """Tell who logs in with ``userId`` and the ``password`` header: None is the guest."""
        name, shown = request.value("userId") or "", request.headers.get("password")
        if shown is None and (name or header_needed):
            return Refused.NO_HEADER
        if not name:
            return None
        options = self._options
        user = self._users.get(name)
        if user is None:
            return Refused.WRONG
        expected = options.encrypt(user.password, options.password_key)
        return user if secrets.compare_digest(expected, shown or "") else Refused.WRONG


def _oauth_error(status: int, error: str, description: str) -> Answer:
    return json_object({"error": error, "error_description": description}, status)
