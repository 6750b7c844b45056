"""Journal files on disk: one of its own for each run, appended to, and all of them read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from cartload.staging.system import NEW_FILE, disk_errors, sync_folder, write_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SUFFIX = ".jsonl"
_OFFSET_BITS = 48


class JournalFile:
    """The journal of this run, made with the first line so that a run that does nothing leaves none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def append(self, line: str, *, durable: bool) -> None:
        """Write one line in one go; with *durable* it has reached the disk when this returns."""
        with disk_errors(self.path, "writing the journal"):
            if self._descriptor is None:
                self._descriptor = os.open(self.path, NEW_FILE | os.O_APPEND, 0o666)
                sync_folder(self.path.parent)
            write_all(self._descriptor, line.encode() + b"\n")
            if durable:
                os.fsync(self._descriptor)

    def close(self) -> None:
        """End the journal; nothing happens when it is closed already."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Journals:
    """All journals of a cart's folder, the oldest first; a place is a number, to be kept in plenty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[BinaryIO] = []

    def lines(self) -> Iterator[tuple[int, str]]:
        """Give every line with its place; a torn last line comes as it is."""
        with disk_errors(self._folder, "reading the journals"):
            if not self._folder.is_dir():
                return
            for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
                number = len(self._files)
                file = path.open("rb")
                self._files.append(file)
                offset = 0
                for line in file:
                    yield number << _OFFSET_BITS | offset, line.decode(errors="replace")
                    offset += len(line)

    def read(self, place: int) -> str:
        """Give the line at a place again."""
        file = self._files[place >> _OFFSET_BITS]
        with disk_errors(self._folder, "reading the journals"):
            file.seek(place & ((1 << _OFFSET_BITS) - 1))
            return file.readline().decode(errors="replace")

    def close(self) -> None:
        """Close the files; places are of no use afterwards."""
        while self._files:
            self._files.pop().close()


def journal_name(moment: str, owner: str) -> str:
    """Name a journal so that names sort by time and two runs never share one."""
    return f"{moment}-{owner}{_SUFFIX}"
