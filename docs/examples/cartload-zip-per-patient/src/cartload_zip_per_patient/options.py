"""The storage's options: ``[plugins.zip-per-patient]`` in the settings file."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen, validators


class Compression(Enum):
    """How entries are kept; the values are what a user writes."""

    STORED = "stored"
    DEFLATED = "deflated"


@frozen
class ZipOptions:
    """How the ZIP files are made. cartload fills this in, and refuses what does not fit."""

    compression: Compression = Compression.STORED
    """Pixel data shrinks to a half at best, and takes long to do so."""
    comment: str = field(default="", validator=validators.max_len(1000))
    """A text of one's own, shown by many programs that open ZIP files."""
