"""A folder of its own for each series in the making: members are written here and nowhere else.

``files/`` in it holds what was received and becomes the series' own folder; the index beside it says which
images these are, for a session that goes on where this one was cut off.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from cartload.errors import DamagedError
from cartload.staging.files import read_pieces
from cartload.staging.handle import FolderHandle
from cartload.staging.index import Index, Kept
from cartload.staging.pieces import EarlierPieces, Piece, numbered, read_again
from cartload.staging.system import delete_tree, disk_errors, sync_files, write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from cartload.model import SeriesUID, SOPInstanceUID


class StagingArea:
    """The files of one series, called by number until their names are known.

    Numbers begin with a dot, as no safe name does: naming one file never overwrites another.
    """

    def __init__(
        self, place: Path, head_bytes: int, series_uid: SeriesUID, *, taken_over: bool = False
    ) -> None:
        """Make the area at *place*, where nothing is, or take over what an earlier session left there."""
        self.place = place
        self.folder = place / "files"
        self._head_bytes = head_bytes
        self._index = Index(place, series_uid)
        self._next = 0
        with self._disk_errors("making the staging folder"):
            place.mkdir(mode=0o700, exist_ok=taken_over)
            self.folder.mkdir(mode=0o700, exist_ok=taken_over)
            self._files = FolderHandle(self.folder)
        self._earlier = EarlierPieces(place, self._files, head_bytes) if taken_over else None

    def _disk_errors(self, doing: str) -> AbstractContextManager[None]:
        return disk_errors(self.folder, doing, self.place.parent)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Hold the folder open while the block runs."""
        with self._files.held():
            try:
                yield
            finally:
                self._index.close()

    @property
    def has_earlier(self) -> bool:
        """Tell whether an earlier session left something here at which nobody looked yet."""
        return self._earlier is not None

    def earlier(self) -> Iterator[tuple[Kept, Piece]]:
        """Look once at each image that an earlier session received, giving those that are what they were.

        Whoever stops in the middle goes on there the next time. To be done before anything is received.
        """
        while self._earlier is not None:
            with self._disk_errors("looking at what was received earlier"):
                found = self._earlier.next()
            self._next = self._earlier.highest
            if found is None:
                self._earlier = None
            else:
                yield found

    def receive(
        self, content: Iterator[memoryview | bytes], most: int, arrived: Callable[[int], None]
    ) -> Piece:
        """Write *content* to a new file, hashing it on its way, and keep its first bytes at hand.

        ``arrived`` is told the length of each chunk. Raises DamagedError when there are more than *most*
        bytes, DestinationError when the disk refuses; the file is then gone.
        """
        self._next += 1
        name = numbered(self._next)
        with self._disk_errors("writing a received file"):
            descriptor = self._files.create(name)
        try:
            try:
                return self._write(descriptor, content, most, arrived)
            finally:
                with self._disk_errors("writing a received file"):
                    os.close(descriptor)  # before it is deleted: Windows deletes no open file
        except BaseException:
            with suppress(OSError):
                self._files.unlink(name)
            raise

    def _write(
        self,
        descriptor: int,
        content: Iterator[memoryview | bytes],
        most: int,
        arrived: Callable[[int], None],
    ) -> Piece:
        digest = hashlib.md5(usedforsecurity=False)
        size = 0
        head = b""
        for chunk in content:
            length = len(chunk)
            size += length
            if size > most:
                raise DamagedError(f"a member is larger than the {most} bytes that were announced.")
            if len(head) < self._head_bytes:
                head += bytes(chunk[: self._head_bytes - len(head)])
            digest.update(chunk)
            with self._disk_errors("writing a received file"):  # not around the network's errors
                if os.write(descriptor, chunk) != length:
                    self._rewrite(descriptor, chunk, size - length)
            arrived(length)
        return Piece(self._next, size, digest.hexdigest(), head)

    @staticmethod
    def _rewrite(descriptor: int, chunk: memoryview | bytes, offset: int) -> None:
        """Write again, in full, what the system took only a part of."""
        os.lseek(descriptor, offset, os.SEEK_SET)
        write_all(descriptor, chunk)

    def take_in(self, path: Path, most: int) -> Piece:
        """Have a file that stands elsewhere here, too: the same one where the file system can, else a copy.

        Raises DamagedError when it has more than *most* bytes, or cannot be read.
        """
        self._next += 1
        name = numbered(self._next)
        if not self._files.link(path, name):
            self._next -= 1
            return self.receive(read_pieces(path), most, lambda _: None)
        try:
            piece = read_again(self._files, self._next, self._head_bytes)
        except OSError as error:
            self.drop(self._next)
            raise DamagedError("it cannot be read.", subject=str(path)) from error
        if piece.size > most:
            self.drop(piece.number)
            raise DamagedError(f"it has more than its {most} bytes.", subject=str(path))
        return piece

    def keep(self, piece: Piece, sop_uid: SOPInstanceUID, name: str) -> None:
        """Note what image a received file is, for a later session; *name* is the server's."""
        with self._disk_errors("noting what was received"):
            self._index.keep(Kept(piece.number, piece.size, piece.md5, sop_uid, name))

    def opener(self, number: int) -> Callable[[], BinaryIO]:
        """Give a function that opens the file of this number for reading."""
        return partial(self._files.open, numbered(number))

    def drop(self, number: int) -> None:
        """Delete one file that turned out to be of no use."""
        with self._disk_errors("deleting a damaged file"):
            self._files.unlink(numbered(number))

    def name(self, names: Mapping[int, str]) -> None:
        """Call every file by its name, and make all of it survive a power cut."""
        with self._disk_errors("naming the received files"):
            self._index.name(names)
            for number, name in names.items():
                self._files.rename(numbered(number), name)
        with self._disk_errors("syncing the received files"):
            sync_files(self.folder, (self.folder / name for name in names.values()))

    def close(self) -> None:
        """Let go of everything; what is there stays, for whoever takes it over."""
        self._files.close()
        self._index.close()

    def discard(self) -> None:
        """Delete the area and all in it; nothing happens where it is gone already."""
        self.close()
        delete_tree(self.place)
