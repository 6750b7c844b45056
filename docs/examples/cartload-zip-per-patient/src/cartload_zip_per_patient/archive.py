"""One patient's ZIP file: read as it is, and only ever replaced as a whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from cartload.errors import StorageError
from cartload.staging import disk_errors, open_file, sync_folder

from cartload_zip_per_patient.options import Compression

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path
    from zipfile import ZipInfo

    from cartload_zip_per_patient.options import ZipOptions

MARK = b"Written by cartload-zip-per-patient."
"""The comment of every ZIP file that is ours begins like this; no other is ever touched."""

_METHODS = {Compression.STORED: ZIP_STORED, Compression.DEFLATED: ZIP_DEFLATED}
_CHUNK = 1024 * 1024
# What the standard library raises for ZIP files that somebody cut or altered.
_DAMAGE = (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error)


@contextmanager
def opened(path: Path) -> Iterator[ZipFile | None]:
    """Open a ZIP file for reading; gives None where nothing is.

    Raises StorageError where something is that this storage did not write, or cannot read any more.
    """
    file = open_file(path)  # follows no link
    if file is None:
        yield None
        return
    with file:
        try:
            archive = ZipFile(file)
        except _DAMAGE as error:
            raise _not_ours(path) from error
        with archive:
            if not archive.comment.startswith(MARK):
                raise _not_ours(path)
            yield archive


def entries(archive: ZipFile | None, folder: str) -> dict[str, ZipInfo]:
    """Give the entries directly below *folder* (which ends in a slash, or is empty) by their file names."""
    listed = archive.infolist() if archive else []
    below = {
        entry.filename.removeprefix(folder): entry for entry in listed if entry.filename.startswith(folder)
    }
    return {name: entry for name, entry in below.items() if "/" not in name}


def md5(archive: ZipFile, entry: ZipInfo) -> str | None:
    """Read an entry and give its MD5 in hex, None where it cannot be read."""
    digest = hashlib.md5(usedforsecurity=False)
    try:
        with archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except _DAMAGE:
        return None
    return digest.hexdigest()


def rewrite(
    path: Path,
    temporary: Path,
    drop: Collection[str],
    add: Mapping[str, Path],
    options: ZipOptions,
) -> None:
    """Replace the ZIP file by one without the entries *drop* and with the files *add*.

    The new one is made at *temporary*, on the same file system, and takes the old one's place in one step: a
    crash at any moment leaves the old one or the new one. Raises StorageError or DestinationError.
    """
    with disk_errors(path, "writing the ZIP file"):
        with opened(path) as old:
            if old is not None:
                _begin_with(old, path, temporary, drop)
        with ZipFile(temporary, "a", _METHODS[options.compression]) as new:
            new.comment = MARK + f"\n{options.comment}".rstrip().encode()
            for name, file in add.items():
                new.write(file, name)
        _sync(temporary)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(path)
        sync_folder(path.parent)


def _begin_with(old: ZipFile, path: Path, temporary: Path, drop: Collection[str]) -> None:
    """Begin the new ZIP file with what stays of the old one."""
    if not drop:
        shutil.copyfile(path, temporary)  # nothing is unpacked and packed again
        return
    # An entry that cannot be read is left out: its own series is then found to lack it, and mended. To refuse
    # would mean that of two damaged series neither could be replaced.
    stay = [entry for entry in old.infolist() if entry.filename not in drop and md5(old, entry)]
    with ZipFile(temporary, "w") as new:
        for entry in stay:
            with old.open(entry) as source, new.open(copy(entry), "w") as target:
                shutil.copyfileobj(source, target, _CHUNK)


def _sync(path: Path) -> None:
    """Have the content reach the disk before its name does, or a power cut could leave an empty file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _not_ours(path: Path) -> StorageError:
    return StorageError(
        "it is not a ZIP file of this storage, or damaged; it was not touched.",
        subject=str(path),
        advice="Move it away, then run the same command again: its series are fetched anew.",
    )
