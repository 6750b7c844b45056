"""Whether somebody is known to the archive, without asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.network import Condition, Finding

if TYPE_CHECKING:
    from cartload.settings import Settings


def known_login(server_url: str, settings: Settings) -> Finding:
    """Say as whom the archive at *server_url* would be asked."""
    del server_url
    if settings.authenticator in {None, "guest"}:
        return Finding("login", Condition.WELL, "as a guest: what is open to everybody can be fetched.")
    return Finding("login", Condition.WELL, f"by the authenticator {settings.authenticator}.")
