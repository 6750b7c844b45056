"""All that one run knows of logins: looks them up, asks for them, and remembers where they were accepted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from cartload.errors import LoginError
from cartload.events import LoggedIn
from cartload.origins import Standing, Trust
from cartload_cli import this_run
from cartload_cli.login_prompt import LoginPrompt
from cartload_common import texts
from cartload_common.credentials.chain import Chain, CommandLine, ForOneOrigin
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_common.credentials.named import Named, named_logins
from cartload_common.credentials.netrc_file import NetrcFile
from cartload_common.credentials.stored import Stored
from cartload_common.credentials.variables import USERNAME, Variables
from cartload_common.messages import Loudness, Message, Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cartload.credentials import Credentials
    from cartload.events import Event, LoginQuestion
    from cartload.model import Origin, SeriesUID
    from cartload.settings import Settings
    from cartload_cli.login_options import LoginGiven

PROMPT = "what was typed"


class Logins:
    """Finds the logins of a run; ``tell`` is told what the user should know, and may be replaced.

    The order: the options, the environment, the settings, the keyring, netrc; then, by ``ask``, whoever is
    at the terminal. ``trust`` says which origins may be sent any.
    """

    def __init__(self, given: LoginGiven, settings: Settings, *, attended: bool) -> None:
        self.tell: Callable[[Message], None] = _echo
        self._given = given
        self._attended = attended
        self._user = given.user or os.environ.get(USERNAME, "").strip() or None
        self._named = named_logins(settings.logins)
        self._redact = this_run.redaction()
        for user in (self._user, *(named.username for named in self._named.values())):
            if user is not None:
                self._redact.learn_user(user)
        self._list = LoginList(usual_path(), self._warn)
        logins = self._list.read()
        self.trust = Trust(frozenset(logins), frozenset((*given.allowed, *self._named)))
        self._chain = Chain(
            (
                ForOneOrigin(CommandLine(given.credentials)),
                ForOneOrigin(Variables(os.environ)),
                Named(self._named),
                Stored(logins, KeyringStore()),
                NetrcFile(os.environ),
            ),
            self._warn,
        )
        self._source: dict[Origin, str] = {}
        self._told: set[Origin] = set()
        self._learn(given.credentials)

    def find(self, origin: Origin) -> Credentials | None:
        """Look for a login without asking anybody; None where there is none, or none may be sent there.

        Raises LoginError when the options give a login that must not be sent to *origin*.
        """
        if not self.trust.standing(origin).may_have_credentials:
            if self._given.credentials is not None:
                self.check(origin)
            return None
        found = self._chain.find(origin, self._user_at(origin))
        if found is None:
            return None
        self._source[origin] = found.source
        self._learn(found.credentials)
        return found.credentials

    def log_in(self, question: LoginQuestion) -> Credentials | None:
        """Answer a session's question; None is a guest."""
        return self.ask(question.origin, series=question.series, refused=bool(question.refusal))

    def ask(
        self, origin: Origin, *, series: Sequence[SeriesUID] = (), refused: bool = False
    ) -> Credentials | None:
        """Ask at the terminal, if somebody is there and *origin* may be sent a login; None is a guest."""
        if not (self._attended and self.trust.standing(origin).may_have_credentials):
            return None
        source = self._source.get(origin, PROMPT)
        whose = f"the login from {source}" if source != PROMPT else "this user name and password"
        prompt = LoginPrompt(lambda text: self.tell(Message(text, Tone.PLAIN, Loudness.QUIET)))
        named = () if origin in self._told else series
        typed = prompt.ask(origin, series=named, refused=whose if refused else "", user=self._user_at(origin))
        self._told.add(origin)
        self._source[origin] = PROMPT
        if typed is not None:
            self._user = typed.user
            self._learn(typed)
        return typed

    def hear(self, event: Event) -> None:
        """Listen for logins that were accepted."""
        if isinstance(event, LoggedIn):
            self.accepted(event.origin)

    def accepted(self, origin: Origin) -> None:
        """Remember that *origin* was logged in to; say how to keep what was typed."""
        if self.trust.standing(origin) is Standing.NAMED:
            try:
                self._list.add(origin, None)
            except LoginError as error:
                self._warn(str(error))
        if self._source.get(origin) == PROMPT:
            text = f"'cartload login {origin}' keeps this login for the next time."
            self.tell(Message(texts.safe(text), Tone.FAINT))

    def check(self, origin: Origin) -> None:
        """Raise LoginError when *origin* must not be sent a login, with the option that allows it."""
        if self.trust.standing(origin) is not Standing.UNKNOWN:
            self.trust.check(origin)
            return
        raise LoginError(
            "this is no archive that cartload knows, and you have not logged in to it before: "
            "no login is sent to it.",
            subject=str(origin),
            advice=f"If it is the archive that you mean: --allow-host {_as_host(origin)}",
        )

    def _user_at(self, origin: Origin) -> str | None:
        """Say whose login it is to be: as was said for this run, or else in the settings."""
        named = self._named.get(origin)
        return self._user or (named.username if named is not None else None)

    def _learn(self, credentials: Credentials | None) -> None:
        """Keep a login out of what is written; the user's name may be seen on the screen."""
        if credentials is not None:
            self._redact.learn_password(credentials.password)
            self._redact.learn_user(credentials.user)

    def _warn(self, text: str) -> None:
        self.tell(Message(texts.safe(f"note: {text}"), Tone.NOTICE))


def _as_host(origin: Origin) -> str:
    """Write an origin as briefly as ``--allow-host`` takes it."""
    return str(origin).removeprefix("https://")


def _echo(message: Message) -> None:
    click.echo(message.text, err=True)
