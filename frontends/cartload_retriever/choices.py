"""What the original always does, laid over the user's own settings: its layout, its names, its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from cartload.settings import Existing, FileNames, Settings
from cartload_common import options
from cartload_retriever.flags import SUFFIX

if TYPE_CHECKING:
    from cartload.manifest import ManifestSource


def read_settings(naming: str, *, proxy: str | None, ca_file: str | None) -> Settings:
    """Give the settings: speed and network are the user's, what lands on the disk is the original's."""
    network = {"proxy": proxy, "ca_file": ca_file}
    fixed = {
        "naming": naming,
        "file_names": FileNames.SERVER.value,
        "storage": "local",
        "existing": Existing.ASK.value,
        "check": True,  # with --md5 or without: nobody wants an altered image
        "plugins": {"descriptive": {"missing": ""}},
    }
    settings = options.read_settings({**network, **fixed})
    return attrs.evolve(settings, annotations=None, template=None)


def read_manifest(argument: str) -> ManifestSource:
    """Read the manifest; it is called as its top folder is; raises ManifestError."""
    source = options.read_manifest(argument)
    return attrs.evolve(source, name=f"{top_folder(argument)}{SUFFIX}")


def top_folder(argument: str) -> str:
    """Name the cart's folder: the manifest's file name up to its first dot."""
    return Path(argument).name.partition(".")[0]
