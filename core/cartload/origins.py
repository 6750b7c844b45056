"""Where an address leads, when there must be no doubt, and which origins may be sent credentials.

Whoever made a manifest chose its server. So credentials belong to one origin, and an origin gets them only
when it is a known archive, this machine, one that the user logged in to before, or one that the user named.
Nothing goes over plain http but on this machine.
"""

from __future__ import annotations

import re
from enum import Enum
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.errors import LoginError
from cartload.model import Origin

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

KNOWN_ARCHIVES = frozenset(
    Origin("https", f"{name}.cancerimagingarchive.net", 443)
    for name in ("nbia", "nlst", "public", "services")
)
"""The Cancer Imaging Archive's own hosts; by name: others below its domain may be anybody's."""

_LONGEST_HOST = 253
_HIGHEST_PORT = 65535
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What follows the authority begins with a slash: programs disagree on where "https://a?@b" leads.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?P<port>[1-9][0-9]{0,4}))?(?:/[!-~]*)?",
    re.IGNORECASE | re.ASCII,
)
# Programs disagree on these, wherever they stand.
_AMBIGUOUS = re.compile(r"[\\<>\"^`{|}]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def origin_of(url: str) -> Origin:
    """Give the origin that every program takes *url* to lead to; raises ValueError where they may disagree.

    Stricter than any standard: no user names, no other spellings of an IP address than the usual one, names
    of other scripts only as Punycode (``xn--``), so that none looks like another.
    """
    found = _ADDRESS.fullmatch(url)
    if found is None or _AMBIGUOUS.search(url):
        raise ValueError("it is not a plain http(s) address")
    scheme = found["scheme"].lower()
    port = int(found["port"] or _DEFAULT_PORTS[scheme])
    if port > _HIGHEST_PORT:
        raise ValueError("its port is none")
    return Origin(scheme, _host(found["host"].lower()), port)


def named_origin(text: str) -> Origin:
    """Give the origin that a user names: an address, or a host (with a port) that is asked over https.

    Raises ValueError where it is none, or one over plain http that is not this machine.
    """
    origin = origin_of(text if "://" in text else f"https://{text}")
    if not keeps_secrets(origin):
        raise ValueError("nothing secret is sent over plain http; name its https address")
    return origin


def is_loopback(origin: Origin) -> bool:
    """Tell whether *origin* is this very machine, by its own name or address."""
    if origin.host == "localhost":
        return True
    address = _address(origin.host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address is not None and address.is_loopback


def keeps_secrets(origin: Origin) -> bool:
    """Tell whether what is sent to *origin* cannot be read on the way."""
    return origin.scheme == "https" or is_loopback(origin)


class Standing(Enum):
    """What an origin is to a user who has credentials."""

    KNOWN = "a known archive"
    LOOPBACK = "this machine"
    REMEMBERED = "logged in to before"
    NAMED = "named by the user"
    UNENCRYPTED = "not encrypted"
    UNKNOWN = "not known"

    @property
    def may_have_credentials(self) -> bool:
        """Tell whether a login may be sent there."""
        return self not in {Standing.UNENCRYPTED, Standing.UNKNOWN}


@frozen
class Trust:
    """The origins that a user trusts: logged in to before, and named for this run."""

    remembered: AbstractSet[Origin] = frozenset()
    named: AbstractSet[Origin] = frozenset()

    def standing(self, origin: Origin) -> Standing:
        """Judge *origin*; plain http is refused first, whoever named it."""
        if not keeps_secrets(origin):
            return Standing.UNENCRYPTED
        if is_loopback(origin):
            return Standing.LOOPBACK
        if origin in KNOWN_ARCHIVES:
            return Standing.KNOWN
        if origin in self.remembered:
            return Standing.REMEMBERED
        return Standing.NAMED if origin in self.named else Standing.UNKNOWN

    def check(self, origin: Origin) -> None:
        """Raise LoginError, with what to do, when *origin* must not be sent a login."""
        match self.standing(origin):
            case Standing.UNENCRYPTED:
                raise unencrypted(origin)
            case Standing.UNKNOWN:
                raise LoginError(
                    "this is no archive that cartload knows, and you have not logged in to it before: "
                    "no login is sent to it.",
                    subject=str(origin),
                    advice=f"If it is the archive that you mean: --allow-host {str(origin).removeprefix('https://')}",
                )
            case _:
                return


def unencrypted(origin: Origin) -> LoginError:
    """Give the error that an origin over plain http is, for whoever has a login."""
    return LoginError(
        "its address is not encrypted (http), so the login is not sent.",
        subject=str(origin),
        advice="Use the archive's https address, or go without a login.",
    )


def _host(text: str) -> str:
    """Check a host in lower case, and give it as it is compared."""
    if text.startswith("["):
        return _usual(IPv6Address(text[1:-1]))
    labels = text.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _usual(IPv4Address(text))
    if len(text) > _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("its host is none")
    return ".".join(labels)


def _usual(address: IPv4Address | IPv6Address) -> str:
    if address.is_unspecified:
        raise ValueError("its host is every host")  # programs take it for this machine
    return str(address)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    for kind in (IPv4Address, IPv6Address):
        try:
            return kind(host)
        except ValueError:
            continue
    return None
