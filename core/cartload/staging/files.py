"""Small files beside the series: kept whole or not at all, and never in another's place."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from cartload.errors import StorageError
from cartload.staging.owners import STAGING, new_owner
from cartload.staging.system import NEW_FILE, READ_FILE, disk_errors, sync_folder, write_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

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
    pieces = (content,) if isinstance(content, bytes) else content
    temporary = root / STAGING / new_owner()
    with disk_errors(path, "writing it"):
        for folder in (path.parent, temporary.parent):
            folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, NEW_FILE, 0o666)
        try:
            try:
                for piece in pieces:
                    write_all(descriptor, piece)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)


def append_to_file(path: Path, content: bytes) -> None:
    """Add *content* at the end, in one go, making the file if need be."""
    with disk_errors(path, "writing it"):
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = (NEW_FILE & ~os.O_EXCL) | os.O_APPEND
        descriptor = os.open(path, flags, 0o666)
        try:
            write_all(descriptor, content)
        finally:
            os.close(descriptor)
