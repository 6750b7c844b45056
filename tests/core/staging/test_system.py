from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DestinationError, DiskFullError, StorageError
from cartload.staging import system

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has syncfs")


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what is synced one by one, by the name that the descriptor has on Linux."""
    names: list[str] = []
    fsync = os.fsync

    def record(descriptor: int) -> None:
        names.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))  # noqa: PTH119, PTH115
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", record)
    return names


def _files(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_bytes(b"content")
    return [folder / name for name in names]


class _LibC:
    """A C library whose ``syncfs`` answers *result* and sets *number*."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, result: int, number: int) -> None:
        self._result = result
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: self)
        monkeypatch.setattr(ctypes, "get_errno", lambda: number)

    def syncfs(self, descriptor: int) -> int:
        os.fstat(descriptor)
        return self._result


# --- writing ------------------------------------------------------------------------------------


def test_a_system_that_takes_a_byte_at_a_time_gets_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:1]))
    descriptor = os.open(tmp_path / "file", system.NEW_FILE)
    system.write_all(descriptor, b"all of it")
    os.close(descriptor)
    assert (tmp_path / "file").read_bytes() == b"all of it"


def test_a_new_file_is_never_opened_where_something_stands(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        os.open(tmp_path / "file", system.NEW_FILE)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_not_followed_for_reading(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        os.open(tmp_path / "link", system.READ_FILE)


# --- syncing ------------------------------------------------------------------------------------


@linux_only
def test_many_files_are_synced_at_once(tmp_path: Path, synced: list[str]) -> None:
    system.sync_files(tmp_path, _files(tmp_path, "a", "b"))
    assert synced == []


@linux_only
def test_without_syncfs_every_file_is_synced_and_then_the_folder(
    tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace())
    system.sync_files(tmp_path, _files(tmp_path, "a", "b"))
    assert synced == ["a", "b", tmp_path.name]


@linux_only
def test_on_other_systems_every_file_is_synced_and_then_the_folder(
    tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "sys", SimpleNamespace(platform="darwin"))
    system.sync_files(tmp_path, _files(tmp_path, "a", "b"))
    assert synced == ["a", "b", tmp_path.name]


@linux_only
def test_where_folders_cannot_be_synced_the_files_are(
    tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "sys", SimpleNamespace(platform="win32"))
    system.sync_files(tmp_path, _files(tmp_path, "a"))
    assert synced == ["a"]


@linux_only
def test_a_sync_that_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _LibC(monkeypatch, -1, errno.EIO)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        system.sync_files(tmp_path, _files(tmp_path, "a"))


@linux_only
def test_a_sync_that_works_is_enough(
    tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _LibC(monkeypatch, 0, 0)
    system.sync_files(tmp_path, _files(tmp_path, "a"))
    assert synced == []


@linux_only
@pytest.mark.parametrize("sync", [system.sync_folder, lambda folder: system.sync_files(folder, [])])
def test_no_descriptor_is_left_open(sync: Callable[[Path], None], tmp_path: Path) -> None:
    before = sorted(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a special file system
    sync(tmp_path)
    assert sorted(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - likewise


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EROFS, "it is read-only"),
        (errno.EACCES, "access is denied"),
        (errno.EIO, "the disk reports an error"),
        (errno.ESTALE, "the network directory is gone"),
    ],
)
def test_an_unusable_destination_says_why_and_what_is_kept(tmp_path: Path, number: int, reason: str) -> None:
    with pytest.raises(DestinationError) as caught, system.disk_errors(tmp_path, "writing it"):
        raise OSError(number, os.strerror(number))
    assert str(caught.value) == (
        f"{tmp_path}: writing it failed: {reason}. "
        "Every finished series is kept. Mend this and run the same command again."
    )
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "the disk is full"), (errno.EDQUOT, "the disk quota is used up")],
)
def test_a_full_disk_says_what_to_do(tmp_path: Path, number: int, reason: str) -> None:
    with pytest.raises(DiskFullError) as caught, system.disk_errors(tmp_path, "writing it"):
        raise OSError(number, os.strerror(number))
    assert str(caught.value) == (
        f"{tmp_path}: writing it failed: {reason}. "
        "All that came is kept. Make room and run the same command again."
    )


def test_the_free_space_is_that_of_the_file_system_where_a_folder_will_be(tmp_path: Path) -> None:
    free = system.free_space(tmp_path / "not" / "there" / "yet")
    assert free is not None
    assert 0 < free <= shutil.disk_usage(tmp_path).total


def test_a_file_system_that_does_not_tell_is_not_believed_to_be_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    assert system.free_space(tmp_path) is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOENT, os.strerror(errno.ENOENT)), os.strerror(errno.ENOENT)),
        (OSError("something else"), "something else"),
    ],
)
def test_any_other_fault_of_the_disk_is_the_series_own(tmp_path: Path, error: OSError, reason: str) -> None:
    with pytest.raises(StorageError) as caught, system.disk_errors(tmp_path, "writing it"):
        raise error
    assert not isinstance(caught.value, DestinationError)
    assert str(caught.value) == f"{tmp_path}: writing it failed: {reason}."


def test_what_is_not_the_disk_s_fault_passes_through(tmp_path: Path) -> None:
    with pytest.raises(KeyError), system.disk_errors(tmp_path, "writing it"):
        raise KeyError
