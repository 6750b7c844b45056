"""A directory tree: series folders published by rename, metadata.csv, licences, the manifest's copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload import paths
from cartload.staging import free_space, keep_file, look_at, publish, verify_files
from cartload_plugins.storage.licence_texts import LicenceTexts
from cartload_plugins.storage.metadata import MetadataTable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path, PurePosixPath

    from cartload.model import SeriesRecord
    from cartload.ports import Cart, Holding, StagedSeries, StorageContext, StoredSeries, Verdict


class LocalStorage:
    """Keeps each series in its own directory below the cart's folder."""

    def __init__(self, context: StorageContext) -> None:
        self._root: Path = context.root
        self._clock = context.clock
        self._metadata = MetadataTable(context.root / "metadata.csv")
        self._licences = LicenceTexts(context.root)

    def begin(self, cart: Cart, held: Iterable[tuple[SeriesRecord, StoredSeries]]) -> None:
        """Keep the manifest beside the series, and add the rows that a crash swallowed."""
        source = cart.manifest.source
        keep_file(self._root, paths.component(source.name, fallback="cart"), source.content)
        self._licences.begin(cart.acceptance)
        self._metadata.begin((record, stored, self._stored_at(stored)) for record, stored in held)

    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        """Compare names and sizes of what stands in the series' place."""
        del series
        return look_at(self._root, directory, recorded)

    def store(self, staged: StagedSeries) -> StoredSeries:
        """Publish by rename, then note it in metadata.csv; the licence text comes before both."""
        self._licences.keep(staged.series)
        publish(staged, self._root)
        stored = staged.stored()
        self._metadata.add(staged.series, stored, self._clock())
        return stored

    def room(self) -> int | None:
        """Give the free space of the file system."""
        return free_space(self._root)

    def verify(self, stored: StoredSeries) -> Verdict:
        """Read every file and compare its digest."""
        return verify_files(self._root, stored)

    def finish(self) -> None:
        """Leave one row a series in metadata.csv."""
        self._metadata.finish()

    def _stored_at(self, stored: StoredSeries) -> float:
        try:
            return (self._root / stored.directory).stat().st_mtime
        except OSError:
            return self._clock()
