"""Whether somebody is known to the archive, without asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import CartloadError
from cartload.network import Condition, Finding
from cartload.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.credentials import Credentials
    from cartload.model import Origin
    from cartload.settings import Settings


def known_login(server_url: str, settings: Settings, find: Callable[[Origin], Credentials | None]) -> Finding:
    """Say as whom the archive at *server_url* would be asked; *find* looks where logins are kept."""
    if settings.authenticator is not None:
        return Finding("login", Condition.WELL, f"by the authenticator {settings.authenticator}.")
    try:
        found = find(origin_of(server_url))
    except ValueError:
        found = None  # an address in doubt gets none
    except CartloadError as error:
        return Finding("login", Condition.BAD, error.what, error.advice)
    if found is None:
        return Finding("login", Condition.WELL, "as a guest: what is open to everybody can be fetched.")
    return Finding("login", Condition.WELL, f"as {found.user}, where a guest may not have what is wanted.")
