"""A login that is kept: its password in the keyring and its user on the list, both or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cartload.credentials import Credentials
    from cartload.model import Origin
    from cartload_common.credentials.keyring_store import KeyringStore
    from cartload_common.credentials.login_list import LoginList


def keep(store: KeyringStore, logins: LoginList, origin: Origin, credentials: Credentials) -> None:
    """Keep a login for the next time; raises LoginError where that is not possible."""
    store.keep(origin, credentials)
    try:
        logins.add(origin, credentials.user)
    except LoginError:
        store.forget(origin, credentials.user)
        raise


def forget(store: KeyringStore, logins: LoginList, origin: Origin, users: Iterable[str]) -> None:
    """Forget an origin and its *users*; raises LoginError.

    The passwords go first: an origin that is still on the list can be tried again.
    """
    for user in users:
        store.forget(origin, user)
    logins.remove(origin)
