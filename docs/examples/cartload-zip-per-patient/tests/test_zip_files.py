"""What is special about ZIP files."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from cartload.errors import DestinationError, StorageError
from cartload.ports import Holding, StorageContext
from cartload.testing.fakes import FakeClock
from cartload.testing.staged import IMAGES, cart, recorded, series_record, stage
from zips import archive_of, damage, entry_of

from cartload_zip_per_patient.options import Compression, ZipOptions
from cartload_zip_per_patient.storage import ZipPerPatient


def make(root: Path, options: ZipOptions | None = None) -> ZipPerPatient:
    return ZipPerPatient(StorageContext(root, FakeClock().time), options or ZipOptions())


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "cart"
    root.mkdir()
    return root


@pytest.fixture
def storage(root: Path) -> ZipPerPatient:
    storage = make(root)
    storage.begin(cart(), ())
    return storage


def test_a_patient_has_one_file_and_a_series_its_folder_there(
    storage: ZipPerPatient, root: Path, tmp_path: Path
) -> None:
    for number, patient in enumerate(("A", "A", "B")):
        series = series_record(number, patient_id=patient)
        storage.store(stage(tmp_path / str(number), {"1-1.dcm": b"x"}, series=series))
    assert names(root) == {"cart.tcia", "TEST/A.zip", "TEST/B.zip"}
    with zipfile.ZipFile(root / "TEST" / "A.zip") as archive:
        assert archive.namelist() == ["study/0/1-1.dcm", "study/1/1-1.dcm"]


@pytest.mark.parametrize(
    ("compression", "method"),
    [(Compression.STORED, zipfile.ZIP_STORED), (Compression.DEFLATED, zipfile.ZIP_DEFLATED)],
)
def test_entries_are_compressed_as_chosen(
    root: Path, tmp_path: Path, compression: Compression, method: int
) -> None:
    stored = make(root, ZipOptions(compression)).store(stage(tmp_path / "1"))
    with zipfile.ZipFile(archive_of(root, stored)) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {method}


def test_the_comment_is_the_mark_and_the_user_s_own_text(root: Path, tmp_path: Path) -> None:
    stored = make(root, ZipOptions(comment="Ward 7, Größe")).store(stage(tmp_path / "1"))
    with zipfile.ZipFile(archive_of(root, stored)) as archive:
        assert archive.comment.decode() == "Written by cartload-zip-per-patient.\nWard 7, Größe"


def test_a_new_copy_keeps_how_the_others_are_compressed(root: Path, tmp_path: Path) -> None:
    neighbour = make(root, ZipOptions(Compression.DEFLATED)).store(stage(tmp_path / "1"))
    storage = make(root)
    other = series_record(2)
    storage.store(stage(tmp_path / "2", series=other))
    storage.store(stage(tmp_path / "3", series=other, replaces=IMAGES))
    assert storage.verify(neighbour).is_whole
    with zipfile.ZipFile(archive_of(root, neighbour)) as archive:
        assert archive.getinfo("study/1/1-2.dcm").compress_type == zipfile.ZIP_DEFLATED
        assert archive.testzip() is None


def test_of_two_damaged_series_each_can_be_replaced(
    storage: ZipPerPatient, root: Path, tmp_path: Path
) -> None:
    series = [series_record(number) for number in (1, 2)]
    stored = [storage.store(stage(tmp_path / str(one.series_number), series=one)) for one in series]
    for one in stored:
        damage(archive_of(root, one), entry_of(one, "1-2.dcm"))
    for number, record in enumerate(series):
        storage.store(stage(tmp_path / f"again {number}", series=record, replaces=IMAGES))
    assert [storage.verify(one).is_whole for one in stored] == [True, True]


@pytest.mark.parametrize("content", [b"", b"not a ZIP file", b"PK\x05\x06" + bytes(18)])
def test_what_it_did_not_write_is_foreign_and_never_touched(
    storage: ZipPerPatient, root: Path, tmp_path: Path, content: bytes
) -> None:
    staged = stage(tmp_path / "1")
    foreign = archive_of(root, recorded(staged))
    foreign.parent.mkdir()
    foreign.write_bytes(content)
    assert storage.holds(staged.series, staged.directory, None) is Holding.FOREIGN
    with pytest.raises(StorageError, match="it was not touched"):
        storage.store(staged)
    assert foreign.read_bytes() == content


def test_a_zip_file_that_was_cut_is_damaged_from_end_to_end(
    storage: ZipPerPatient, root: Path, tmp_path: Path
) -> None:
    stored = storage.store(stage(tmp_path / "1"))
    archive = archive_of(root, stored)
    archive.write_bytes(archive.read_bytes()[:-100])
    assert sorted(storage.verify(stored).damaged) == sorted(IMAGES)


def test_a_file_that_somebody_put_into_it_stays(storage: ZipPerPatient, root: Path, tmp_path: Path) -> None:
    stored = storage.store(stage(tmp_path / "1"))
    with zipfile.ZipFile(archive_of(root, stored), "a") as archive:
        archive.writestr("study/1/notes.txt", "mine")
    storage.store(stage(tmp_path / "2", replaces=IMAGES))
    verdict = storage.verify(stored)
    assert verdict.is_whole
    assert verdict.foreign == ("notes.txt",)


@pytest.mark.parametrize("replaces", [(), tuple(IMAGES)])
@pytest.mark.parametrize("where", ["write", "replace"])
def test_a_full_disk_leaves_the_old_zip_file(
    storage: ZipPerPatient,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    replaces: tuple[str, ...],
) -> None:
    stored = storage.store(stage(tmp_path / "1"))
    before = archive_of(root, stored).read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(zipfile.ZipFile if where == "write" else Path, where, refuse)
    series = series_record(1 if replaces else 2)
    with pytest.raises(DestinationError, match="writing the ZIP file failed: the disk is full"):
        storage.store(stage(tmp_path / "2", series=series, replaces=replaces))
    assert archive_of(root, stored).read_bytes() == before
    assert names(root) == {"cart.tcia", "TEST/PATIENT-1.zip"}


def test_a_disk_that_cannot_be_read_is_not_taken_for_a_foreign_file(
    storage: ZipPerPatient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = storage.store(stage(tmp_path / "1"))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(DestinationError, match="the disk reports an error"):
        storage.holds(series_record(), PurePosixPath(stored.directory), stored)
    with pytest.raises(DestinationError, match="the disk reports an error"):
        storage.verify(stored)
