"""Manifest readers: from a file to a cart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import field, frozen

from cartload.network import Network

if TYPE_CHECKING:
    from cartload.manifest import Manifest, ManifestSource


@frozen
class ReaderContext:
    """What a manifest reader is made with: the server that the user named, if any, and the network."""

    server_url: str | None = None
    network: Network = field(factory=Network)


@runtime_checkable
class ManifestReader(Protocol):
    """Turns a manifest's text into a cart."""

    def recognises(self, source: ManifestSource) -> bool:
        """Tell, from the name and the first lines, whether this is the reader's format."""
        ...

    def read(self, source: ManifestSource) -> Manifest:
        """Read all of it; raises ManifestError that lists every fault with its line."""
        ...
