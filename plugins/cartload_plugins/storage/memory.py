"""A storage in the memory of the process: for tests, notebooks, and small carts."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

from cartload.errors import StorageError
from cartload.ports import Holding, StoredSeries, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import PurePosixPath

    from cartload.model import SeriesRecord
    from cartload.ports import Cart, StagedSeries


class MemoryStorage:
    """Keeps every file of every series as bytes; what a run stored is gone with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._series: dict[str, dict[str, bytes]] = {}

    @property
    def files(self) -> Mapping[str, Mapping[str, bytes]]:
        """Give the content of each file by directory and name."""
        return self._series

    def begin(self, cart: Cart, held: Iterable[tuple[SeriesRecord, StoredSeries]]) -> None:
        """Do nothing: there is nothing to make ready."""

    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        """Compare names and sizes; what another process recorded is not here."""
        files = self._series.get(str(directory))
        if files is None:
            return Holding.ABSENT
        if recorded is None or recorded.series_uid != series.series_uid:
            return Holding.FOREIGN
        sizes = {name: len(content) for name, content in files.items()}
        whole = all(sizes.get(file.name) == file.size for file in recorded.files)
        return Holding.WHOLE if whole else Holding.DAMAGED

    def store(self, staged: StagedSeries) -> StoredSeries:
        """Read the staged files into memory, all of them before any is kept."""
        try:
            files = {file.name: file.path.read_bytes() for file in staged.files}
        except OSError as error:
            raise StorageError(
                f"it cannot be read: {error.strerror or error}.", subject=f"series {staged.series.series_uid}"
            ) from error
        with self._lock:
            standing = self._series.get(str(staged.directory), {})
            if standing.keys() - staged.replaces:
                raise StorageError(
                    "another series is there; it was not touched.", subject=str(staged.directory)
                )
            self._series[str(staged.directory)] = files
        return staged.stored()

    def verify(self, stored: StoredSeries) -> Verdict:
        """Compare every digest."""
        files = self._series.get(stored.directory, {})
        missing = tuple(file.name for file in stored.files if file.name not in files)
        damaged = tuple(
            file.name
            for file in stored.files
            if file.name in files
            and hashlib.md5(files[file.name], usedforsecurity=False).hexdigest() != file.md5
        )
        foreign = tuple(sorted(files.keys() - {file.name for file in stored.files}))
        return Verdict(missing, damaged, foreign)

    def finish(self) -> None:
        """Do nothing: what was stored stays readable."""
