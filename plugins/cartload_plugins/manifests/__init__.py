"""Bundled manifest readers: what turns a cart's file into a list of series."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cartload.hooks import cartload_manifest_readers, implements
from cartload.ports import Factory
from cartload_plugins.network.options import NetworkOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import ManifestReader, ManifestReaderFactory, ReaderContext


@implements(cartload_manifest_readers)
def manifest_readers() -> Mapping[str, ManifestReaderFactory]:
    """Offer the readers of carts, of collections of carts, and of plain lists."""
    return {
        "tcia": Factory(_tcia, summary="carts of NBIA portals (.tcia), version 3"),
        "uids": Factory(_uids, summary="plain lists of series UIDs, with --server"),
        "xml": Factory(_xml, NetworkOptions, "TCIACollection files, which name carts by their addresses"),
    }


def _tcia(context: ReaderContext, _options: object) -> ManifestReader:
    from cartload_plugins.manifests.tcia import TciaReader  # noqa: PLC0415 - only when it is used

    return TciaReader(context.server_url)


def _uids(context: ReaderContext, _options: object) -> ManifestReader:
    from cartload_plugins.manifests.uids import UidsReader  # noqa: PLC0415 - only when it is used

    return UidsReader(context.server_url)


def _xml(context: ReaderContext, options: object) -> ManifestReader:
    from cartload_plugins.manifests.collection import CollectionReader  # noqa: PLC0415 - only when used
    from cartload_plugins.manifests.tcia import TciaReader  # noqa: PLC0415 - likewise

    def fetch(address: str) -> bytes:
        from cartload_plugins.manifests.fetching import Fetcher  # noqa: PLC0415 - heavy: urllib3

        return Fetcher(cast("NetworkOptions", options).within(context.network))(address)

    return CollectionReader(fetch, TciaReader(context.server_url))
