"""A token that somebody was given, from the environment or a file, for the one archive it was given for."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from cartload.credentials import Secret
from cartload.errors import LoginError
from cartload.origins import named_origin, origin_of
from cartload_plugins.auth.logins import base_of, check_encrypted
from cartload_plugins.auth.tokens import is_token

if TYPE_CHECKING:
    from cartload.ports import AuthenticatorContext, Request, Stop
    from cartload_plugins.auth.options import BearerOptions

_MOST_BYTES = 64 * 1024


class Bearer:
    """Signs with the token; a refused one is looked up again, for another program may renew it."""

    def __init__(self, context: AuthenticatorContext, options: BearerOptions) -> None:
        check_encrypted(context)
        self._origin = context.origin
        self._options = options
        self._check_origin()
        self._token = self._read()

    @property
    def user(self) -> str | None:
        """Name the user as far as a token does."""
        return "the bearer of a token"

    def sign(self, request: Request, stop: Stop) -> Request:
        """Add ``Authorization``."""
        del stop
        if base_of(request, self._origin) is None:
            return request
        return evolve(request, headers={**request.headers, "Authorization": self._header})

    def renew(self, refused: Request, stop: Stop) -> bool:
        """Look whether there is another token by now."""
        del stop
        self._token = self._read()
        return refused.headers.get("Authorization") not in {None, self._header}

    @property
    def _header(self) -> str:
        return f"Bearer {self._token.reveal()}"

    def _check_origin(self) -> None:
        """Refuse where the token was not given for: a manifest chooses the server, not the token."""
        named = self._options.origin
        try:
            if named is not None and named_origin(named) == origin_of(str(self._origin)):
                return
        except ValueError as error:
            raise LoginError(f"{error}.", subject="the option origin of bearer") from error
        told = "no archive" if named is None else named
        raise LoginError(
            f"the token is not sent to it: the option origin of bearer names {told}.",
            subject=str(self._origin),
            advice=f"If the token is for it, set bearer.origin to {self._origin}",
        )

    def _read(self) -> Secret:
        path, variable = self._options.file, self._options.variable
        where = f"the variable {variable}" if path is None else path
        text = os.environ.get(variable, "") if path is None else _content(path)
        token = text.strip()
        if not token:
            raise LoginError("there is no token in it.", subject=where)
        if not is_token(token):
            raise LoginError(
                "what is in it is no token: one word of plain letters, digits and signs.", subject=where
            )
        return Secret(token)


def _content(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                what = "others than you can read or change it, so the token in it is not used."
                raise LoginError(what, subject=path, advice=f"Make it yours alone: chmod 600 {path}")
            return file.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except OSError as error:
        raise LoginError(f"it cannot be read ({error.strerror}).", subject=path) from error
