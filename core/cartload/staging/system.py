"""What the operating systems do differently: opening safely, syncing, telling a full disk apart."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cartload.errors import DestinationError, DiskFullError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# O_BINARY exists on Windows alone, O_NOFOLLOW everywhere else.
_SAFE = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE
READ_FILE = os.O_RDONLY | _SAFE
READ_FOLDER = READ_FILE | getattr(os, "O_DIRECTORY", 0)

_FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
}
_UNUSABLE = {
    errno.EROFS: "it is read-only",
    errno.EACCES: "access is denied",
    errno.EPERM: "access is denied",
    errno.EIO: "the disk reports an error",
    errno.ESTALE: "the network directory is gone",
    errno.ENODEV: "the device is gone",
    errno.ENOTDIR: "a part of its path is a file",
}


def write_all(descriptor: int, data: memoryview | bytes) -> None:
    """Write every byte of *data*, however few the system takes at once."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def let_go(descriptor: int) -> None:
    """Close a file or folder by which nothing was written that is not synced, or that anybody relies on."""
    with suppress(OSError):  # a network file system may complain here; the descriptor is gone all the same
        os.close(descriptor)


def delete_tree(folder: Path) -> None:
    """Delete a folder and all in it, as far as the system lets it; what stays is for a later session."""
    with suppress(OSError):  # some Pythons close its folders twice when the system complains at that
        shutil.rmtree(folder, ignore_errors=True)


def make_folders(folder: Path) -> None:
    """Make a folder and those above it that are missing, each synced into the one above it."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for made in reversed(missing):
        try:
            made.mkdir(exist_ok=True)  # another session may be as fast
        except FileExistsError as error:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(made)) from error
        with suppress(PermissionError):  # a folder of another user's to which one may add, but not read it
            sync_folder(made.parent)


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder survive a power cut; a no-op where folders cannot be synced."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_files(folder: Path, files: Iterable[Path]) -> None:
    """Make the content of *files*, all in *folder*, survive a power cut: one sync where possible."""
    if _sync_file_system(folder):
        return
    for file in files:
        descriptor = os.open(file, os.O_RDWR | _SAFE)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    sync_folder(folder)


def _sync_file_system(folder: Path) -> bool:
    """Sync the whole file system at once (Linux): for many files far cheaper than one by one."""
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415 - needed once a series at most, and not by 'cartload --help'

    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        return False
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)
    return True


def disk_full(what: str, subject: Path) -> DiskFullError:
    """Make the error that says that there is no room."""
    return DiskFullError(
        what, subject=str(subject), advice="All that came is kept. Make room and run the same command again."
    )


def free_space(folder: Path) -> int | None:
    """Give the free bytes of the file system of *folder*, which need not exist; None if it does not tell."""
    place = folder
    try:
        while not place.exists() and place != place.parent:
            place = place.parent
        return shutil.disk_usage(place).free
    except OSError:
        return None


@contextmanager
def disk_errors(subject: Path, doing: str, home: Path | None = None) -> Iterator[None]:
    """Turn what the system refuses into an error that says what could not be done to *subject*.

    What makes the whole destination unusable is a DestinationError (no room: a DiskFullError), anything else
    a StorageError. It is unusable, too, when *home*, a folder in it that is there throughout a run, is gone.
    """
    try:
        yield
    except OSError as error:
        full = _FULL.get(error.errno or 0)
        if full is not None:
            raise disk_full(f"{doing} failed: {full}.", subject) from error
        reason = _UNUSABLE.get(error.errno or 0)
        if isinstance(error, FileNotFoundError) and home is not None and not os.path.lexists(home):
            reason = "the directory was moved away or deleted"
        if reason is None:
            raise StorageError(f"{doing} failed: {error.strerror or error}.", subject=str(subject)) from error
        raise DestinationError(
            f"{doing} failed: {reason}.",
            subject=str(subject),
            advice="Every finished series is kept. Mend this and run the same command again.",
        ) from error
