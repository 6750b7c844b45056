"""How a staged series gets to its place, and how what is in its place is looked at."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cartload import paths
from cartload.errors import StorageError
from cartload.ports import Holding, Verdict
from cartload.staging.system import READ_FILE, disk_errors, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.ports import StagedSeries, StoredSeries

_CHUNK = 1024 * 1024


def publish(staged: StagedSeries, root: Path) -> None:
    """Move the staged folder to the series' directory below *root*, all of it or nothing.

    Where nothing is yet, that is one rename. Where an earlier copy stands, each file takes the place of
    the old one of its name, then the rest of what is replaced goes: nothing else is touched. Raises
    StorageError, before anything is moved, when a file stands in the way that is not to be
    replaced, or when what is staged is not what it should be.
    """
    final = folder_below(root, staged.directory)
    with disk_errors(final, "putting the series in its place"):
        _check(staged)
        _make_parents(root, final)
        with suppress(OSError):
            final.rmdir()  # an empty folder is as good as none
        if final.is_dir():
            _replace(staged.folder, final, staged.replaces)
        else:
            staged.folder.rename(final)
        sync_folder(final.parent)


def look_at(root: Path, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
    """Compare what stands in a series' place with what was recorded, by names and sizes."""
    place, kind = _beneath(root, directory)
    if not kind:
        return Holding.ABSENT
    if kind != stat.S_IFDIR:
        return Holding.FOREIGN
    final = Path(place)
    with disk_errors(final, "looking at what is there"):
        sizes = dict(_sizes(final))
    if not sizes:
        return Holding.ABSENT
    if recorded is None:
        return Holding.FOREIGN
    if all(sizes.get(file.name) == file.size for file in recorded.files):
        return Holding.WHOLE
    return Holding.DAMAGED


def verify_files(root: Path, stored: StoredSeries) -> Verdict:
    """Read every file of a stored series and compare sizes and digests."""
    place, kind = _beneath(root, PurePosixPath(stored.directory))
    folder = Path(place)
    with disk_errors(folder, "looking at what is there"):
        present = dict(_sizes(folder)) if kind == stat.S_IFDIR else {}
    missing, damaged = [], []
    for file in stored.files:
        if file.name not in present:
            missing.append(file.name)
        elif present[file.name] != file.size or _md5(folder / file.name) != file.md5:
            damaged.append(file.name)
    foreign = sorted(present.keys() - {file.name for file in stored.files})
    return Verdict(tuple(missing), tuple(damaged), tuple(foreign))


def folder_below(root: Path, directory: PurePosixPath) -> Path:
    """Give the folder *directory* below *root*, which need not be there yet.

    Raises StorageError where a part of it is not a safe name, or a link, or a file.
    """
    folder = Path(_beneath(root, directory)[0])
    with disk_errors(folder, "looking at what is there"):
        for depth in range(len(directory.parts)):
            place = root.joinpath(*directory.parts[: depth + 1])
            if place.is_symlink() or (os.path.lexists(place) and not place.is_dir()):
                raise _in_the_way(place)
    return folder


def _beneath(root: Path, directory: PurePosixPath) -> tuple[str, int]:
    """Give the place below *root*, and the kind of file that stands there, as in a mode; 0 for nothing.

    Raises StorageError where a link or an unsafe name leads elsewhere. As texts and with few questions to the
    system: this is asked of every series of a cart.
    """
    place, kind = os.fspath(root), stat.S_IFDIR  # the root itself may be a link
    with disk_errors(root, "looking at what is there"):
        for part in directory.parts:
            if paths.component(part) != part or kind == stat.S_IFLNK:
                raise _in_the_way(Path(place, part))
            place = f"{place}{os.sep}{part}"
            kind = _kind(place) if kind else 0
    return place, kind


def _kind(place: str) -> int:
    try:
        return stat.S_IFMT(os.lstat(place).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _in_the_way(place: Path) -> StorageError:
    return StorageError(
        "a link, a file or an unsafe name stands in the way; it was not touched.",
        subject=str(place),
        advice="Move it away, then run the same command again.",
    )


def _check(staged: StagedSeries) -> None:
    """Demand that the folder holds the staged files and nothing else."""
    sizes = dict(_sizes(staged.folder))
    if sizes != {file.name: file.size for file in staged.files}:
        raise StorageError(
            "what was received of it is not in its folder any more.",
            subject=f"series {staged.series.series_uid}",
            advice="Nothing of it was stored. Run the same command again.",
        )


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
    arriving = {name.casefold(): name for name, _ in _sizes(staged)}
    in_the_way = sorted(
        name for name, _ in _sizes(final) if name.casefold() in arriving and name not in replaces
    )
    if in_the_way:
        raise StorageError(
            f"{len(in_the_way)} files stand there that cartload did not write, such as {in_the_way[0]}.",
            subject=str(final),
            advice="They were not touched. Move them away, then run the same command again.",
        )
    for name in arriving.values():
        _move(staged / name, final / name)
    for name in [name for name, _ in _sizes(final) if name in replaces]:
        new = arriving.get(name.casefold())
        if new is None or not (final / name).samefile(final / new):  # not a new file under its old name
            (final / name).unlink()
    staged.rmdir()
    sync_folder(final)


def _move(staged: Path, final: Path) -> None:
    """Put a file in another's place; where both are one, for it was taken in from there, one name goes."""
    if final.exists() and staged.samefile(final):
        staged.unlink()
    else:
        staged.replace(final)


def list_files(folder: Path) -> list[tuple[str, int]]:
    """Name the regular files of a folder, with their sizes, in order; none where it is not there."""
    with disk_errors(folder, "looking at what is there"):
        return sorted((name, size) for name, size in _sizes(folder) if size >= 0) if folder.is_dir() else []


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
