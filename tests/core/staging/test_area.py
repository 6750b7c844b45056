from __future__ import annotations

import errno
import hashlib
import os
import sys
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DamagedError, DestinationError, StorageError
from cartload.model import SeriesUID
from cartload.staging import StagingArea, handle
from cartload.staging import area as areas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.staging import Piece

HEAD = 10
SERIES = SeriesUID("1.2.3")


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[StagingArea]:
    staging = StagingArea(tmp_path / "area", HEAD, SERIES)
    yield staging
    staging.discard()


def _receive(staging: StagingArea, *chunks: bytes, most: int = 1000) -> Piece:
    return staging.receive(iter(chunks), most, lambda _: None)


def _names(staging: StagingArea) -> list[str]:
    return sorted(path.name for path in staging.folder.iterdir())


def _refuse(number: int) -> object:
    def refuse(*_: object, **__: object) -> object:
        raise OSError(number, os.strerror(number))

    return refuse


# --- receiving ----------------------------------------------------------------------------------


def test_a_received_file_is_told_by_number_size_digest_and_head(staging: StagingArea) -> None:
    piece = _receive(staging, b"four", b"", b"and eight", b".")
    assert (piece.number, piece.size, piece.head) == (1, 14, b"fourand ei")
    assert piece.md5 == hashlib.md5(b"fourand eight.", usedforsecurity=False).hexdigest()
    with staging.opener(piece.number)() as file:
        assert file.read() == b"fourand eight."


def test_every_file_has_its_own_number(staging: StagingArea) -> None:
    assert [_receive(staging, b"x").number for _ in range(3)] == [1, 2, 3]


def test_a_buffer_that_is_used_over_and_over_is_no_trap(staging: StagingArea) -> None:
    buffer = bytearray(3)

    def chunks() -> Iterator[memoryview]:
        for text in (b"abc", b"def", b"ghi", b"jkl"):
            buffer[:] = text
            yield memoryview(buffer)

    piece = staging.receive(chunks(), 12, lambda _: None)
    assert piece.head == b"abcdefghij"
    with staging.opener(piece.number)() as file:
        assert file.read() == b"abcdefghijkl"


def test_each_chunk_is_counted_as_it_comes(staging: StagingArea) -> None:
    arrived: list[int] = []
    staging.receive(iter([b"ab", b"cde"]), 5, arrived.append)
    assert arrived == [2, 3]


def test_more_than_announced_is_refused_and_leaves_nothing(staging: StagingArea) -> None:
    with pytest.raises(DamagedError, match="a member is larger than the 5 bytes that were announced"):
        _receive(staging, b"abc", b"def", most=5)
    assert _names(staging) == []


def test_a_file_is_private_until_it_is_published(staging: StagingArea) -> None:
    if sys.platform != "win32":
        assert staging.folder.stat().st_mode & 0o777 == 0o700


def test_the_user_s_mask_decides_on_the_rights_of_files(staging: StagingArea) -> None:
    mask = os.umask(0o027)
    try:
        _receive(staging, b"x")
    finally:
        os.umask(mask)
    if sys.platform != "win32":
        assert (staging.folder / ".000001").stat().st_mode & 0o777 == 0o640


def test_a_sender_that_breaks_off_leaves_nothing_and_is_not_taken_for_the_disk(staging: StagingArea) -> None:
    def broken() -> Iterator[bytes]:
        yield b"abc"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        staging.receive(broken(), 100, lambda _: None)
    assert _names(staging) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("call", ["write", "open"])
def test_a_disk_that_refuses_is_told_and_leaves_nothing(
    staging: StagingArea, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, call, _refuse(number))
        with pytest.raises(DestinationError, match=r"writing a received file failed: .* is kept\. "):
            _receive(staging, b"abc")
    assert _names(staging) == []


def test_a_file_that_cannot_be_deleted_does_not_hide_the_fault(
    staging: StagingArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "unlink", _refuse(errno.EIO))
    with pytest.raises(DamagedError):
        _receive(staging, b"abc", most=1)


def test_a_system_that_takes_only_a_part_gets_the_rest(
    staging: StagingArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    taken = iter([1, 2, 1, 3, 1])
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[: next(taken, 99)]))
    piece = _receive(staging, b"abcdef", b"ghi", b"jkl")
    with staging.opener(piece.number)() as file:
        assert file.read() == b"abcdefghijkl"


def test_a_dropped_file_is_gone(staging: StagingArea) -> None:
    _receive(staging, b"x")
    staging.drop(_receive(staging, b"y").number)
    assert _names(staging) == [".000001"]


def test_dropping_what_is_not_there_is_told(staging: StagingArea) -> None:
    with pytest.raises(StorageError, match="deleting a damaged file failed: No such file"):
        staging.drop(7)


# --- naming -------------------------------------------------------------------------------------


def test_files_get_their_names(staging: StagingArea) -> None:
    for content in (b"a", b"b"):
        _receive(staging, content)
    staging.name({1: "1-02.dcm", 2: "1-01.dcm"})
    assert (staging.folder / "1-02.dcm").read_bytes() == b"a"
    assert _names(staging) == ["1-01.dcm", "1-02.dcm"]


def test_a_name_that_looks_like_a_number_overwrites_nothing(staging: StagingArea) -> None:
    for content in (b"a", b"b", b"c"):
        _receive(staging, content)
    staging.name({1: "000002", 2: "000003", 3: "000001"})
    contents = {path.name: path.read_bytes() for path in staging.folder.iterdir()}
    assert contents == {"000001": b"c", "000002": b"a", "000003": b"b"}


@pytest.mark.parametrize("call", ["rename", "sync_files"])
def test_a_disk_that_refuses_names_or_syncs_is_told(
    staging: StagingArea, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    _receive(staging, b"a")
    monkeypatch.setattr(os if call == "rename" else areas, call, _refuse(errno.ENOSPC))
    with pytest.raises(DestinationError, match="the received files failed: the disk is full"):
        staging.name({1: "1-01.dcm"})


# --- the folder itself --------------------------------------------------------------------------


def test_an_area_is_never_made_where_something_stands(tmp_path: Path) -> None:
    (tmp_path / "area").mkdir()
    with pytest.raises(StorageError, match="making the staging folder failed: File exists"):
        StagingArea(tmp_path / "area", HEAD, SERIES)


@pytest.mark.skipif(os.open not in os.supports_dir_fd, reason="files are opened by their paths here")
def test_whoever_swaps_the_folder_for_a_link_is_not_followed(staging: StagingArea, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    staging.folder.rename(tmp_path / "moved")
    staging.folder.symlink_to(tmp_path / "outside")
    _receive(staging, b"x")
    assert not any((tmp_path / "outside").iterdir())
    assert (tmp_path / "moved" / ".000001").read_bytes() == b"x"


def test_a_discarded_area_is_gone(staging: StagingArea) -> None:
    _receive(staging, b"x")
    staging.discard()
    staging.discard()
    assert not staging.folder.exists()


def test_an_area_works_by_paths_where_the_system_has_no_other_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle, "_DIR_FD", False)
    staging = StagingArea(tmp_path / "by path", HEAD, SERIES)
    _receive(staging, b"a")
    staging.drop(_receive(staging, b"b").number)
    staging.name({1: "1-01.dcm"})
    assert (staging.folder / "1-01.dcm").read_bytes() == b"a"
    staging.discard()
    assert not staging.folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only there it can be seen")
def test_an_area_that_waits_holds_no_descriptor(tmp_path: Path) -> None:
    before = _descriptors()
    staging = StagingArea(tmp_path / "waiting", HEAD, SERIES)
    for content in (b"first", b"second"):
        with staging.at_work():
            assert _descriptors() == before + 1
            _receive(staging, content)
        assert _descriptors() == before
    with staging.at_work(), staging.opener(2)() as file:
        assert file.read() == b"second"
    staging.discard()
    assert _descriptors() == before


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a special file system


@pytest.mark.skipif(os.open not in os.supports_dir_fd, reason="files are opened by their paths here")
def test_a_link_in_the_place_of_a_waiting_area_is_refused(staging: StagingArea, tmp_path: Path) -> None:
    with staging.at_work():
        pass
    staging.folder.rename(tmp_path / "moved")
    staging.folder.symlink_to(tmp_path / "moved")
    with pytest.raises(StorageError, match="opening the staging folder failed: "), staging.at_work():
        pass
