"""What a start says to the window: a line of JSON with the path of a manifest, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 64 * 1024
TAKEN: Final = b"taken\n"
"""What the window answers."""

_KEY = "manifest"


def message(manifest: Path | None) -> bytes:
    """Write the message; the window has another working folder, so it gets the whole path."""
    whole = None if manifest is None else str(manifest.absolute())
    return json.dumps({_KEY: whole}).encode("ascii") + b"\n"


def understood(line: bytes) -> Path | None:
    """Read a message; raises ValueError for anything else."""
    if len(line) > MOST_BYTES:
        raise ValueError("it is too long")
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    if not isinstance(said, dict) or set(said) != {_KEY}:
        raise ValueError("it says something else")
    manifest = said[_KEY]
    if manifest is None:
        return None
    if not isinstance(manifest, str) or "\0" in manifest or not Path(manifest).is_absolute():
        raise ValueError("the manifest is not a whole path")
    return Path(manifest)
