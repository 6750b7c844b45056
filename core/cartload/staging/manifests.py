"""Reading a manifest from disk, within bounds; finding the one that is kept beside its series."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cartload.errors import ManifestError, ManifestFault
from cartload.manifest import MOST_BYTES, ManifestSource
from cartload.staging.files import read_pieces
from cartload.staging.system import disk_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


def load_manifest(path: Path) -> ManifestSource:
    """Read a manifest file as it is; raises ManifestError where it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        fault = ManifestFault(f"it cannot be read: {error.strerror or error}")
        raise ManifestError(str(path), [fault]) from error
    if len(content) > MOST_BYTES:
        raise ManifestError(str(path), [ManifestFault(f"it is larger than {MOST_BYTES} bytes")])
    return ManifestSource(path.name, content)


def find_manifests(folder: Path, digests: Collection[str]) -> Mapping[str, bytes]:
    """Give the content of the files directly in *folder* that have one of these SHA-256 digests."""
    found: dict[str, bytes] = {}
    with disk_errors(folder, "looking for the manifest"):
        for path in sorted(folder.iterdir()):
            if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
                continue
            content = b"".join(read_pieces(path))
            digest = hashlib.sha256(content).hexdigest()
            if digest in digests:
                found[digest] = content
    return found
