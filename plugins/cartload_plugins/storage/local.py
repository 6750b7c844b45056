"""A directory tree: series folders published by rename, and metadata.csv, licences and citations beside."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import evolve

from cartload import paths
from cartload.errors import DestinationError, StorageError
from cartload.staging import disk_errors, free_space, keep_file, look_at, publish, verify_files
from cartload_plugins.storage.citations import CITATION_NAME, Citations
from cartload_plugins.storage.licence_texts import LICENCE_NAME, LicenceTexts
from cartload_plugins.storage.metadata import MetadataTable
from cartload_plugins.storage.other_trees import stored_by_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path, PurePosixPath

    from cartload.model import SeriesRecord, SeriesUID
    from cartload.ports import Cart, Holding, StagedSeries, StorageContext, StoredSeries, Verdict

_BESIDE = frozenset({LICENCE_NAME, CITATION_NAME})
"""In the folder of each collection, in which a template may put images, too."""


class LocalStorage:
    """Keeps each series in its own directory below the cart's folder."""

    def __init__(self, context: StorageContext) -> None:
        self._root: Path = context.root
        self._clock = context.clock
        self._has_begun = False
        self._metadata = MetadataTable(context.root / "metadata.csv")
        self._licences = LicenceTexts(context.root)
        self._citations = Citations(context.root)

    def begin(self, cart: Cart, held: Iterable[tuple[SeriesRecord, StoredSeries]]) -> None:
        """Keep the manifest beside the series, and add the rows that a crash swallowed."""
        source = cart.manifest.source
        self._has_begun = True
        keep_file(self._root, paths.component(source.name, fallback="cart"), source.content)
        self._licences.begin(cart.acceptance)
        self._citations.begin(cart.manifest.server_url)
        self._metadata.begin(self._cited(held))

    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        """Compare names and sizes of what stands in the series' place."""
        del series
        return look_at(self._root, directory, recorded)

    def store(self, staged: StagedSeries) -> StoredSeries:
        """Publish by rename, then note it in metadata.csv; licence and citation come before both."""
        self._demand_root()
        self._licences.keep(staged.series)
        self._citations.keep(staged.series, self._clock())
        stored = staged.stored()
        try:
            publish(staged, self._root)
        except DestinationError:
            raise
        except StorageError:
            if not self._is_there(stored):
                raise
        self._metadata.add(staged.series, stored, self._clock())
        return stored

    def room(self) -> int | None:
        """Give the free space of the file system."""
        return free_space(self._root)

    def others(self) -> Mapping[SeriesUID, PurePosixPath]:
        """Give what the archive's own retriever, or a cartload without a journal, put into its table."""
        return stored_by_others(self._root / "metadata.csv")

    def verify(self, stored: StoredSeries) -> Verdict:
        """Read every file and compare its digest; the texts of a collection are not foreign in its folder."""
        verdict = verify_files(self._root, stored)
        if "/" in stored.directory:
            return verdict
        return evolve(verdict, foreign=tuple(name for name in verdict.foreign if name not in _BESIDE))

    def finish(self) -> None:
        """Leave one row a series in metadata.csv."""
        self._demand_root()
        self._metadata.finish()

    def _demand_root(self) -> None:
        """Make no new folder in the place of one that was moved away in the middle of a run."""
        with disk_errors(self._root, "looking at what is there"):
            is_gone = self._has_begun and not self._root.is_dir()
        if is_gone:
            raise DestinationError(
                "the directory was moved away or deleted.",
                subject=str(self._root),
                advice="What was stored in it is as it was. Put it back and run the same command again.",
            )

    def _cited(
        self, held: Iterable[tuple[SeriesRecord, StoredSeries]]
    ) -> Iterator[tuple[SeriesRecord, StoredSeries, float]]:
        """Give what is held with when it was stored, and have it in the citations, too."""
        for record, stored in held:
            at = self._stored_at(stored)
            self._citations.keep(record, at)
            yield record, stored, at

    def _is_there(self, stored: StoredSeries) -> bool:
        """Tell whether another session, where the file system knows no locks, stored the same meanwhile."""
        with suppress(StorageError):
            return verify_files(self._root, stored).is_whole
        return False

    def _stored_at(self, stored: StoredSeries) -> float:
        try:
            return (self._root / stored.directory).stat().st_mtime
        except OSError:
            return self._clock()
