"""Carts of NBIA portals (``.tcia``): a header in properties syntax, and a list of series UIDs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.errors import ManifestError, ManifestFault
from cartload.manifest import Manifest, ManifestSource
from cartload_plugins.manifests.entries import SeriesList, check_size, lines_of
from cartload_plugins.manifests.header import KEYS, Header
from cartload_plugins.manifests.properties import entries
from cartload_plugins.manifests.recognising import Form, form_of
from cartload_plugins.manifests.servers import NBIA_TRANSPORTS, named_server

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKER = re.compile(
    r"[ \t\f]*ListOfSeriesToDownload(?=[ \t\f=:]|\Z)[ \t\f]*[=:]?(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
# Keys may stand anywhere; behind the marker only these are taken for keys and not for bad entries.
_LATE_KEY = re.compile(rf"[ \t\f]*(?:{KEYS})[ \t\f]*[=:]")
_ADVICE = "Mend these lines, or download the manifest from the archive's portal again."


@frozen
class TciaReader:
    """Reads carts of version 3; *server_url* is the archive the user named instead of the manifest's."""

    server_url: str | None = None

    def recognises(self, source: ManifestSource) -> bool:
        """Tell whether this is such a cart."""
        return form_of(source) is Form.TCIA

    def read(self, source: ManifestSource) -> Manifest:
        """Read all of it; raises ManifestError that lists every fault with its line."""
        check_size(source)
        cart = _Cart(source.text())
        header = cart.header
        if header.is_older(has_list=cart.marker is not None):
            raise _older(source.name)
        header.check_data_type()
        manifest = Manifest(
            source=source,
            server_url=header.server_url() if self.server_url is None else named_server(self.server_url),
            series=cart.listed.series,
            transports=NBIA_TRANSPORTS,
            include_annotations=header.annotations(),
            attempts=header.attempts(),
            basket_id=header.text("databasketId"),
            version=header.version(),
            warnings=(*header.warnings, *cart.listed.warnings),
        )
        faults = [*header.faults, *cart.list_faults()]
        if faults:
            raise ManifestError(source.name, faults, advice=_ADVICE)
        return manifest


class _Cart:
    """The two halves of a cart, and the line of the marker between them.

    Line by line: a large file that holds no cart is not kept in pieces.
    """

    def __init__(self, text: str) -> None:
        self.listed = SeriesList()
        self.marker: int | None = None
        self.header = Header(entries(self._header_lines(text)))

    def list_faults(self) -> tuple[ManifestFault, ...]:
        if self.marker is None:
            return (ManifestFault("there is no list of series: the line ListOfSeriesToDownload= is missing"),)
        if not self.listed.series and not self.listed.faults:
            return (ManifestFault("the list of series is empty", self.marker),)
        return self.listed.faults

    def _header_lines(self, text: str) -> Iterator[tuple[int, str]]:
        """Give the header, and list the rest: what stands behind the marker and is none of the known keys."""
        for number, line in lines_of(text):
            found = _MARKER.fullmatch(line)
            if found:
                self.marker = self.marker or number
                self.listed.add_line(found["rest"], number)
            elif self.marker is None or _LATE_KEY.match(line):
                yield number, line
            else:
                self.listed.add_line(line, number)


def _older(name: str) -> ManifestError:
    return ManifestError(
        name,
        [ManifestFault("this cart is of version 1 or 2: its list of series stayed on the server")],
        advice="Open the cart in the archive's portal, and download a new manifest there.",
    )
