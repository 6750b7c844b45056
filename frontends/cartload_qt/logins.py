"""Logins as the window knows them: where they are looked for, and keeping what somebody typed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cartload.errors import LoginError
from cartload.origins import Standing, Trust
from cartload_common.credentials.chain import Chain, ForOneOrigin
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_common.credentials.netrc_file import NetrcFile
from cartload_common.credentials.stored import Stored
from cartload_common.credentials.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cartload.credentials import Credentials
    from cartload.model import Origin
    from cartload_common.redaction import Redaction


class Logins:
    """The logins of one errand, for the thread of its session: environment, keyring, netrc, in this order.

    *named* are the origins that the user said are the right ones; *warn* is told what does not hinder.
    """

    def __init__(self, named: Iterable[Origin], redact: Redaction, warn: Callable[[str], None]) -> None:
        self._redact = redact
        self._warn = warn
        self._store = KeyringStore()
        self._list = LoginList(usual_path(), warn)
        logins = self._list.read()
        self.trust = Trust(frozenset(logins), frozenset(named))
        self._chain = Chain(
            (ForOneOrigin(Variables(os.environ)), Stored(logins, self._store), NetrcFile(os.environ)), warn
        )

    def find(self, origin: Origin) -> Credentials | None:
        """Look for a login without asking; None where there is none, or none may be sent there."""
        if not self.trust.standing(origin).may_have_credentials:
            return None
        found = self._chain.find(origin, None)
        if found is None:
            return None
        self._redact.learn_password(found.credentials.password)
        return found.credentials

    def accepted(self, origin: Origin, kept: Credentials | None) -> None:
        """Remember an archive that took a login, and the login itself if it is to be *kept*."""
        try:
            if kept is not None:
                self._keep(origin, kept)
            elif self.trust.standing(origin) is Standing.NAMED:
                self._list.add(origin, None)
        except LoginError as error:
            self._warn(str(error))

    def _keep(self, origin: Origin, credentials: Credentials) -> None:
        """Put the password into the keyring and the user on the list: both, or neither."""
        self._store.keep(origin, credentials)
        try:
            self._list.add(origin, credentials.user)
        except LoginError:
            self._store.forget(origin, credentials.user)
            raise
