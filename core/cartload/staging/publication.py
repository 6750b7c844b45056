"""How a staged series gets to its place, and how what is in its place is looked at."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cartload.errors import StorageError
from cartload.ports import Holding, Verdict
from cartload.staging.system import READ_FILE, disk_errors, sync_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import PurePosixPath

    from cartload.ports import StoredSeries

_CHUNK = 1024 * 1024


def publish(staged: Path, root: Path, directory: PurePosixPath, replaces: Collection[str]) -> None:
    """Move the folder *staged* to *directory* below *root*, all of it or nothing.

    Where nothing is yet, that is one rename. Where an earlier copy stands, each file takes the place of
    the old one of its name, then the rest of the files in *replaces* go: nothing else is touched. Raises
    StorageError, before anything is moved, when a file stands in the way that is not in *replaces*.
    """
    final = _beneath(root, directory)
    with disk_errors(final, "putting the series in its place"):
        _make_parents(root, final)
        if final.is_dir():
            _replace(staged, final, frozenset(replaces))
        else:
            staged.rename(final)
        sync_folder(final.parent)


def look_at(root: Path, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
    """Compare what stands in a series' place with what was recorded, by names and sizes."""
    final = _beneath(root, directory)
    if not os.path.lexists(final):
        return Holding.ABSENT
    if not final.is_dir() or final.is_symlink():
        return Holding.FOREIGN
    sizes = dict(_sizes(final))
    if recorded is None:
        return Holding.FOREIGN if sizes else Holding.ABSENT
    if all(sizes.get(file.name) == file.size for file in recorded.files):
        return Holding.WHOLE
    return Holding.DAMAGED


def verify_files(root: Path, stored: StoredSeries) -> Verdict:
    """Read every file of a stored series and compare sizes and digests."""
    folder = _beneath(root, Path(stored.directory))
    present = dict(_sizes(folder)) if folder.is_dir() else {}
    missing, damaged = [], []
    for file in stored.files:
        if file.name not in present:
            missing.append(file.name)
        elif present[file.name] != file.size or _md5(folder / file.name) != file.md5:
            damaged.append(file.name)
    foreign = sorted(present.keys() - {file.name for file in stored.files})
    return Verdict(tuple(missing), tuple(damaged), tuple(foreign))


def _beneath(root: Path, directory: PurePosixPath | Path) -> Path:
    """Give the place below *root*; raises StorageError where a link would lead elsewhere."""
    place = root
    for part in directory.parts:
        if part in {"..", "/"} or (place != root and place.is_symlink()):
            raise StorageError(
                "a link or an unsafe name stands in the way; nothing was written.",
                subject=str(root / directory),
                advice="Move it away, then run the same command again.",
            )
        place = place / part
    return place


def _make_parents(root: Path, final: Path) -> None:
    """Make the folders above *final* one by one, each synced into the one above it."""
    missing = []
    folder = final.parent
    while folder != root and not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for folder in reversed(missing):
        with suppress(FileExistsError):  # another worker was faster
            folder.mkdir()
        sync_folder(folder.parent)


def _replace(staged: Path, final: Path, replaces: frozenset[str]) -> None:
    arriving = sorted(entry.name for entry in os.scandir(staged))
    ours = {name.casefold() for name in replaces}
    standing = {entry.name.casefold() for entry in os.scandir(final)}
    in_the_way = [name for name in arriving if name.casefold() in standing - ours]
    if in_the_way:
        raise StorageError(
            f"{len(in_the_way)} files stand there that cartload did not write, such as {in_the_way[0]}.",
            subject=str(final),
            advice="They were not touched. Move them away, then run the same command again.",
        )
    for name in arriving:
        (staged / name).replace(final / name)
    kept = {name.casefold() for name in arriving}
    for name in replaces:
        if name.casefold() not in kept:
            with suppress(FileNotFoundError):
                (final / name).unlink()
    staged.rmdir()
    sync_folder(final)


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            yield entry.name, status.st_size if stat.S_ISREG(status.st_mode) else -1


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with disk_errors(path, "reading a stored file"), os.fdopen(os.open(path, READ_FILE), "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
