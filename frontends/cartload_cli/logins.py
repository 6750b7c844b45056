"""All that one run knows of logins: looks them up, asks for them, and remembers where they were accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cartload.errors import LoginError
from cartload.events import LoggedIn
from cartload.origins import Standing
from cartload_cli import this_run
from cartload_cli.login_prompt import LoginPrompt
from cartload_common import texts
from cartload_common.credentials.known import KnownLogins
from cartload_common.messages import Loudness, Message, Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cartload.credentials import Credentials
    from cartload.events import Event, LoginQuestion
    from cartload.model import Origin, SeriesUID
    from cartload.origins import Trust
    from cartload.settings import Settings
    from cartload_cli.login_options import LoginGiven

PROMPT = "what was typed"


class Logins:
    """Finds the logins of a run; ``tell`` is told what the user should know, and may be replaced.

    After those that are known, whoever is at the terminal is asked, by ``ask``.
    """

    def __init__(self, given: LoginGiven, settings: Settings, *, attended: bool) -> None:
        self.tell: Callable[[Message], None] = _echo
        self._is_given = given.credentials is not None
        self._attended = attended
        self._known = KnownLogins(
            settings,
            this_run.redaction(),
            self._warn,
            given=given.credentials,
            user=given.user,
            allowed=given.allowed,
        )
        self._source: dict[Origin, str] = {}
        self._told: set[Origin] = set()

    @property
    def trust(self) -> Trust:
        """Say which origins may be sent a login."""
        return self._known.trust

    def find(self, origin: Origin) -> Credentials | None:
        """Look for a login without asking anybody; None where there is none, or none may be sent there.

        Raises LoginError when the options give a login that must not be sent to *origin*.
        """
        if self._is_given and not self.trust.standing(origin).may_have_credentials:
            self.check(origin)
        found = self._known.find(origin)
        if found is None:
            return None
        self._source[origin] = found.source
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
        typed = prompt.ask(
            origin, series=named, refused=whose if refused else "", user=self._known.user_at(origin)
        )
        self._told.add(origin)
        self._source[origin] = PROMPT
        if typed is not None:
            self._known.user = typed.user
            self._known.learn(typed)
        return typed

    def hear(self, event: Event) -> None:
        """Listen for logins that were accepted."""
        if isinstance(event, LoggedIn):
            self.accepted(event.origin)

    def accepted(self, origin: Origin) -> None:
        """Remember that *origin* was logged in to; say how to keep what was typed."""
        self._known.accepted(origin)
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

    def _warn(self, text: str) -> None:
        self.tell(Message(texts.safe(f"note: {text}"), Tone.NOTICE))


def _as_host(origin: Origin) -> str:
    """Write an origin as briefly as ``--allow-host`` takes it."""
    return str(origin).removeprefix("https://")


def _echo(message: Message) -> None:
    click.echo(message.text, err=True)
