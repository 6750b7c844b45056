"""Plain lists of series UIDs, as people write them and spreadsheets export them."""

from __future__ import annotations

from attrs import frozen

from cartload.errors import ManifestError, ManifestFault
from cartload.manifest import Manifest, ManifestSource
from cartload_plugins.manifests.entries import SeriesList, check_size, lines_of
from cartload_plugins.manifests.recognising import Form, form_of
from cartload_plugins.manifests.servers import NBIA_TRANSPORTS, named_server


@frozen
class UidsReader:
    """Reads UIDs, one a line or between commas and blanks; they are of the archive at *server_url*."""

    server_url: str | None = None

    def recognises(self, source: ManifestSource) -> bool:
        """Tell whether this is such a list."""
        return form_of(source) is Form.UIDS

    def read(self, source: ManifestSource) -> Manifest:
        """Read all of it; raises ManifestError that lists every fault with its line."""
        check_size(source)
        listed = SeriesList()
        for number, line in lines_of(source.text()):
            listed.add_line(line, number)
        faults = list(listed.faults)
        if not faults and not listed.series:
            faults.append(ManifestFault("there is no series UID in it"))
        if self.server_url is None:
            faults.append(ManifestFault("a plain list does not say which archive its series are in"))
        if faults:
            advice = "Name the archive with --server URL." if self.server_url is None else ""
            raise ManifestError(source.name, faults, advice=advice)
        return Manifest(
            source=source,
            server_url=named_server(self.server_url or ""),
            series=listed.series,
            transports=NBIA_TRANSPORTS,
            warnings=listed.warnings,
        )
