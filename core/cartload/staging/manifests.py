"""Reading a manifest from disk, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import ManifestError, ManifestFault
from cartload.manifest import MOST_BYTES, ManifestSource

if TYPE_CHECKING:
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
