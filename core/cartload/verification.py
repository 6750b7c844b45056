"""A stored cart, read again and compared with its journal: what is whole, missing, damaged or foreign.

A check writes nothing and asks no archive. It gives one result at a time, so that memory does not grow
with the tree.
"""

from __future__ import annotations

import io
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Self

from cartload import journal
from cartload.errors import CartloadError, DamagedError, DestinationError, JournalError, StorageError
from cartload.findings import DamagedFile, Harm, SeriesChecked
from cartload.headers import HEAD_BYTES, read_header
from cartload.manifest import ManifestSource
from cartload.model import MemberKind
from cartload.ports import StoredSeries, Verdict
from cartload.registry import blaming
from cartload.repair import Repair
from cartload.selection import Selection
from cartload.staging import (
    CartFolder,
    cart_folders,
    disk_errors,
    find_manifests,
    folder_below,
    open_file,
)
from cartload.workers import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from cartload.manifest import Manifest
    from cartload.model import SeriesUID
    from cartload.ports import StoredFile
    from cartload.registry import Registry
    from cartload.settings import Settings


def carts_in(directory: Path) -> tuple[Path, ...]:
    """Give *directory* if it is a cart's folder, else those in it; raises DestinationError if none is."""
    found = cart_folders(directory)
    if not found:
        raise DestinationError(
            "neither it nor a folder directly in it has a journal of cartload.",
            subject=str(directory),
            advice="Name the folder of a cart that 'cartload download' brought home, or the one above it. "
            "What another program fetched has no journal: download it once with cartload.",
        )
    return found


class Verification:
    """The check of one cart's folder. To be closed."""

    def __init__(
        self, root: Path, settings: Settings, registry: Registry, clock: Clock | None = None
    ) -> None:
        """Read its journals; raises DestinationError where they tell of no series."""
        self.root = root
        self._selection = Selection(settings, registry, clock or Clock())
        self._storage = self._selection.storage(root)
        self._plugin = f"storage {settings.storage}"
        folder = CartFolder(root)
        self.leftovers = folder.leftovers()
        self._journals = folder.journals()
        self._replay = journal.replay(self._journals.lines(), self._journals.read)
        if not self._replay:
            raise DestinationError(
                "its journal tells of no series; there is nothing to compare with.",
                subject=str(root),
                advice="Run 'cartload download' first.",
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._journals.close()

    @property
    def series(self) -> int:
        """Count the series that the journals tell of."""
        return len(self._replay)

    @property
    def unreadable_lines(self) -> int:
        """Count the journals' lines that are damaged themselves: what they told is not checked."""
        return self._replay.unreadable

    def size(self, uids: Collection[SeriesUID] | None = None) -> int:
        """Sum the bytes of every series, or of those of *uids*, as they were stored."""
        found = map(self._stored, self._replay if uids is None else uids)
        return sum(stored.size for stored in found if isinstance(stored, StoredSeries))

    def check(self, uids: Collection[SeriesUID] | None = None) -> Iterator[SeriesChecked]:
        """Read and compare every series, or those of *uids*; one that cannot be read is told as such."""
        for uid in self._replay if uids is None else uids:
            stored = self._stored(uid)
            if isinstance(stored, CartloadError):
                yield SeriesChecked(series_uid=uid, error=str(stored))
            else:
                yield self._checked(stored)

    def repairs(self, uids: Collection[SeriesUID], server: str | None = None) -> tuple[Repair, ...]:
        """Say how these series are made whole: one repair for each kept manifest, and kind of fetching.

        A series that none of the kept manifests names is in none of them. *server* is the archive of a plain
        list. Raises StorageError where no manifest is kept here, ManifestError where one cannot be read.
        """
        left = set(uids)
        repairs: list[Repair] = []
        manifests = self._manifests(server)
        while left and (manifest := next(manifests, None)) is not None:
            named = left.intersection(manifest.series)
            left -= named
            annotated = frozenset(uid for uid in named if self._has_annotations(uid))
            kinds = {True: annotated, False: frozenset(named - annotated)}
            repairs += [
                Repair(manifest.source, self.root, suspects, annotations)
                for annotations, suspects in kinds.items()
                if suspects
            ]
        return tuple(repairs)

    def _manifests(self, server: str | None) -> Iterator[Manifest]:
        """Read the manifests that were downloaded to here, the last one first."""
        opened = {entry.manifest_sha256: entry.manifest for entry in reversed(self._replay.opened)}
        kept = find_manifests(self.root, opened)
        names = " or ".join(opened.values()) or "it"
        if not kept:
            raise StorageError(
                "the manifest that it was downloaded with is not in it any more.",
                subject=str(self.root),
                advice=f"Put {names} back, unaltered, and run the same command again.",
            )
        for digest, name in opened.items():
            if digest in kept:
                yield self._selection.read(ManifestSource(name, kept[digest]), server)

    def _has_annotations(self, uid: SeriesUID) -> bool:
        stored = self._stored(uid)
        return isinstance(stored, StoredSeries) and any(
            file.kind is MemberKind.ANNOTATION for file in stored.files
        )

    def _stored(self, uid: SeriesUID) -> StoredSeries | CartloadError:
        try:
            stored = self._replay.recorded(uid)
        except CartloadError as error:
            return error
        return stored or JournalError("it was altered while it was read.", subject=f"journal, series {uid}")

    def _checked(self, stored: StoredSeries) -> SeriesChecked:
        verdict, error = Verdict(), ""
        try:
            with blaming(self._plugin):
                verdict = self._storage.verify(stored)
        except CartloadError as fault:  # a bad sector costs its series, not the check of the others
            error = str(fault)
        files = {file.name: file for file in stored.files}
        return SeriesChecked(
            series_uid=stored.series_uid,
            directory=stored.directory,
            files=len(stored.files),
            size=stored.size,
            missing=verdict.missing,
            damaged=tuple(self._examined(stored, name, files.get(name)) for name in verdict.damaged),
            foreign=verdict.foreign,
            error=error,
        )

    def _examined(self, stored: StoredSeries, name: str, file: StoredFile | None) -> DamagedFile:
        """Say what is wrong with a file; a storage that is no directory tree lets nobody look closer."""
        try:
            place = folder_below(self.root, PurePosixPath(stored.directory)) / name
            stream = open_file(place)
            if stream is None or file is None:
                return DamagedFile(name, Harm.CONTENT, _ALTERED)
            with stream, disk_errors(place, "reading it"):
                return _compared(stored.series_uid, file, stream, partial(_opened, place))
        except StorageError as error:
            return DamagedFile(name, Harm.UNREADABLE, error.what)


_ALTERED = "its content is not what was stored."


def _compared(
    series_uid: SeriesUID, file: StoredFile, stream: BinaryIO, opened: Callable[[], BinaryIO]
) -> DamagedFile:
    """Tell another image from a cut file, and that from altered bytes."""
    head = stream.read(HEAD_BYTES)
    size = stream.seek(0, io.SEEK_END)
    identity = _identity(series_uid, file, head, opened) if file.kind is MemberKind.IMAGE else ""
    if identity:
        return DamagedFile(file.name, Harm.IDENTITY, identity)
    if size != file.size:
        return DamagedFile(file.name, Harm.SIZE, f"it has {size:,} bytes, {file.size:,} were stored.")
    return DamagedFile(file.name, Harm.CONTENT, _ALTERED)


def _identity(series_uid: SeriesUID, file: StoredFile, head: bytes, opened: Callable[[], BinaryIO]) -> str:
    """Say which other image it is; nothing if it is the one that was stored, or if there is no telling."""
    try:
        found = read_header(head, opened, frozenset(), file.name)
    except DamagedError:
        return ""
    if found.sop_uid == file.sop_uid and found.series_uid == series_uid:
        return ""
    return f"it is another image: {found.sop_uid} of the series {found.series_uid}."


def _opened(place: Path) -> BinaryIO:
    return open_file(place) or io.BytesIO()
