from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DestinationError, StorageError
from cartload.staging import (
    append_to_file,
    files,
    keep_file,
    open_file,
    read_file,
    read_pieces,
    rewrite_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "file.txt"


def files_in(folder: Path) -> list[Path]:
    """Give every file below a folder, also what is only passing."""
    return [found for found in folder.rglob("*") if not found.is_dir()]


def _refuse(number: int) -> object:
    def refuse(*_: object, **__: object) -> object:
        raise OSError(number, os.strerror(number))

    return refuse


# --- reading ------------------------------------------------------------------------------------


def test_what_is_not_there_has_no_content(path: Path) -> None:
    assert open_file(path) is None
    assert read_file(path) is None


def test_a_file_is_read_as_it_is(path: Path) -> None:
    rewrite_file(path, b"\x00\r\n\xff", path.parent)
    assert read_file(path) == b"\x00\r\n\xff"


def test_a_folder_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"it is not a file, or only a link to one; it was not touched\."):
        read_file(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"secret")
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(StorageError, match="only a link"):
        read_file(tmp_path / "link")


@pytest.mark.skipif(sys.platform == "win32", reason="there are none")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match="it is not a file"):
        read_file(tmp_path / "pipe")


def test_a_file_that_cannot_be_read_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite_file(path, b"x", path.parent)
    monkeypatch.setattr(os, "open", _refuse(errno.EIO))
    with pytest.raises(DestinationError, match=rf"{path.name}: reading it failed: the disk reports an error"):
        read_file(path)


# --- rewriting ----------------------------------------------------------------------------------


def test_a_file_is_replaced_with_all_its_folders_made(path: Path) -> None:
    rewrite_file(path, b"old", path.parent)
    rewrite_file(path, b"new", path.parent)
    assert path.read_bytes() == b"new"
    assert files_in(path.parent) == [path]


def test_a_file_can_be_rewritten_from_its_own_content(path: Path) -> None:
    rewrite_file(path, b"1\n2\n3\n", path.parent)

    def doubled() -> Iterator[bytes]:
        with path.open("rb") as old:
            yield from (line * 2 for line in old)

    rewrite_file(path, doubled(), path.parent)
    assert path.read_bytes() == b"1\n1\n2\n2\n3\n3\n"


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_fills_up_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    rewrite_file(path, b"old", path.parent)
    monkeypatch.setattr(os, call, _refuse(errno.ENOSPC))
    with pytest.raises(DestinationError, match="writing it failed: the disk is full"):
        rewrite_file(path, b"new", path.parent)
    assert path.read_bytes() == b"old"
    assert files_in(path.parent) == [path]


def test_a_file_that_may_not_be_replaced_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite_file(path, b"old", path.parent)
    monkeypatch.setattr(Path, "replace", _refuse(errno.EACCES))
    with pytest.raises(DestinationError, match="access is denied"):
        rewrite_file(path, b"new", path.parent)
    assert files_in(path.parent) == [path]


def test_a_source_that_fails_leaves_the_old_file(path: Path) -> None:
    rewrite_file(path, b"old", path.parent)

    def broken() -> Iterator[bytes]:
        yield b"new"
        raise ValueError

    with pytest.raises(ValueError, match=r"\A\Z"):
        rewrite_file(path, broken(), path.parent)
    assert files_in(path.parent) == [path]
    assert path.read_bytes() == b"old"


# --- appending ----------------------------------------------------------------------------------


def test_what_is_appended_comes_at_the_end(path: Path) -> None:
    append_to_file(path, b"1\n")
    append_to_file(path, b"2\n")
    assert path.read_bytes() == b"1\n2\n"


def test_a_full_disk_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", _refuse(errno.ENOSPC))
    with pytest.raises(DestinationError, match="the disk is full"):
        append_to_file(path, b"1\n")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_nothing_is_appended_to_what_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(StorageError):
        append_to_file(tmp_path / "link", b"yours")
    assert (tmp_path / "file").read_bytes() == b"mine"


# --- keeping ------------------------------------------------------------------------------------


def test_a_kept_file_has_its_own_name(path: Path) -> None:
    assert keep_file(path.parent, path.name, b"content") == path
    assert path.read_bytes() == b"content"


def test_the_same_content_is_kept_once(path: Path) -> None:
    keep_file(path.parent, path.name, b"content")
    before = path.stat().st_mtime_ns
    assert keep_file(path.parent, path.name, b"content") == path
    assert path.stat().st_mtime_ns == before
    assert files_in(path.parent) == [path]


def test_another_content_gets_a_name_of_its_own(path: Path) -> None:
    keep_file(path.parent, path.name, b"first")
    second = keep_file(path.parent, path.name, b"second")
    assert second.name == "file-16367aac.txt"
    assert keep_file(path.parent, path.name, b"second") == second
    assert (path.read_bytes(), second.read_bytes()) == (b"first", b"second")


def test_what_somebody_altered_is_not_replaced_either(path: Path) -> None:
    keep_file(path.parent, path.name, b"first")
    altered = keep_file(path.parent, path.name, b"second")
    altered.write_bytes(b"altered")
    assert keep_file(path.parent, path.name, b"second").read_bytes() == b"second"
    assert altered.read_bytes() == b"altered"


def test_where_everything_is_taken_nothing_is_touched(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    monkeypatch.setattr(files, "read_file", lambda _: b"somebody else's")
    with pytest.raises(StorageError, match="other files stand in its place; they were not touched"):
        keep_file(path.parent, path.name, b"content")
    assert files_in(path.parent) == []


def test_a_file_is_given_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "READ_PIECE", 4)
    (tmp_path / "a").write_bytes(b"123456")
    assert list(read_pieces(tmp_path / "a")) == [b"1234", b"56"]


def test_what_cannot_be_read_gives_no_pieces(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"123456")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert [list(read_pieces(tmp_path / name)) for name in ("link", "nothing", ".")] == [[], [], []]
