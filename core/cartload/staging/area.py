"""A folder of its own for each series in the making: members are written here and nowhere else."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from attrs import frozen

from cartload.errors import DamagedError
from cartload.staging.system import NEW_FILE, READ_FILE, READ_FOLDER, disk_errors, sync_files, write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_DIR_FD = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd


@frozen
class Piece:
    """One received file: its number in the area, its size, the MD5 of its content, its first bytes."""

    number: int
    size: int
    md5: str
    head: bytes


class StagingArea:
    """The files of one series, called by number until their names are known.

    A file is created anew (never opened where something stands) and relative to the folder's own
    descriptor where the system can, so that nobody who swaps the folder for a link is followed. Numbers
    begin with a dot, as no safe name does: naming one file never overwrites another.
    """

    def __init__(self, folder: Path, head_bytes: int) -> None:
        self.folder = folder
        self._head_bytes = head_bytes
        self._next = 0
        with disk_errors(folder, "making the staging folder"):
            folder.mkdir(mode=0o700)
            self._descriptor = self._opened()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Hold the folder open while the block runs, not longer: thousands may wait half received."""
        if self._descriptor is None:
            with disk_errors(self.folder, "opening the staging folder"):
                self._descriptor = self._opened()
        try:
            yield
        finally:
            self._close()

    def receive(
        self, content: Iterator[memoryview | bytes], most: int, arrived: Callable[[int], None]
    ) -> Piece:
        """Write *content* to a new file, hashing it on its way, and keep its first bytes at hand.

        ``arrived`` is told the length of each chunk. Raises DamagedError when there are more than *most*
        bytes, DestinationError when the disk refuses; the file is then gone.
        """
        self._next += 1
        name = self._at(_numbered(self._next))
        with disk_errors(self.folder, "writing a received file"):
            descriptor = os.open(name, NEW_FILE, 0o666, dir_fd=self._descriptor)
        try:
            try:
                return self._write(descriptor, content, most, arrived)
            finally:
                with disk_errors(self.folder, "writing a received file"):
                    os.close(descriptor)  # before it is deleted: Windows deletes no open file
        except BaseException:
            with suppress(OSError):
                os.unlink(name, dir_fd=self._descriptor)
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
            with disk_errors(self.folder, "writing a received file"):  # not around the network's errors
                if os.write(descriptor, chunk) != length:
                    self._rewrite(descriptor, chunk, size - length)
            arrived(length)
        return Piece(self._next, size, digest.hexdigest(), head)

    @staticmethod
    def _rewrite(descriptor: int, chunk: memoryview | bytes, offset: int) -> None:
        """Write again, in full, what the system took only a part of."""
        os.lseek(descriptor, offset, os.SEEK_SET)
        write_all(descriptor, chunk)

    def opener(self, number: int) -> Callable[[], BinaryIO]:
        """Give a function that opens the file of this number for reading."""
        return partial(self._open, _numbered(number))

    def _open(self, name: str) -> BinaryIO:
        return os.fdopen(os.open(self._at(name), READ_FILE, dir_fd=self._descriptor), "rb")

    def drop(self, number: int) -> None:
        """Delete one file that turned out to be of no use."""
        with disk_errors(self.folder, "deleting a damaged file"):
            os.unlink(self._at(_numbered(number)), dir_fd=self._descriptor)

    def name(self, names: Mapping[int, str]) -> None:
        """Call every file by its name, and make all of it survive a power cut."""
        with disk_errors(self.folder, "naming the received files"):
            for number, name in names.items():
                os.rename(
                    self._at(_numbered(number)),
                    self._at(name),
                    src_dir_fd=self._descriptor,
                    dst_dir_fd=self._descriptor,
                )
        with disk_errors(self.folder, "syncing the received files"):
            sync_files(self.folder, self._paths(names.values()))

    def discard(self) -> None:
        """Delete the area and all in it; nothing happens where it is gone already."""
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _opened(self) -> int | None:
        return os.open(self.folder, READ_FOLDER) if _DIR_FD else None

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _at(self, name: str) -> str:
        return name if self._descriptor is not None else str(self.folder / name)

    def _paths(self, names: Iterable[str]) -> Iterator[Path]:
        return (self.folder / name for name in names)


def _numbered(number: int) -> str:
    return f".{number:06d}"
