"""Bundled authenticators: how a user proves to an archive who is asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.hooks import cartload_authenticators, implements
from cartload.ports import Factory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import Authenticator, AuthenticatorContext, AuthenticatorFactory


@implements(cartload_authenticators)
def authenticators() -> Mapping[str, AuthenticatorFactory]:
    """Offer the guest."""
    return {"guest": Factory(_guest, summary="no login: what the archive shows to everyone")}


def _guest(_context: AuthenticatorContext, _options: object) -> Authenticator:
    from cartload_plugins.auth.guest import Guest  # noqa: PLC0415 - only when it is used

    return Guest()
