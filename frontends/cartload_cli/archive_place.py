"""Which archive a login is for: an address that the user typed, or the one that a manifest names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from cartload import registry as plugins
from cartload.errors import LoginError, ManifestError, ManifestFault
from cartload.model import Origin  # noqa: TC001 - attrs reads the annotations
from cartload.network import Network
from cartload.origins import named_origin, origin_of
from cartload.ports import ReaderContext
from cartload.registry import blaming
from cartload_common.options import STANDARD_INPUT, read_manifest

if TYPE_CHECKING:
    from cartload.manifest import Manifest
    from cartload.registry import Registry
    from cartload.settings import Settings


@frozen
class Place:
    """An archive: its origin, an address there, and the transports that a manifest names for it.

    ``named`` tells that the user typed its address, and did not leave the choice to a manifest.
    """

    origin: Origin
    url: str
    transports: tuple[str, ...] = ()
    named: bool = True


def named_place(word: str) -> Place:
    """Take *word* for an address or a host; raises BadParameter."""
    try:
        origin = named_origin(word)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="ARCHIVE") from error
    return Place(origin, word if "://" in word else f"{origin}/")


def place_of(word: str, settings: Settings, registry: Registry) -> Place:
    """Take *word* for a manifest if there is such a file, else for an address; raises as both do."""
    if word != STANDARD_INPUT and not Path(word).is_file():
        return named_place(word)
    manifest = _manifest(word, settings, registry)
    try:
        origin = origin_of(manifest.server_url)
    except ValueError as error:
        raise LoginError(f"{error}.", subject=manifest.server_url) from error
    return Place(origin, manifest.server_url, manifest.transports, named=False)


def _manifest(word: str, settings: Settings, registry: Registry) -> Manifest:
    source = read_manifest(word)
    context = ReaderContext(network=Network(settings.proxy, settings.ca_file))
    for name in sorted(registry.manifest_readers):
        reader = plugins.make(registry.manifest_readers, name, context, settings.plugins)
        with blaming(f"manifest reader {name}"):
            if reader.recognises(source):
                return reader.read(source)
    raise ManifestError(source.name, [ManifestFault("it is not a manifest that any installed reader knows.")])
