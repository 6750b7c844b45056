"""Proxies: where one is, what proves to it who is asking, and which one leads to a server."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote

from attrs import field, frozen

from cartload.credentials import Secret
from cartload.errors import SettingsError
from cartload.origins import is_loopback, origin_of
from cartload_plugins.network.no_proxy import is_excepted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.model import Origin

DIRECT = "direct"
"""In the place of a proxy's address: that there shall be none."""

_CHOSEN = "the setting proxy"
"""What an address that the user chose is called."""
_ELSEWHERE = re.compile(r"[/?#\\\s]")
"""In a user or password these are written as ``%2F`` and so on: programs disagree where the host begins."""


@frozen
class Proxy:
    """A proxy; shown, it has no login."""

    origin: Origin
    named_by: str
    """The option or the environment variable that it comes from."""
    login: Secret | None = field(default=None, repr=False)

    @classmethod
    def of(cls, text: str, named_by: str) -> Proxy:
        """Read an address such as ``http://user:password@proxy.example.org:3128``; a scheme may be missing.

        Raises SettingsError, which does not repeat the address.
        """
        scheme, divider, rest = text.strip().partition("://")
        if not divider:
            scheme, rest = "http", scheme
        if scheme.lower().startswith("socks"):
            raise SettingsError(
                "this is a SOCKS proxy; cartload goes through http and https proxies only.",
                subject=named_by,
                advice="Name an http proxy, or 'direct' to go without any.",
            )
        user, at, place = rest.rpartition("@")
        if _ELSEWHERE.search(user):
            raise SettingsError(
                "the user or password in the proxy's address holds a character that has to be written in "
                "another way, such as %2F for a slash.",
                subject=named_by,
            )
        return cls(_origin(scheme, place, named_by), named_by, _login(user) if at else None)

    @property
    def headers(self) -> dict[str, str]:
        """Give what proves to the proxy, and to nobody else, who is asking."""
        return {} if self.login is None else {"Proxy-Authorization": f"Basic {self.login.reveal()}"}

    def __str__(self) -> str:
        return str(self.origin)


@frozen
class Routes:
    """Which proxy leads to which server: the one that the user *chose*, or those of the *environment*."""

    chosen: str | None = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)

    def to(self, origin: Origin) -> Proxy | None:
        """Give the proxy to *origin*, None for the direct way; raises SettingsError if its address is none.

        This machine is reached through a proxy only if the user chose one; ``no_proxy`` excepts from either.
        """
        if self._is_excepted(origin) or self.chosen == DIRECT:
            return None
        if self.chosen is not None:
            return Proxy.of(self.chosen, _CHOSEN)
        if is_loopback(origin):
            return None
        named = self._variable(f"{origin.scheme}_proxy") or self._variable("all_proxy")
        return Proxy.of(named[1], named[0]) if named and named[1] else None

    def _is_excepted(self, origin: Origin) -> bool:
        listed = self._variable("no_proxy")
        return listed is not None and is_excepted(origin, listed[1])

    def _variable(self, name: str) -> tuple[str, str] | None:
        """Give a variable as it is spelled, and its value, which is empty to say that there is none.

        Whoever asks a web server sets HTTP_PROXY for the programs behind it, by a header ``Proxy``: there it
        counts in small letters alone.
        """
        is_forged = name == "http_proxy" and "REQUEST_METHOD" in self.environment
        for spelled in (name,) if is_forged else (name, name.upper()):
            if spelled in self.environment:
                return spelled, self.environment[spelled].strip()
        return None


def _origin(scheme: str, place: str, named_by: str) -> Origin:
    host = place.removesuffix("/")
    try:
        # What has a path is no address of a proxy, and an empty host none at all.
        return origin_of("" if "/" in host else f"{scheme}://{host}")
    except ValueError as error:
        raise SettingsError(
            "this is no address of a proxy.",
            subject=named_by,
            advice="It is written as in http://proxy.example.org:3128",
        ) from error


def _login(user: str) -> Secret:
    """Write user and password as a proxy wants to see them (RFC 7617)."""
    name, _, password = user.partition(":")
    plain = f"{unquote(name)}:{unquote(password)}".encode("utf-8", "surrogateescape")
    return Secret(b64encode(plain).decode())
