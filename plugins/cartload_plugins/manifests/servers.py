"""The addresses in manifests: which can be used, and which service of an archive they mean."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from cartload.errors import ManifestError, ManifestFault
from cartload.model import Origin
from cartload_plugins.manifests.entries import quoted

NBIA_TRANSPORTS = ("nbia", "nbia-rest")
"""The transports that an NBIA archive can be asked by, the preferred one first."""

_LONGEST_ADDRESS = 2000
_PRINTABLE = re.compile(r"[!-~]+")
# Programs disagree on where the host ends in an address that holds one of these.
_AMBIGUOUS = re.compile(r"[\\<>\"^`{|}]")
_USER = re.compile(r"//[^/]*@")
_SERVLET_PATH = "/nbia-download/servlet/DownloadServlet"
_API_PATH = re.compile(r"(.*)/nbia-api(?:/services(?:/v[0-9]+)?)?/?")
_VERSIONED_SERVLET = re.compile(r"(.*/DownloadServlet)(?:V[0-9]+)?/?")


def address_fault(url: str) -> str | None:
    """Say why *url* cannot be the address of a server, or None if it can."""
    if not url:
        return "it is empty"
    if len(url) > _LONGEST_ADDRESS or not _PRINTABLE.fullmatch(url) or _AMBIGUOUS.search(url):
        return "it is not a plain address"
    try:
        Origin.of(url)
    except ValueError:
        return "it is not an absolute http(s) address"
    return "it holds a user name or password" if "@" in urlsplit(url).netloc else None


def named_server(url: str) -> str:
    """Give the download servlet of the archive that the user named; raises ManifestError."""
    fault = address_fault(url)
    if fault:
        raise ManifestError(
            shown(url),
            [ManifestFault(f"this server address cannot be used: {fault}")],
            advice="Give one such as --server https://archive.example.org",
        )
    return servlet_address(url)


def shown(url: str) -> str:
    """Quote an address for a message, without the user name and password it may hold."""
    return quoted(_USER.sub("//", url), longest=120)


def is_encrypted_or_local(url: str) -> bool:
    """Tell whether nobody on the way can read or alter what *url* answers."""
    origin = Origin.of(url)
    if origin.scheme == "https" or origin.host == "localhost":
        return True
    try:
        return ipaddress.ip_address(origin.host).is_loopback
    except ValueError:
        return False


def servlet_address(url: str) -> str:
    """Give the download servlet that *url* means: the root of a host, an API, or a servlet itself."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    if parts.path in {"", "/"}:
        return root + _SERVLET_PATH
    if api := _API_PATH.fullmatch(parts.path):
        return root + api[1] + _SERVLET_PATH
    if servlet := _VERSIONED_SERVLET.fullmatch(parts.path):
        return root + servlet[1]
    return url
