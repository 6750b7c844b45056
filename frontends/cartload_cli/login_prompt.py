"""Asks for name and password at a terminal, the password without echo, and says for which archive."""

from __future__ import annotations

import getpass
import warnings
from typing import TYPE_CHECKING

import click

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload_common import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.model import Origin


class LoginPrompt:
    """Asks whoever sits there; *tell* shows what the question is about."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def ask(
        self, origin: Origin, *, series: int = 0, refused: str = "", user: str | None = None
    ) -> Credentials | None:
        """Ask for a login for *origin*; None when no name is given.

        *series* is how many need it, *refused* whose login the archive did not accept just before, and
        *user* the name to begin with. Raises Abort on Ctrl-C, LoginError where the terminal would show
        the password.
        """
        if refused:
            self._tell(f"{texts.safe(str(origin))} does not accept {texts.safe(refused)}.")
        self._tell(_purpose(origin, series))
        while True:
            name = click.prompt("User name", default=user or "", show_default=bool(user), err=True).strip()
            if not name:
                return None
            try:
                return Credentials(name, Secret(_hidden("Password")))
            except ValueError as error:
                self._tell(f"That cannot be sent: {error}.")


def _purpose(origin: Origin, series: int) -> str:
    needed = f"{texts.count(series, 'series')} of this cart need a login at " if series else "Your login at "
    left_out = "; no name goes on without it" if series else ""
    return f"{needed}{texts.safe(str(origin))} (it is sent nowhere else{left_out}):"


def _hidden(text: str) -> str:
    """Ask without echo; where that is not possible do not ask at all, rather than show it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            typed: str = click.prompt(text, hide_input=True, err=True)
        except getpass.GetPassWarning:
            raise LoginError(
                "this terminal cannot hide what is typed, so the password is not asked for.",
                advice="Use --password-stdin, --credentials FILE, or CARTLOAD_PASSWORD.",
            ) from None
    return typed
