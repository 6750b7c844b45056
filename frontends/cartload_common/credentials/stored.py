"""Logins that ``cartload login`` kept: the list says whose, the keyring has their passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.credentials import Credentials
from cartload_common.credentials.keyring_store import NAME

if TYPE_CHECKING:
    from cartload.model import Origin
    from cartload_common.credentials.keyring_store import KeyringStore
    from cartload_common.credentials.login_list import Logins


class Stored:
    """Asks the keyring for the latest user of an origin; one without users is not asked for."""

    name = NAME

    def __init__(self, logins: Logins, store: KeyringStore) -> None:
        self._logins = logins
        self._store = store

    def find(self, origin: Origin, user: str | None) -> Credentials | None:
        """Give the login, if it is that of *user*; raises LoginError when the keyring cannot be used."""
        for known in self._logins.get(origin, ()):
            if user in {None, known}:
                password = self._store.password(origin, known)
                if password is not None:
                    return Credentials(known, password)
        return None
