"""The manifest model: which series to retrieve, from where, and how."""

from __future__ import annotations

from pathlib import PurePath

from attrs import field, frozen

from cartload.model import SeriesUID  # noqa: TC001 - cattrs reads the annotations

MOST_BYTES = 64 * 1024 * 1024
MOST_SERIES = 1_000_000
DEFAULT_ATTEMPTS = 4


@frozen
class ManifestSource:
    """A manifest as it was found: its file name, and its content untouched."""

    name: str
    content: bytes = field(repr=lambda content: f"<{len(content)} bytes>")

    @property
    def stem(self) -> str:
        """Give the file name without its last suffix, which names the cart's own folder."""
        return PurePath(self.name).stem or "cart"

    def text(self) -> str:
        """Decode the content: UTF-8 with or without a byte-order mark, else ISO-8859-1."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.content.decode("iso-8859-1")


@frozen(kw_only=True)
class Manifest:
    """A cart: the series to retrieve, in the order of the file, each once.

    ``transports`` names the transports to try, the preferred one first. ``attempts`` is the number of
    attempts a series gets in all (``noOfrRetry``), None where the manifest does not say.
    ``warnings`` are things the user should know though the manifest can be used.
    """

    source: ManifestSource
    server_url: str
    series: tuple[SeriesUID, ...]
    transports: tuple[str, ...]
    include_annotations: bool | None = None
    attempts: int | None = None
    basket_id: str | None = None
    version: str | None = None
    warnings: tuple[str, ...] = ()
