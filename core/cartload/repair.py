"""Repair: which series of a stored cart are to be whole again, and what their earlier copies give to it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from cartload.errors import StorageError
from cartload.model import MemberKind
from cartload.settings import Existing
from cartload.staging import folder_below, read_pieces

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from cartload.manifest import Manifest, ManifestSource
    from cartload.model import ImageHeader, SeriesRecord, SeriesUID, SOPInstanceUID
    from cartload.ports import Naming, StoredFile, StoredSeries
    from cartload.settings import Settings


@frozen
class Repair:
    """The series of one manifest that a session makes whole again; it touches no others.

    ``root`` is the cart's folder, wherever it was moved; ``annotations`` says whether these series were
    stored with annotations.
    """

    source: ManifestSource
    root: Path
    suspects: frozenset[SeriesUID]
    annotations: bool

    def limited(self, manifest: Manifest) -> Manifest:
        """Give the cart of the suspects alone."""
        return evolve(manifest, series=tuple(uid for uid in manifest.series if uid in self.suspects))

    def settings(self, settings: Settings) -> Settings:
        """Give the settings under which they come back as they were, and nothing besides."""
        return evolve(settings, annotations=self.annotations, existing=Existing.MISSING)


@frozen
class EarlierCopy:
    """What stands of a series that is fetched again, where the journal says it is."""

    root: Path
    stored: StoredSeries

    def images(
        self, record: SeriesRecord, held: Collection[SOPInstanceUID]
    ) -> Iterator[tuple[StoredFile, Iterator[bytes]]]:
        """Give each image that is not *held* with what can be read of it, for its digest to be compared.

        None are given where the archive's series is another one by now.
        """
        images = [file for file in self.stored.files if file.kind is MemberKind.IMAGE]
        if len(images) != record.image_count or sum(file.size for file in images) != record.image_bytes:
            return
        try:
            folder = folder_below(self.root, PurePosixPath(self.stored.directory))
        except StorageError:
            return  # whoever stores the series will meet the same obstacle, and tells it
        for file in images:
            if file.sop_uid not in held:
                yield file, read_pieces(folder / file.name)

    def naming(self, naming: Naming) -> Naming:
        """Give the names that the images have; *naming* decides only where one is new."""
        names = {file.sop_uid: file.name for file in self.stored.files if file.sop_uid is not None}
        return _RecordedNames(naming, names)


@frozen
class _RecordedNames:
    naming: Naming
    names: Mapping[SOPInstanceUID, str]

    @property
    def attributes(self) -> frozenset[str]:
        return self.naming.attributes

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        return self.naming.directory(series)

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        if any(image.sop_uid not in self.names for image in images):
            return self.naming.file_names(series, images)
        return [self.names[image.sop_uid] for image in images]
