"""Earlier copies of a series, cartload's own or another program's, and what they give to the new one."""

from __future__ import annotations

import csv
import io
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.errors import StorageError
from cartload.holdings import StoredFile
from cartload.model import MemberKind
from cartload.staging import folder_below, list_files, read_pieces

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from cartload.model import ImageHeader, SeriesRecord, SOPInstanceUID
    from cartload.ports import Naming, StoredSeries

IMAGE_SUFFIX = ".dcm"
CHECKSUMS = "md5hashes.csv"
"""What the archive's own retriever leaves beside the images, if it was asked to check them."""

MOST_CHECKSUM_BYTES = 64 * 1024 * 1024
_MD5_LENGTH = 32


@frozen
class EarlierCopy:
    """What stands of a series that cartload stored, where the journal says it is."""

    root: Path
    stored: StoredSeries

    def images(
        self, record: SeriesRecord, held: Collection[SOPInstanceUID]
    ) -> Iterator[tuple[StoredFile, Path]]:
        """Give each image that is not *held* and its place, for its digest to be compared.

        None are given where the archive's series is another one by now.
        """
        images = [file for file in self.stored.files if file.kind is MemberKind.IMAGE]
        if len(images) != record.image_count or sum(file.size for file in images) != record.image_bytes:
            return
        folder = _folder(self.root, PurePosixPath(self.stored.directory))
        if folder is not None:
            yield from ((file, folder / file.name) for file in images if file.sop_uid not in held)

    def taken(self, file: StoredFile, sop_uid: SOPInstanceUID) -> None:
        """Hear that an image was taken in."""

    def naming(self, naming: Naming) -> Naming:
        """Give the names that the images have; *naming* decides only where one is new."""
        names = {file.sop_uid: file.name for file in self.stored.files if file.sop_uid is not None}
        return _RecordedNames(naming, names)

    def replaced(self, arriving: Collection[str]) -> frozenset[str]:
        """Name files that may be replaced besides those that the journal tells of."""
        del arriving
        return frozenset()


@frozen(eq=False)
class FoundCopy:
    """What another program stored of a series; only the archive knows its digests, and perhaps a list."""

    root: Path
    directory: PurePosixPath
    _taken: dict[SOPInstanceUID, str] = field(factory=dict)

    def images(
        self, record: SeriesRecord, held: Collection[SOPInstanceUID]
    ) -> Iterator[tuple[StoredFile, Path]]:
        """Give each file that may be an image, with its digest if a list has one, and its place."""
        del record, held
        folder = _folder(self.root, self.directory)
        if folder is None:
            return
        digests = _digests(folder / CHECKSUMS)
        for name, size in list_files(folder):
            if name.lower().endswith(IMAGE_SUFFIX):
                yield StoredFile(name, size, digests.get(name, ""), MemberKind.IMAGE), folder / name

    def taken(self, file: StoredFile, sop_uid: SOPInstanceUID) -> None:
        """Remember what an image is called."""
        self._taken[sop_uid] = file.name

    def naming(self, naming: Naming) -> Naming:
        """Give the names that the images have; *naming* decides only where one is new."""
        return _RecordedNames(naming, self._taken)

    def replaced(self, arriving: Collection[str]) -> frozenset[str]:
        """Name the files that were taken in, and those that come again under their names."""
        folder = _folder(self.root, self.directory)
        standing = {name for name, _ in list_files(folder)} if folder is not None else set()
        return frozenset(self._taken.values()) | (standing & set(arriving))


AnyCopy = EarlierCopy | FoundCopy


def _folder(root: Path, directory: PurePosixPath) -> Path | None:
    try:
        return folder_below(root, directory)
    except StorageError:
        return None  # whoever stores the series will meet the same obstacle, and tells it


def _digests(path: Path) -> Mapping[str, str]:
    """Read a list of MD5s (``Filename,MD5Hash``), as far as it makes sense."""
    content = b""
    for piece in read_pieces(path):
        content += piece
        if len(content) > MOST_CHECKSUM_BYTES:
            return {}
    text = io.StringIO(content.decode(errors="replace"), newline="")
    try:
        rows = [row for row in csv.reader(text) if len(row) == 2]  # noqa: PLR2004 - name and digest
    except csv.Error:
        return {}
    return {name.strip(): md5.strip().lower() for name, md5 in rows if len(md5.strip()) == _MD5_LENGTH}


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
