"""The CITATION file of each collection: where the archive describes it, for whoever publishes with it."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cartload.model import Origin
from cartload.version import __version__
from cartload_plugins.storage.collection_files import CollectionFile, one_line
from cartload_plugins.storage.licence_texts import license_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.model import License, SeriesRecord

CITATION_NAME = "CITATION"
_HEADING = """\
Citation

Cite the data that you use, as their description below asks for. Authors and titles
are there; cartload knows no more than what the archive told it.
"""
_DOI = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)?(?P<doi>10\.[0-9]{4,9}/\S+)", re.IGNORECASE
)


class Citations:
    """Writes ``<Collection>/CITATION``: a paragraph for each description and licence of its series."""

    def __init__(self, root: Path) -> None:
        self._file = CollectionFile(root, CITATION_NAME, _HEADING)
        self._lock = threading.Lock()
        self._kept: set[tuple[str, str | None, License | None]] = set()
        self._archive = ""

    def begin(self, server_url: str) -> None:
        """Remember the archive of this run."""
        try:
            self._archive = str(Origin.of(server_url))
        except ValueError:
            self._archive = ""

    def keep(self, series: SeriesRecord, at: float) -> None:
        """Make sure that a series' description stands in its collection's file; it was stored *at*."""
        key = (series.collection, series.data_description_uri, series.license)
        with self._lock:
            if key not in self._kept:
                told = "".join(f"{line}\n" for line in _facts(series))
                self._file.add(series.collection, [(told, told + self._origin(at))])
                self._kept.add(key)

    def _origin(self, at: float) -> str:
        day = datetime.fromtimestamp(at, UTC).date().isoformat()
        archive = f"from {self._archive} " if self._archive else ""
        return f"Downloaded: {archive}with cartload {__version__}, first on {day}\n"


def _facts(series: SeriesRecord) -> Iterator[str]:
    yield f"Collection: {one_line(series.collection)}"
    uri = series.data_description_uri
    yield f"Data description: {_address(uri) if uri else 'the archive tells of none'}"
    yield f"Licence: {license_words(series.license) if series.license else 'the archive states none'}"


def _address(uri: str) -> str:
    """Write a DOI, in whatever form it came, as the address that it is resolved at."""
    text = one_line(uri)
    found = _DOI.fullmatch(text)
    return f"https://doi.org/{found['doi']}" if found else text
