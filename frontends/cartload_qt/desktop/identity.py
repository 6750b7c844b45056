"""By what names the desktop knows cartload and its manifests."""

from __future__ import annotations

from typing import Final

APPLICATION: Final = "cartload"
"""Names the desktop entry, the icon and the folders."""

MANIFEST_TYPE: Final = "application/x-nbia-manifest-file"
"""The media type that archives send manifests as."""
