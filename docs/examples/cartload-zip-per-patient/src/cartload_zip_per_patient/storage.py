"""The storage itself: where each series is kept, and the four questions that cartload asks."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from threading import Lock
from typing import TYPE_CHECKING

from attrs import frozen
from cartload import paths
from cartload.errors import DestinationError, StorageError
from cartload.ports import Holding, StoredSeries, Verdict
from cartload.staging import folder_below, keep_file

from cartload_zip_per_patient.archive import entries, md5, opened, rewrite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cartload.model import SeriesRecord
    from cartload.ports import Cart, StagedSeries, StorageContext

    from cartload_zip_per_patient.options import ZipOptions


@frozen
class _Place:
    """Where a series is kept: a ZIP file, and the folder inside it (with a slash at its end, or empty)."""

    archive: Path
    folder: str


class ZipPerPatient:
    """Keeps the series of a patient in ``<Collection>/<Patient>.zip``.

    A naming decides on the directory; its first two parts make the ZIP file, the others the folder in it.
    """

    def __init__(self, context: StorageContext, options: ZipOptions) -> None:
        self._root = context.root
        self._options = options
        self._guard = Lock()
        self._locks: dict[str, Lock] = {}

    def begin(self, cart: Cart, held: Iterable[tuple[SeriesRecord, StoredSeries]]) -> None:
        """Keep the manifest beside the ZIP files; what they hold, they tell themselves."""
        del held
        source = cart.manifest.source
        keep_file(self._root, paths.component(source.name, fallback="cart"), source.content)

    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        """Compare names and sizes in the ZIP file's directory; no entry is read."""
        del series
        place = self._place(directory)
        try:
            with self._lock(place), opened(place.archive) as archive:
                sizes = {name: entry.file_size for name, entry in entries(archive, place.folder).items()}
        except DestinationError:
            raise
        except StorageError:
            return Holding.FOREIGN
        if not sizes:
            return Holding.ABSENT
        if recorded is None:
            return Holding.FOREIGN
        whole = all(sizes.get(file.name) == file.size for file in recorded.files)
        return Holding.WHOLE if whole else Holding.DAMAGED

    def store(self, staged: StagedSeries) -> StoredSeries:
        """Replace the patient's ZIP file by one that has the series, too."""
        place = self._place(staged.directory)
        # Several threads store at once, but a ZIP file can only be replaced by one after the other.
        with self._lock(place):
            self._refuse_to_overwrite(place, staged)
            rewrite(
                place.archive,
                # The staging folder is on the same file system, and cartload clears it after a crash.
                staged.folder / ".zip",
                {place.folder + name for name in staged.replaces},
                {place.folder + file.name: file.path for file in staged.files},
                self._options,
            )
        return staged.stored()

    def verify(self, stored: StoredSeries) -> Verdict:
        """Read every entry and compare its digest; in a ZIP file that cannot be read, all are damaged."""
        place = self._place(PurePosixPath(stored.directory))
        try:
            with self._lock(place), opened(place.archive) as archive:
                present = entries(archive, place.folder)
                digests = {name: archive and md5(archive, entry) for name, entry in present.items()}
        except DestinationError:
            raise
        except StorageError:
            return Verdict(damaged=tuple(file.name for file in stored.files))
        return Verdict(
            missing=tuple(file.name for file in stored.files if file.name not in digests),
            damaged=tuple(file.name for file in stored.files if digests.get(file.name, file.md5) != file.md5),
            foreign=tuple(sorted(digests.keys() - {file.name for file in stored.files})),
        )

    def finish(self) -> None:
        """Do nothing: every ZIP file is whole at any time."""

    def _refuse_to_overwrite(self, place: _Place, staged: StagedSeries) -> None:
        with opened(place.archive) as archive:
            present = entries(archive, place.folder).keys()
        foreign = present & {file.name for file in staged.files} - staged.replaces
        if foreign:
            raise StorageError(
                f"{len(foreign)} other files are in {place.folder or 'it'}, such as {min(foreign)}.",
                subject=str(place.archive),
                advice="They were not touched. Take them out, then run the same command again.",
            )

    def _place(self, directory: PurePosixPath) -> _Place:
        patient = PurePosixPath(*directory.parts[:2])
        # Raises StorageError where a link or an unsafe name would lead out of the cart's folder.
        collection = folder_below(self._root, patient.parent)
        inside = "".join(f"{part}/" for part in directory.parts[2:])
        return _Place(collection / f"{patient.name}.zip", inside)

    def _lock(self, place: _Place) -> Lock:
        # Two patients may share a file where the file system ignores case: then they share the lock.
        key = paths.collision_key(str(place.archive))
        with self._guard:
            return self._locks.setdefault(key, Lock())
