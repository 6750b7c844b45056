from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import DestinationError, StorageError
from cartload.ports import Holding
from cartload.staging import folder_below, look_at, publication, publish, verify_files
from cartload.testing.staged import IMAGES, recorded, series_record, stage

if TYPE_CHECKING:
    from cartload.ports import StagedSeries

DIRECTORY = PurePosixPath("A/B")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    return root


@pytest.fixture
def staged(tmp_path: Path) -> StagedSeries:
    return stage(tmp_path / "staged")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- publishing ---------------------------------------------------------------------------------


def test_every_new_folder_and_the_series_itself_are_synced_into_the_one_above(
    root: Path, staged: StagedSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(publication, "sync_folder", synced.append)
    publish(staged, root)
    assert synced == [
        root,
        root / "TEST",
        root / "TEST" / "PATIENT-1",
        root / "TEST" / "PATIENT-1" / "study",
    ]


def test_a_folder_that_another_worker_just_made_is_taken(
    root: Path, staged: StagedSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdir = Path.mkdir

    def just_before(path: Path, *_: object) -> None:
        mkdir(path)
        raise FileExistsError

    monkeypatch.setattr(Path, "mkdir", just_before)
    publish(staged, root)
    assert _names(root / staged.directory) == sorted(IMAGES)


def test_a_replaced_copy_is_synced_as_well(root: Path, tmp_path: Path, staged: StagedSeries) -> None:
    publish(staged, root)
    again = stage(tmp_path / "again", {"1-1.dcm": b"new"}, replaces=IMAGES)
    publish(again, root)
    assert _names(root / staged.directory) == ["1-1.dcm"]
    assert not again.folder.exists()


def test_a_name_in_another_case_takes_the_old_one_s_place(root: Path, tmp_path: Path) -> None:
    publish(stage(tmp_path / "1", {"A.dcm": b"old", "b.dcm": b"old"}), root)
    new = stage(tmp_path / "2", {"a.dcm": b"new"}, replaces=("A.dcm", "b.dcm"))
    publish(new, root)
    assert {path.name.lower(): path.read_bytes() for path in (root / new.directory).iterdir()} == {
        "a.dcm": b"new"
    }


def test_a_foreign_file_whose_name_differs_in_case_alone_stays(root: Path, tmp_path: Path) -> None:
    old = stage(tmp_path / "1", {"a.dcm": b"old", "b.dcm": b"old"})
    publish(old, root)
    (root / old.directory / "A.DCM").write_bytes(b"mine")
    if (root / old.directory / "a.dcm").read_bytes() == b"mine":
        pytest.skip("this file system ignores case")
    publish(stage(tmp_path / "2", {"b.dcm": b"new"}, replaces=("a.dcm", "b.dcm")), root)
    assert _names(root / old.directory) == ["A.DCM", "b.dcm"]


def test_a_foreign_file_in_the_way_stops_it_before_anything_is_moved(root: Path, tmp_path: Path) -> None:
    publish(stage(tmp_path / "1"), root)
    new = stage(tmp_path / "2", dict.fromkeys(IMAGES, b"new"), replaces=("1-1.dcm", "1-3.dcm"))
    with pytest.raises(
        StorageError, match=r"1 files stand there that cartload did not write, such as 1-2\.dcm"
    ):
        publish(new, root)
    assert (root / new.directory / "1-1.dcm").read_bytes() == IMAGES["1-1.dcm"]
    assert _names(new.folder) == sorted(IMAGES)


def test_names_that_a_forged_journal_wants_replaced_lead_nowhere(root: Path, tmp_path: Path) -> None:
    publish(stage(tmp_path / "1"), root)
    victim = root / "TEST" / "PATIENT-1" / "study" / "victim"
    victim.write_text("mine")
    publish(stage(tmp_path / "2", replaces=(*IMAGES, "../victim", "gone.dcm")), root)
    assert victim.read_text() == "mine"


def test_a_staged_folder_that_is_gone_is_told(root: Path, staged: StagedSeries) -> None:
    for path in staged.folder.iterdir():
        path.unlink()
    staged.folder.rmdir()
    with pytest.raises(StorageError, match="putting the series in its place failed: No such file"):
        publish(staged, root)
    assert not any(root.iterdir())


def test_a_staged_file_of_another_size_is_not_published(root: Path, staged: StagedSeries) -> None:
    staged.files[0].path.write_bytes(b"cut")
    with pytest.raises(StorageError, match=f"series {staged.series.series_uid}: what was received"):
        publish(staged, root)
    assert not any(root.iterdir())


def test_a_destination_on_another_file_system_is_told(
    root: Path, staged: StagedSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StorageError, match=os.strerror(errno.EXDEV)):
        publish(staged, root)
    assert _names(staged.folder) == sorted(IMAGES)


# --- places -------------------------------------------------------------------------------------


def test_a_folder_below_the_root_need_not_be_there(root: Path) -> None:
    assert folder_below(root, DIRECTORY) == root / "A" / "B"
    (root / "A" / "B").mkdir(parents=True)
    assert folder_below(root, DIRECTORY) == root / "A" / "B"
    assert folder_below(root, PurePosixPath()) == root


@pytest.mark.parametrize(
    "directory", ["..", "/etc", "A/../../x", "C:/x", "A/CON", "A/x.", "A/a\\b", ".cartload/x"]
)
def test_an_unsafe_directory_has_no_place(root: Path, directory: str) -> None:
    with pytest.raises(StorageError, match="an unsafe name stands in the way"):
        folder_below(root, PurePosixPath(directory))
    with pytest.raises(StorageError, match="an unsafe name stands in the way"):
        look_at(root, PurePosixPath(directory), None)


def test_a_link_that_leads_nowhere_is_in_the_way_as_well(root: Path) -> None:
    (root / "A").symlink_to(root / "nowhere")
    with pytest.raises(StorageError, match="stands in the way; it was not touched"):
        folder_below(root, DIRECTORY)


def test_the_root_itself_may_be_a_link(tmp_path: Path, root: Path, staged: StagedSeries) -> None:
    (tmp_path / "link").symlink_to(root)
    publish(staged, tmp_path / "link")
    assert _names(root / staged.directory) == sorted(IMAGES)


# --- looking ------------------------------------------------------------------------------------


def test_a_published_series_is_whole_for_who_recorded_it_and_foreign_for_others(
    root: Path, staged: StagedSeries
) -> None:
    assert look_at(root, staged.directory, recorded(staged)) is Holding.ABSENT
    publish(staged, root)
    assert look_at(root, staged.directory, recorded(staged)) is Holding.WHOLE
    assert look_at(root, staged.directory, None) is Holding.FOREIGN


def test_a_file_of_another_size_is_damage(root: Path, staged: StagedSeries) -> None:
    publish(staged, root)
    (root / staged.directory / "1-1.dcm").write_bytes(b"cut")
    assert look_at(root, staged.directory, recorded(staged)) is Holding.DAMAGED


def test_a_file_in_the_series_place_is_foreign(root: Path) -> None:
    (root / "A").mkdir()
    (root / "A" / "B").touch()
    assert look_at(root, DIRECTORY, None) is Holding.FOREIGN
    with pytest.raises(StorageError, match="a file or an unsafe name stands in the way"):
        folder_below(root, DIRECTORY)


def test_an_empty_folder_is_as_good_as_none(root: Path, staged: StagedSeries) -> None:
    (root / staged.directory).mkdir(parents=True)
    assert look_at(root, staged.directory, None) is Holding.ABSENT
    assert look_at(root, staged.directory, recorded(staged)) is Holding.ABSENT


def test_more_files_than_recorded_are_no_damage(root: Path, staged: StagedSeries) -> None:
    publish(staged, root)
    (root / staged.directory / "notes.txt").touch()
    assert look_at(root, staged.directory, recorded(staged)) is Holding.WHOLE


def test_below_a_file_there_is_nothing(root: Path) -> None:
    (root / "A").touch()
    assert look_at(root, DIRECTORY, None) is Holding.ABSENT


def test_a_link_on_the_way_is_refused(root: Path) -> None:
    (root / "A").symlink_to(root)
    with pytest.raises(StorageError, match="stands in the way"):
        look_at(root, DIRECTORY, None)


# --- verifying ----------------------------------------------------------------------------------


def test_size_and_digest_are_compared(root: Path, tmp_path: Path) -> None:
    staged = stage(tmp_path / "1", {"a": b"123", "b": b"123", "c": b"123", "d": b"123"})
    publish(staged, root)
    folder = root / staged.directory
    (folder / "b").write_bytes(b"124")
    (folder / "c").write_bytes(b"1234")
    (folder / "d").unlink()
    (folder / "e").touch()
    verdict = verify_files(root, recorded(staged))
    assert (verdict.missing, verdict.damaged, verdict.foreign) == (("d",), ("b", "c"), ("e",))


def test_a_file_that_the_disk_does_not_give_is_told(
    root: Path, staged: StagedSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(staged, root)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(DestinationError, match="reading a stored file failed: the disk reports an error"):
        verify_files(root, recorded(staged))


def test_a_series_of_another_directory_is_missing(root: Path, staged: StagedSeries) -> None:
    publish(staged, root)
    stored = evolve(recorded(staged), directory="elsewhere", series_uid=series_record(2).series_uid)
    assert verify_files(root, stored).missing == tuple(IMAGES)
