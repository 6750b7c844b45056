"""Where an NBIA archive's services are, found from whatever address of it the user or a manifest has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import frozen

from cartload.errors import UnsupportedError
from cartload_plugins.network.wording import place

if TYPE_CHECKING:
    from typing import Self

_SERVLET = re.compile(r"(?P<base>.*)/nbia-download/servlet/DownloadServlet(?:V[0-9]+|Version)?/?")
_API = re.compile(r"(?P<base>.*)/nbia-api(?:/services(?:/v[0-9]+)?)?/?")


@frozen
class ArchiveAddresses:
    """The two doors of one archive: the download servlet (without a version) and the REST services."""

    servlet: str
    services: str

    @classmethod
    def of(cls, server_url: str) -> Self:
        """Find both from *server_url*: a servlet, an API, or the bare root of a host.

        Raises UnsupportedError for any other address.
        """
        parts = urlsplit(server_url.strip())
        path = parts.path
        found = _SERVLET.fullmatch(path) or _API.fullmatch(path)
        ends_there = not (parts.query or parts.fragment)  # programs disagree on where "https://a?@b" leads
        if not parts.netloc or not ends_there or not (found or path in {"", "/"}):
            raise UnsupportedError(
                "this is not the address of an NBIA archive.",
                subject=place(server_url),
                advice="Such an address ends in /nbia-download/servlet/DownloadServlet or in /nbia-api.",
            )
        base = f"{parts.scheme}://{parts.netloc}{found['base'] if found else ''}"
        return cls(f"{base}/nbia-download/servlet/DownloadServlet", f"{base}/nbia-api/services")
