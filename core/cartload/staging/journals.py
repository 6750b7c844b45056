"""Journal files on disk: one of its own for each run, appended to, and all of them read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from cartload.staging.system import NEW_FILE, disk_errors, let_go, sync_folder, write_all

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
        self._is_torn = False

    def append(self, line: str, *, durable: bool) -> None:
        """Write one line in one go; with *durable* it has reached the disk when this returns.

        A line that was cut by a full disk is ended first, so that it does not spoil the next one.
        """
        with disk_errors(self.path, "writing the journal"):
            if self._descriptor is None:
                self._descriptor = os.open(self.path, NEW_FILE | os.O_APPEND, 0o666)
                sync_folder(self.path.parent)
            data = (b"\n" if self._is_torn else b"") + line.encode() + b"\n"
            self._is_torn = True
            write_all(self._descriptor, data)
            self._is_torn = False
            if durable:
                os.fsync(self._descriptor)

    def close(self) -> None:
        """End the journal; nothing happens when it is closed already."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            let_go(descriptor)  # without a confirmation that is lost here, the next run compares


class Journals:
    """All journals of a cart's folder, the oldest first; a place is a number, to be kept in plenty.

    One file is open at a time: a cart that is taken up every hour has more journals than a process may
    have open files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: list[Path] = []
        self._open: tuple[int, BinaryIO] | None = None

    def lines(self) -> Iterator[tuple[int, str]]:
        """Give every line with its place; a torn last line comes as it is."""
        with disk_errors(self._folder, "reading the journals"):
            if not self._folder.is_dir():
                return
            for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
                number = len(self._paths)
                self._paths.append(path)
                offset = 0
                with path.open("rb") as file:
                    for line in file:
                        yield number << _OFFSET_BITS | offset, line.decode(errors="replace")
                        offset += len(line)

    def read(self, place: int) -> str:
        """Give the line at a place again."""
        with disk_errors(self._folder, "reading the journals"):
            file = self._file(place >> _OFFSET_BITS)
            file.seek(place & ((1 << _OFFSET_BITS) - 1))
            return file.readline().decode(errors="replace")

    def close(self) -> None:
        """Close what is open; a place can still be read afterwards."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _file(self, number: int) -> BinaryIO:
        if self._open is None or self._open[0] != number:
            self.close()
            self._open = number, self._paths[number].open("rb")
        return self._open[1]


def journal_name(moment: str, owner: str) -> str:
    """Name a journal so that names sort by time and two runs never share one."""
    return f"{moment}-{owner}{_SUFFIX}"
