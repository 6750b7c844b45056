"""Logins as the window knows them: where they are looked for, and keeping what somebody typed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cartload.errors import LoginError
from cartload.origins import Standing, Trust
from cartload_common.credentials import keeping
from cartload_common.credentials.chain import Chain, ForOneOrigin
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_common.credentials.named import Named, named_logins
from cartload_common.credentials.netrc_file import NetrcFile
from cartload_common.credentials.stored import Stored
from cartload_common.credentials.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cartload.credentials import Credentials
    from cartload.model import Origin
    from cartload.settings import Settings
    from cartload_common.redaction import Redaction


class Logins:
    """The logins of one errand, for its session's thread: environment, settings, keyring, netrc, in turn.

    *trusted* are the origins that the user said are the right ones; *warn* is told what does not hinder.
    """

    def __init__(
        self,
        trusted: Iterable[Origin],
        settings: Settings,
        redact: Redaction,
        warn: Callable[[str], None],
    ) -> None:
        self._named = named_logins(settings.logins)
        self._redact = redact
        self._warn = warn
        self._store = KeyringStore()
        self._list = LoginList(usual_path(), warn)
        logins = self._list.read()
        self.trust = Trust(frozenset(logins), frozenset((*trusted, *self._named)))
        self._chain = Chain(
            (
                ForOneOrigin(Variables(os.environ)),
                Named(self._named),
                Stored(logins, self._store),
                NetrcFile(os.environ),
            ),
            warn,
        )

    def find(self, origin: Origin) -> Credentials | None:
        """Look for a login without asking; None where there is none, or none may be sent there."""
        if not self.trust.standing(origin).may_have_credentials:
            return None
        named = self._named.get(origin)
        found = self._chain.find(origin, named.username if named is not None else None)
        if found is None:
            return None
        self._redact.learn_password(found.credentials.password)
        self._redact.learn_user(found.credentials.user)
        return found.credentials

    def accepted(self, origin: Origin, kept: Credentials | None) -> None:
        """Remember an archive that took a login, and the login itself if it is to be *kept*."""
        try:
            if kept is not None:
                keeping.keep(self._store, self._list, origin, kept)
            elif self.trust.standing(origin) is Standing.NAMED:
                self._list.add(origin, None)
        except LoginError as error:
            self._warn(str(error))
