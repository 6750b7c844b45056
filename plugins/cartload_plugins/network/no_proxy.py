"""The hosts that are reached without a proxy, as the variable ``no_proxy`` lists them.

No standard says how it is written; this is what curl and most others agree on.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cartload.model import Origin

_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*):(?P<port>[0-9]{1,5})")


def is_excepted(origin: Origin, listed: str) -> bool:
    """Tell whether *listed*, divided by commas or blanks, names the host of *origin*.

    An entry is ``*`` (every host), a domain (with all below it; a leading ``.`` or ``*.`` changes nothing),
    an IP address or a block of them (``10.0.0.0/8``); each may end with a port. Names are not looked up:
    a block excepts hosts that are asked by their address. What is none of these names nobody.
    """
    return any(_names(entry, origin) for entry in listed.lower().replace(",", " ").split())


def _names(entry: str, origin: Origin) -> bool:
    if entry == "*":
        return True
    with_port = _PORT.fullmatch(entry)
    if with_port is not None:
        if int(with_port["port"]) != origin.port:
            return False
        entry = with_port["host"]
    entry = entry.removeprefix("[").removesuffix("]")
    address = _address(origin.host)
    if address is not None:
        return _holds(entry, address)
    domain = entry.removeprefix("*").strip(".")
    return bool(domain) and (origin.host == domain or origin.host.endswith(f".{domain}"))


def _holds(entry: str, address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address, or a block of them, is or has *address*."""
    try:
        block = ip_network(entry, strict=False)
    except ValueError:
        return False
    return address in block


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Read an IP address; one of the old kind may be written as one of the new."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
