"""Bundled authenticators: how a user proves to an archive who is asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cartload.hooks import cartload_authenticators, implements
from cartload.ports import Factory
from cartload_plugins.auth.options import BearerOptions, OAuthOptions
from cartload_plugins.network.options import NetworkOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import Authenticator, AuthenticatorContext, AuthenticatorFactory


@implements(cartload_authenticators)
def authenticators() -> Mapping[str, AuthenticatorFactory]:
    """Offer the guest, NBIA's two logins, and tokens from elsewhere."""
    return {
        "guest": Factory(_guest, summary="no login: what the archive shows to everyone"),
        "nbia-oauth": Factory(_nbia_oauth, OAuthOptions, "NBIA's REST services: a token for a password"),
        "nbia-servlet": Factory(_nbia_servlet, NetworkOptions, "NBIA's download servlet: name and password"),
        "bearer": Factory(_bearer, BearerOptions, "a token from the environment or a file"),
    }


def _guest(_context: AuthenticatorContext, _options: object) -> Authenticator:
    from cartload.guest import Guest  # noqa: PLC0415 - only when it is used

    return Guest()


def _nbia_oauth(context: AuthenticatorContext, options: object) -> Authenticator:
    from cartload_plugins.auth.nbia_oauth import NbiaOAuth  # noqa: PLC0415 - heavy: urllib3

    return NbiaOAuth(context, cast("OAuthOptions", options).within(context.network))


def _nbia_servlet(context: AuthenticatorContext, options: object) -> Authenticator:
    from cartload_plugins.auth.nbia_servlet import NbiaServlet  # noqa: PLC0415 - likewise

    return NbiaServlet(context, cast("NetworkOptions", options).within(context.network))


def _bearer(context: AuthenticatorContext, options: object) -> Authenticator:
    from cartload_plugins.auth.bearer import Bearer  # noqa: PLC0415 - only when it is used

    return Bearer(context, cast("BearerOptions", options))
