"""What staging does when the system complains where nothing depends on it, and when others work beside it."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DestinationError, StorageError
from cartload.model import SeriesUID, SOPInstanceUID
from cartload.staging import CartFolder, JournalFile, Piece, StagingArea, create_file, system
from cartload.staging.index import Index, Kept, contents_of, series_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UID = SeriesUID("1.2.3")
not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="the calls are those of other systems")


def refusing(number: int) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def closing_badly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every close end in an error, as on some network file systems."""
    close = os.close

    def complain(descriptor: int) -> None:
        close(descriptor)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "close", complain)


def test_a_journal_is_ended_even_if_the_system_complains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = JournalFile(tmp_path / "j.jsonl")
    journal.append("a", durable=False)
    closing_badly(monkeypatch)
    journal.close()
    journal.close()
    assert (tmp_path / "j.jsonl").read_bytes() == b"a\n"


def test_an_area_that_the_system_complains_about_is_let_go_of_and_can_be_deleted_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = StagingArea(tmp_path / "1", 10, UID)
    with monkeypatch.context() as patched:
        with area.at_work():
            piece = area.receive(iter([b"abc"]), 3, lambda _: None)
            area.keep(piece, SOPInstanceUID("1.2.3.1"), "a.dcm")
            closing_badly(patched)
        area.discard()
    area.discard()
    assert not area.place.exists()


def test_a_folder_is_let_go_of_even_if_its_lock_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("filelock.FileLock.release", refusing(errno.ESTALE))
    folder = CartFolder(tmp_path / "cart")
    folder.open(0.0).close()
    folder.close()
    assert not (tmp_path / "cart/.cartload/staging").exists()


def test_what_another_session_takes_away_at_that_moment_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staging = tmp_path / "cart/.cartload/staging"
    (staging / "left.a-1-2").mkdir(parents=True)
    folder = CartFolder(tmp_path / "cart")
    listed = type(staging).iterdir

    def then_gone(path: Path) -> list[Path]:
        found = list(listed(path))
        for place in found:
            if place.name.startswith("left."):
                place.rmdir()
        return found

    monkeypatch.setattr(type(staging), "iterdir", then_gone)
    folder.open(0.0).close()
    folder.close()
    assert not staging.exists()


# --- the index, of which any line may have been cut


def _kept(number: int) -> Kept:
    return Kept(number, 3, "0" * 32, SOPInstanceUID(f"1.2.3.{number}"), f"{number}.dcm")


def test_an_index_whose_first_line_was_cut_tells_its_series_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index(tmp_path, UID)
    write = os.write

    def cut(descriptor: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", refusing(errno.ENOSPC))
        return write(descriptor, data[:9])

    monkeypatch.setattr(os, "write", cut)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        index.keep(_kept(1))
    monkeypatch.setattr(os, "write", write)
    index.keep(_kept(2))
    index.close()
    assert series_of(tmp_path) == UID
    assert contents_of(tmp_path).kept == (_kept(2),)


# --- folders


@not_on_windows
def test_folders_are_made_one_by_one_each_synced_into_the_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(system, "sync_folder", synced.append)
    system.make_folders(tmp_path / "a/b")
    assert synced == [tmp_path, tmp_path / "a"]
    assert (tmp_path / "a/b").is_dir()


def test_a_folder_that_may_not_be_read_may_be_added_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "sync_folder", refusing(errno.EACCES))
    system.make_folders(tmp_path / "a")
    assert (tmp_path / "a").is_dir()


def test_a_file_where_a_folder_should_be_is_a_part_of_the_path(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with (
        pytest.raises(DestinationError, match="a part of its path is a file"),
        system.disk_errors(tmp_path, "x"),
    ):
        system.make_folders(tmp_path / "a/b")


def test_an_area_whose_home_is_gone_makes_the_destination_unusable(tmp_path: Path) -> None:
    area = StagingArea(tmp_path / "1", 10, UID)
    shutil.rmtree(tmp_path)
    with pytest.raises(DestinationError, match="moved away or deleted"):
        area.keep(area_piece(), SOPInstanceUID("1.2.3.1"), "a.dcm")


def area_piece() -> Piece:
    return Piece(1, 3, "0" * 32, b"")


def test_an_area_that_is_gone_by_itself_costs_its_series_only(tmp_path: Path) -> None:
    area = StagingArea(tmp_path / "1", 10, UID)
    shutil.rmtree(tmp_path / "1")
    with pytest.raises(StorageError) as caught:
        area.keep(area_piece(), SOPInstanceUID("1.2.3.1"), "a.dcm")
    assert not isinstance(caught.value, DestinationError)


# --- a file that is made once


@pytest.mark.parametrize("links", [True, False])
def test_a_file_is_made_where_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refusing(errno.EPERM))
    create_file(tmp_path / "a", b"mine", tmp_path)
    assert (tmp_path / "a").read_bytes() == b"mine"
    assert list((tmp_path / ".cartload/staging").iterdir()) == []


def test_a_file_that_another_process_made_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"theirs")
    create_file(tmp_path / "a", b"mine", tmp_path)
    assert (tmp_path / "a").read_bytes() == b"theirs"
    assert list((tmp_path / ".cartload/staging").iterdir()) == []
