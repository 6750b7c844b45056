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
    from collections.abc import Callable, Sequence

    from cartload.model import Origin, SeriesUID


class LoginPrompt:
    """Asks whoever sits there; *tell* shows what the question is about."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def ask(
        self,
        origin: Origin,
        *,
        series: Sequence[SeriesUID] = (),
        refused: str = "",
        user: str | None = None,
    ) -> Credentials | None:
        """Ask for a login for *origin*; None when no name or no password is given.

        *series* are those that need it, *refused* is whose login the archive did not accept just before, and
        *user* the name to begin with. Raises Abort on Ctrl-C, LoginError where the terminal would show
        the password.
        """
        if refused:
            self._tell(f"{texts.safe(str(origin))} does not accept {texts.safe(refused)}.")
        way_on = "to go on without it" if series and not refused else "to give up"
        self._tell_purpose(origin, series, f"It is sent nowhere else; {way_on}, give no password.")
        while True:
            name = click.prompt("User name", default=user or "", show_default=bool(user), err=True).strip()
            if not name:
                return None
            password = _hidden("Password")
            if not password:
                return None
            try:
                return Credentials(name, Secret(password))
            except ValueError as error:
                self._tell(f"That cannot be sent: {error}.")

    def _tell_purpose(self, origin: Origin, series: Sequence[SeriesUID], way_on: str) -> None:
        place = texts.safe(str(origin))
        if not series:
            self._tell(f"Your login at {place}. {way_on}")
            return
        verb = "needs" if len(series) == 1 else "need"
        self._tell(f"{texts.count(len(series), 'series')} of this cart {verb} a login at {place}:")
        for line in texts.listed(series, texts.safe):
            self._tell(line)
        self._tell(way_on)


def _hidden(text: str) -> str:
    """Ask without echo; where that is not possible do not ask at all, rather than show it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            typed: str = click.prompt(text, default="", show_default=False, hide_input=True, err=True)
        except getpass.GetPassWarning:
            raise LoginError(
                "this terminal cannot hide what is typed, so the password is not asked for.",
                advice="Use --password-stdin, --credentials FILE, or CARTLOAD_PASSWORD.",
            ) from None
    return typed
