"""Small files beside the series: kept whole or not at all, and never in another's place."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cartload.errors import StorageError
from cartload.staging.owners import STAGING, new_owner
from cartload.staging.system import (
    NEW_FILE,
    READ_FILE,
    disk_errors,
    make_folders,
    sync_folder,
    write_all,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

READ_PIECE = 256 * 1024
"""Bytes read at once."""


def keep_file(root: Path, name: str, content: bytes) -> Path:
    """Write a file into the cart's folder *root*, if it is not there yet; gives its place.

    The same content there already is enough; another content stays, and this one gets a name of its own.
    """
    path = root / name
    digest = hashlib.sha256(content).hexdigest()
    for ending in ("", f"-{digest[:8]}", f"-{digest[:16]}"):
        place = path.with_name(f"{path.stem}{ending}{path.suffix}")
        standing = read_file(place)
        if standing is None:
            rewrite_file(place, content, root)
        if standing is None or standing == content:
            return place
    raise StorageError("other files stand in its place; they were not touched.", subject=str(path))


def open_file(path: Path) -> BinaryIO | None:
    """Open a regular file for reading, None where nothing is; raises StorageError for anything else."""
    with disk_errors(path, "reading it"):
        try:
            status = path.lstat()
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(status.st_mode):
            raise StorageError(
                "it is not a file, or only a link to one; it was not touched.",
                subject=str(path),
                advice="Move it away, then run the same command again.",
            )
        return os.fdopen(os.open(path, READ_FILE), "rb")


def read_file(path: Path) -> bytes | None:
    """Give the content of a regular file, None where nothing is; a link is not followed."""
    file = open_file(path)
    if file is None:
        return None
    with file, disk_errors(path, "reading it"):
        return file.read()


def read_pieces(path: Path) -> Iterator[bytes]:
    """Give what can be read of a regular file, piece by piece; a digest has to tell whether that is all."""
    with suppress(OSError, StorageError):
        file = open_file(path)
        if file is not None:
            with file:
                while piece := file.read(READ_PIECE):
                    yield piece


def rewrite_file(path: Path, content: bytes | Iterable[bytes], root: Path) -> None:
    """Put *content* in the place of a file below *root*, in one step: a crash leaves the old or the new one.

    What is not finished stands among what is staged in *root*, where the next run clears it.
    """
    _put(path, content, root, Path.replace)


def create_file(path: Path, content: bytes, root: Path) -> None:
    """Make a file below *root* in one step, unless another process was faster: its file stays as it is."""
    _put(path, content, root, _take_free_place)


def _put(
    path: Path, content: bytes | Iterable[bytes], root: Path, move: Callable[[Path, Path], object]
) -> None:
    """Write a file in staging, and *move* it to its place once it is whole on the disk."""
    pieces = (content,) if isinstance(content, bytes) else content
    temporary = root / STAGING / new_owner()
    with disk_errors(path, "writing it"):
        for folder in (path.parent, temporary.parent):
            make_folders(folder)
        descriptor = os.open(temporary, NEW_FILE, 0o666)
        try:
            try:
                for piece in pieces:
                    write_all(descriptor, piece)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            move(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)


def _take_free_place(temporary: Path, path: Path) -> None:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        temporary.unlink()
    except OSError:  # a file system without hard links cannot tell at once whether the place is free
        temporary.replace(path)
    else:
        temporary.unlink()


def append_to_file(path: Path, content: bytes) -> None:
    """Add *content* at the end, in one go, making the file if need be."""
    with disk_errors(path, "writing it"):
        make_folders(path.parent)
        flags = (NEW_FILE & ~os.O_EXCL) | os.O_APPEND
        descriptor = os.open(path, flags, 0o666)
        try:
            write_all(descriptor, content)
        finally:
            os.close(descriptor)
