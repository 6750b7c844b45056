"""The choices of the authenticators; light, for it is imported to list plugins."""

from __future__ import annotations

from attrs import field, frozen

from cartload_plugins.network.options import NetworkOptions


@frozen(kw_only=True)
class OAuthOptions(NetworkOptions):
    """How to ask NBIA's REST services for a token."""

    client_id: str = "NBIA"
    """What this program is called when it asks for a token; old archives publish another."""
    client_secret: str = field(default="", repr=False)
    """What old archives publish beside it; it is no secret of yours."""


@frozen(kw_only=True)
class BearerOptions:
    """Where the token is, and whose it is; without an origin it is sent nowhere."""

    origin: str | None = None
    """The archive that the token is for, such as ``https://archive.example.org``."""
    variable: str = "CARTLOAD_TOKEN"
    """The environment variable that holds the token."""
    file: str | None = None
    """The file that holds it instead; nobody else may be able to read it."""
