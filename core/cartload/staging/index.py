"""What a staging area holds, one line a received image: from it a later session goes on.

The first line tells the series. Nothing here is believed without another look: a line may speak of a file
that a power cut took, so that whoever reads it hashes the file again.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from attrs import frozen

from cartload import paths
from cartload.conversion import structure
from cartload.errors import StorageError
from cartload.model import SeriesUID, SOPInstanceUID
from cartload.sealing import seal, unseal
from cartload.staging.files import open_file
from cartload.staging.system import NEW_FILE, let_go, write_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

NAME = "index.jsonl"

MOST_BYTES = 512 * 1024 * 1024
"""No index is larger: that would be more than a million images of one series."""


@frozen
class Kept:
    """A received image: the number of its file, size and MD5, what it is, and what the server called it."""

    number: int
    size: int
    md5: str
    sop_uid: SOPInstanceUID
    name: str


@frozen
class Contents:
    """All that an index tells; ``names`` are those that files were given, by number."""

    kept: tuple[Kept, ...] = ()
    names: tuple[tuple[int, str], ...] = ()


class Index:
    """The index of one area, made with its first line."""

    def __init__(self, place: Path, series_uid: SeriesUID) -> None:
        self._path = place / NAME
        self._series_uid = series_uid
        self._descriptor: int | None = None

    def keep(self, kept: Kept) -> None:
        """Add an image."""
        self._append((kept.number, kept.size, kept.md5, kept.sop_uid, kept.name))

    def name(self, names: Mapping[int, str]) -> None:
        """Add the names that files are about to get, before they get them."""
        self._append({"names": [*names.items()]})

    def close(self) -> None:
        """Let go of the file; adding opens it again."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            let_go(descriptor)

    def _append(self, entry: object) -> None:
        if self._descriptor is None:
            self._descriptor = self._opened()
        try:
            write_all(self._descriptor, _line(entry))
        except BaseException:
            self.close()  # a line that a full disk cut is ended when the file is opened again
            raise

    def _opened(self) -> int:
        """Open the file and tell the series, again if need be: any line there is may have been cut."""
        flags = (NEW_FILE & ~os.O_EXCL) | os.O_APPEND
        descriptor = os.open(self._path, flags, 0o600)
        try:
            is_new = os.fstat(descriptor).st_size == 0
            write_all(descriptor, (b"" if is_new else b"\n") + _line({"series_uid": self._series_uid}))
        except BaseException:
            let_go(descriptor)
            raise
        return descriptor


def series_of(place: Path) -> SeriesUID | None:
    """Tell which series an area is of; None where its index does not say."""
    for entry in _entries(place):
        uid = entry.get("series_uid") if isinstance(entry, dict) else None
        return SeriesUID(uid) if isinstance(uid, str) else None
    return None


def contents_of(place: Path) -> Contents:
    """Read the whole index; what cannot be read of it, or makes no sense, is passed over."""
    kept: dict[int, Kept] = {}
    names: dict[int, str] = {}
    for entry in _entries(place):
        try:
            if isinstance(entry, dict):
                names |= {number: name for number, name in _names(entry) if _is_plain(name)}
            else:
                image = _kept(entry)
                kept[image.number] = image
        except StorageError:
            continue
    return Contents(tuple(kept.values()), tuple(names.items()))


def _names(entry: Mapping[str, object]) -> list[tuple[int, str]]:
    return structure(entry.get("names", []), list[tuple[int, str]], _senseless)


def _kept(entry: object) -> Kept:
    number, size, md5, sop_uid, name = structure(entry, tuple[int, int, str, str, str], _senseless)
    return Kept(number, size, md5, SOPInstanceUID(sop_uid), name)


def _senseless(what: str) -> StorageError:
    return StorageError(f"{what}.", subject="the index of a staging folder")


def _is_plain(name: str) -> bool:
    """Tell whether it is a name that this program may have given, and not a way out of the folder."""
    return paths.component(name) == name


def _line(entry: object) -> bytes:
    return f"{seal(json.dumps(entry, separators=(',', ':')))}\n".encode()


def _entries(place: Path) -> Iterator[object]:
    for line in _lines(place):
        body = unseal(line)
        if body is not None:
            try:
                yield json.loads(body)
            except (ValueError, RecursionError):
                continue


def _lines(place: Path) -> Iterable[str]:
    try:
        file = open_file(place / NAME)
    except StorageError:
        return
    if file is not None:
        with file:
            room = MOST_BYTES
            while room > 0 and (line := file.readline(room)):
                room -= len(line)
                yield line.decode(errors="replace")
