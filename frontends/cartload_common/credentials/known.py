"""The logins that are known before anybody is asked, and what is learnt of them, for every frontend alike."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cartload.errors import LoginError
from cartload.origins import Standing, Trust
from cartload_common.credentials import keeping
from cartload_common.credentials.chain import Chain, CommandLine, ForOneOrigin
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_common.credentials.named import Named, named_logins
from cartload_common.credentials.netrc_file import NetrcFile
from cartload_common.credentials.stored import Stored
from cartload_common.credentials.variables import USERNAME, Variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cartload.credentials import Credentials
    from cartload.model import Origin
    from cartload.settings import Settings
    from cartload_common.credentials.chain import Found
    from cartload_common.redaction import Redaction


class KnownLogins:
    """Looks for logins in this order: the options, the environment, the settings, the keyring, netrc.

    ``trust`` says which origins may be sent any; ``user`` is whose login it is to be, if that was said for
    this run. *given* is what the options give, *allowed* the origins that the user named; *redact* learns of
    every login, *warn* is told what does not hinder.
    """

    def __init__(  # noqa: PLR0913 - each is a choice of its own
        self,
        settings: Settings,
        redact: Redaction,
        warn: Callable[[str], None],
        *,
        given: Credentials | None = None,
        user: str | None = None,
        allowed: Iterable[Origin] = (),
    ) -> None:
        self.user = user or os.environ.get(USERNAME, "").strip() or None
        self._named = named_logins(settings.logins)
        self._redact = redact
        self._warn = warn
        self._store = KeyringStore()
        self._list = LoginList(usual_path(), warn)
        logins = self._list.read()
        self.trust = Trust(frozenset(logins), frozenset((*allowed, *self._named)))
        self._chain = Chain(
            (
                ForOneOrigin(CommandLine(given)),
                ForOneOrigin(Variables(os.environ)),
                Named(self._named),
                Stored(logins, self._store),
                NetrcFile(os.environ),
            ),
            warn,
        )
        for name in (self.user, *(named.username for named in self._named.values())):
            if name is not None:
                redact.learn_user(name)
        self.learn(given)

    def find(self, origin: Origin) -> Found | None:
        """Look for a login without asking anybody; None where there is none, or none may be sent there."""
        if not self.trust.standing(origin).may_have_credentials:
            return None
        found = self._chain.find(origin, self.user_at(origin))
        self.learn(found.credentials if found is not None else None)
        return found

    def user_at(self, origin: Origin) -> str | None:
        """Say whose login it is to be: as was said for this run, or else in the settings."""
        named = self._named.get(origin)
        return self.user or (named.username if named is not None else None)

    def learn(self, credentials: Credentials | None) -> None:
        """Keep a login out of what is written; the user's name may be seen on the screen."""
        if credentials is not None:
            self._redact.learn_password(credentials.password)
            self._redact.learn_user(credentials.user)

    def accepted(self, origin: Origin, kept: Credentials | None = None) -> None:
        """Remember an archive that took a login, and the login itself if it is to be *kept*."""
        try:
            if kept is not None:
                keeping.keep(self._store, self._list, origin, kept)
            elif self.trust.standing(origin) is Standing.NAMED:
                self._list.add(origin, None)
        except LoginError as error:
            self._warn(str(error))
