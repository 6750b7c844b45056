from __future__ import annotations

import csv
import errno
import os
import sys
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import DestinationError, StorageError
from cartload.model import License
from cartload.ports import Holding, StorageContext
from cartload.registry import installed, load, make
from cartload.testing.contracts import StorageContract
from cartload.testing.fakes import FakeClock
from cartload.testing.staged import IMAGES, cart, recorded, series_record, stage
from cartload_plugins.storage.local import LocalStorage

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.model import SeriesRecord
    from cartload.ports import Storage, StoredSeries

POLICY = (
    b"Data usage policy of https://archive.invalid,\naccepted on 2000-12-05T00:00:00+00:00 by a test.\n"
    b"SHA-256 of its text: f32bf5e09516390e83144b4a66afea2f104e1b229bc809baed4f8efb0f3a1d39\n\nBe kind.\n"
)

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


class TestLocalStorage(StorageContract):
    @pytest.fixture
    def storage(self, root: Path) -> Storage:
        return _storage(root)

    def reopened(self, storage: Storage, root: Path) -> Storage:
        del storage
        return _storage(root)

    def damage(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        del storage
        path = root / stored.directory / name
        path.write_bytes(bytes(path.stat().st_size))

    def lose(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        del storage
        (root / stored.directory / name).unlink()


def _storage(root: Path) -> LocalStorage:
    return LocalStorage(StorageContext(root, FakeClock().time))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "cart"
    root.mkdir()
    return root


@pytest.fixture
def storage(root: Path) -> LocalStorage:
    storage = _storage(root)
    storage.begin(cart(), ())
    return storage


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    outside.mkdir()
    return outside


def _tree(folder: Path) -> set[str]:
    return {str(PurePosixPath(path.relative_to(folder))) for path in folder.rglob("*") if not path.is_dir()}


def _licence(root: Path) -> bytes:
    return (root / "TEST" / "LICENSE").read_bytes()


# --- the tree -----------------------------------------------------------------------------------


def test_the_tree_is_the_manifest_the_table_the_licence_and_the_series(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    storage.store(stage(tmp_path / "1"))
    storage.finish()
    series = {f"TEST/PATIENT-1/study/1/{name}" for name in IMAGES}
    assert _tree(root) == {"cart.tcia", "metadata.csv", "TEST/LICENSE", "TEST/CITATION"} | series


def test_a_run_that_stores_nothing_leaves_the_manifest_alone_there(storage: LocalStorage, root: Path) -> None:
    storage.finish()
    assert _tree(root) == {"cart.tcia"}


def test_the_manifest_is_kept_byte_by_byte(root: Path) -> None:
    _storage(root).begin(cart(b"line\r\n\xff\x00"), ())
    assert (root / "cart.tcia").read_bytes() == b"line\r\n\xff\x00"


def test_another_manifest_of_the_same_name_is_kept_beside_the_first(root: Path) -> None:
    for content in (b"first", b"second", b"second"):
        _storage(root).begin(cart(content), ())
    assert sorted(path.read_bytes() for path in root.iterdir() if path.is_file()) == [b"first", b"second"]


def test_a_manifest_whose_name_is_unsafe_gets_a_safe_one(root: Path) -> None:
    made = cart()
    source = evolve(made.manifest.source, name="../CON.tcia")
    _storage(root).begin(evolve(made, manifest=evolve(made.manifest, source=source)), ())
    assert _tree(root.parent) == {"cart/_._CON.tcia"}


def test_a_series_is_published_by_one_rename(storage: LocalStorage, root: Path, tmp_path: Path) -> None:
    staged = stage(tmp_path / "1")
    before = staged.folder.stat().st_ino
    stored = storage.store(staged)
    assert not staged.folder.exists()
    assert (root / stored.directory).stat().st_ino == before


def test_an_empty_folder_in_its_place_is_no_hindrance(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    staged = stage(tmp_path / "1")
    (root / staged.directory).mkdir(parents=True)
    assert storage.holds(staged.series, staged.directory, None) is Holding.ABSENT
    assert storage.verify(storage.store(staged)).is_whole


def test_foreign_files_stay_beside_a_new_copy(storage: LocalStorage, root: Path, tmp_path: Path) -> None:
    stored = storage.store(stage(tmp_path / "1"))
    foreign = root / stored.directory / "my notes.txt"
    foreign.write_text("mine")
    verdict = storage.verify(storage.store(stage(tmp_path / "2", replaces=IMAGES)))
    assert verdict.is_whole
    assert verdict.foreign == ("my notes.txt",)
    assert foreign.read_text() == "mine"


def test_a_foreign_file_of_the_same_name_is_not_replaced(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    staged = stage(tmp_path / "1")
    foreign = root / staged.directory / "1-2.DCM"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    with pytest.raises(
        StorageError, match=r"1 files stand there that cartload did not write, such as 1-2\.DCM"
    ):
        storage.store(staged)
    assert foreign.read_text() == "mine"
    assert _tree(staged.folder) == set(IMAGES)


def test_a_file_in_the_place_of_the_series_is_not_replaced(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    staged = stage(tmp_path / "1")
    foreign = root / staged.directory
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    assert storage.holds(staged.series, staged.directory, None) is Holding.FOREIGN
    with pytest.raises(StorageError, match="stands in the way; it was not touched"):
        storage.store(staged)
    assert foreign.read_text() == "mine"


def test_a_file_in_the_place_of_the_collection_costs_only_its_series(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    (root / "TEST").write_text("mine")
    with pytest.raises(StorageError) as caught:
        storage.store(stage(tmp_path / "1"))
    assert not isinstance(caught.value, DestinationError)
    other = series_record(2, collection="OTHER")
    assert storage.verify(storage.store(stage(tmp_path / "2", series=other))).is_whole


@needs_links
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_link_on_the_way_is_never_followed(
    storage: LocalStorage, root: Path, tmp_path: Path, outside: Path, depth: int
) -> None:
    staged = stage(tmp_path / "1")
    link = root.joinpath(*staged.directory.parts[:depth])
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside, target_is_directory=True)
    with pytest.raises(StorageError, match="stands in the way; it was not touched"):
        storage.store(staged)
    assert not any(outside.iterdir())
    assert _tree(staged.folder) == set(IMAGES)


@needs_links
def test_a_link_in_the_place_of_the_series_is_foreign(
    storage: LocalStorage, root: Path, tmp_path: Path, outside: Path
) -> None:
    staged = stage(tmp_path / "1")
    (root / staged.directory).parent.mkdir(parents=True)
    (root / staged.directory).symlink_to(outside)
    assert storage.holds(staged.series, staged.directory, None) is Holding.FOREIGN
    assert sorted(storage.verify(recorded(staged)).missing) == sorted(IMAGES)


@needs_links
@pytest.mark.parametrize("name", ["metadata.csv", "cart.tcia", "TEST/LICENSE", "TEST/CITATION"])
def test_a_link_in_the_place_of_a_small_file_is_refused(
    root: Path, tmp_path: Path, outside: Path, name: str
) -> None:
    (root / "TEST").mkdir()
    (root / name).symlink_to(outside / "target")
    storage = _storage(root)

    def run() -> None:
        storage.begin(cart(), ())
        storage.store(stage(tmp_path / "1"))

    with pytest.raises(StorageError, match="it is not a file, or only a link to one; it was not touched"):
        run()
    assert not any(outside.iterdir())


def test_a_stored_directory_that_leads_out_is_not_looked_at(storage: LocalStorage, tmp_path: Path) -> None:
    stored = recorded(stage(tmp_path / "1"))
    for directory in ("../1", "/etc", "TEST/../../1"):
        with pytest.raises(StorageError, match="an unsafe name"):
            storage.verify(evolve(stored, directory=directory))


def test_a_folder_in_the_place_of_a_file_is_damage(storage: LocalStorage, root: Path, tmp_path: Path) -> None:
    stored = storage.store(stage(tmp_path / "1"))
    (root / stored.directory / "1-3.dcm").unlink()
    (root / stored.directory / "1-3.dcm").mkdir()
    assert storage.holds(series_record(), PurePosixPath(stored.directory), stored) is Holding.DAMAGED
    assert storage.verify(stored).damaged == ("1-3.dcm",)


def test_a_staged_series_with_a_stray_file_is_not_published(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    staged = stage(tmp_path / "1")
    (staged.folder / "stray").touch()
    with pytest.raises(StorageError, match="what was received of it is not in its folder any more"):
        storage.store(staged)
    assert not (root / staged.directory).exists()


# --- licences -----------------------------------------------------------------------------------


def test_the_licence_file_has_the_licence_and_the_accepted_policy(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    by = License("Creative Commons Attribution 3.0 Unported License", "https://example.invalid/by/3.0/")
    storage.store(stage(tmp_path / "1", series=evolve(series_record(), license=by)))
    assert (
        _licence(root)
        == (
            b"License\n\n"
            b"Series of the collection TEST are distributed under the "
            b"Creative Commons Attribution 3.0 Unported License (https://example.invalid/by/3.0/).\n"
            b"Whoever uses them accepts its terms.\n"
            b"\n_____________________________\n\n"
        )
        + POLICY
    )


def test_without_a_policy_there_is_the_licence_alone(root: Path, tmp_path: Path) -> None:
    storage = _storage(root)
    storage.begin(cart(accepted=False), ())
    storage.store(stage(tmp_path / "1"))
    assert b"policy" not in _licence(root)
    assert _licence(root).endswith(b"Whoever uses them accepts its terms.\n")


def test_every_licence_of_a_collection_is_told_once(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    licences = [License("A"), License("B"), License("A"), None]
    for number, licence in enumerate(licences):
        series = evolve(series_record(number), license=licence)
        storage.store(stage(tmp_path / str(number), series=series))
    text = _licence(root)
    assert [
        text.count(part) for part in (b"under the A.", b"under the B.", b"states no licence", POLICY)
    ] == [1] * 4


def test_each_collection_has_its_own_licence_file(storage: LocalStorage, root: Path, tmp_path: Path) -> None:
    for number, collection in enumerate(("ONE", "TWO")):
        series = series_record(number, collection=collection)
        storage.store(stage(tmp_path / str(number), series=series))
    assert {path for path in _tree(root) if "LICENSE" in path} == {"ONE/LICENSE", "TWO/LICENSE"}


def test_what_stands_in_the_licence_file_stays(root: Path, tmp_path: Path) -> None:
    (root / "TEST").mkdir()
    (root / "TEST" / "LICENSE").write_bytes(b"written by hand \xff\r\n")
    for number in range(2):
        storage = _storage(root)
        storage.begin(cart(), ())
        storage.store(stage(tmp_path / str(number), series=series_record(number)))
    assert _licence(root).startswith(b"written by hand \xff\r\n\nSeries of the collection TEST")
    assert _licence(root).count(POLICY) == 1


def test_a_licence_that_no_encoding_can_hold_is_kept_readable(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    series = evolve(series_record(), license=License("half \ud800 a pair"))
    storage.store(stage(tmp_path / "1", series=series))
    assert "under the half ? a pair." in _licence(root).decode()


def test_images_directly_in_the_collection_s_folder_do_not_make_its_texts_foreign(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    stored = storage.store(stage(tmp_path / "1", directory="TEST"))
    (root / "TEST" / "notes.txt").write_text("mine")
    assert _tree(root) >= {"TEST/LICENSE", "TEST/CITATION"}
    assert storage.verify(stored).foreign == ("notes.txt",)


def test_texts_of_these_names_elsewhere_are_foreign(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    stored = storage.store(stage(tmp_path / "1", directory="TEST/PATIENT"))
    (root / "TEST" / "PATIENT" / "LICENSE").write_text("mine")
    assert storage.verify(stored).foreign == ("LICENSE",)


def test_a_collection_with_a_hostile_name_stays_inside(storage: LocalStorage, tmp_path: Path) -> None:
    series = series_record(collection="../../escaped")
    storage.store(stage(tmp_path / "1", series=series, directory="safe/series"))
    assert [path for path in _tree(tmp_path) if path.endswith("LICENSE")] == ["cart/_._.._escaped/LICENSE"]


# --- faults of the disk -------------------------------------------------------------------------


def _fail(number: int) -> Callable[..., object]:
    def refuse(*_: object, **__: object) -> object:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.ESTALE])
def test_a_disk_that_refuses_makes_the_destination_unusable(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    storage.store(stage(tmp_path / "1"))  # its licence text is there
    staged = stage(tmp_path / "2", series=series_record(2))
    monkeypatch.setattr(Path, "rename", _fail(number))
    with pytest.raises(DestinationError, match=r"putting the series in its place failed: .* is kept\. "):
        storage.store(staged)
    assert _tree(staged.folder) == set(IMAGES)
    assert storage.holds(staged.series, staged.directory, None) is Holding.ABSENT


def test_a_tree_that_cannot_be_looked_at_is_told(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = storage.store(stage(tmp_path / "1"))
    monkeypatch.setattr(os, "scandir", _fail(errno.EACCES))
    with pytest.raises(DestinationError, match="looking at what is there failed: access is denied"):
        storage.holds(series_record(), PurePosixPath(stored.directory), stored)
    with pytest.raises(DestinationError, match="looking at what is there failed: access is denied"):
        storage.verify(stored)


def test_it_is_registered_as_any_plugin_is(tmp_path: Path) -> None:
    storages = load(installed()).storages
    assert isinstance(make(storages, "local", StorageContext(tmp_path, FakeClock().time), {}), LocalStorage)


def test_a_storage_can_be_asked_before_its_folder_is_there(tmp_path: Path) -> None:
    series: SeriesRecord = series_record()
    storage = _storage(tmp_path / "not yet")
    assert storage.holds(series, PurePosixPath("a/b"), None) is Holding.ABSENT
    assert not (tmp_path / "not yet").exists()


# --- the table ----------------------------------------------------------------------------------


def _times(root: Path) -> list[str]:
    with (root / "metadata.csv").open(encoding="utf-8", newline="") as file:
        return [row["Download Timestamp"] for row in csv.DictReader(file)]


def _local(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds)  # noqa: DTZ006 - the table's times are local
    return moment.isoformat(timespec="milliseconds")


def test_a_row_tells_when_its_series_was_stored(storage: LocalStorage, root: Path, tmp_path: Path) -> None:
    storage.store(stage(tmp_path / "1"))
    assert _times(root) == [_local(FakeClock().time())]


def test_a_row_that_a_crash_swallowed_has_the_folder_s_time(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    stored = storage.store(stage(tmp_path / "1"))
    os.utime(root / stored.directory, (5e8, 5e8))
    (root / "metadata.csv").unlink()
    _storage(root).begin(cart(), [(series_record(), stored)])
    assert _times(root) == [_local(5e8)]


def test_a_row_of_a_folder_that_is_gone_has_the_time_of_now(root: Path, tmp_path: Path) -> None:
    _storage(root).begin(cart(), [(series_record(), recorded(stage(tmp_path / "1")))])
    assert _times(root) == [_local(FakeClock().time())]


def test_a_table_that_cannot_be_written_does_not_undo_the_series(
    storage: LocalStorage, root: Path, tmp_path: Path
) -> None:
    (root / "metadata.csv").mkdir()
    stored = storage.store(stage(tmp_path / "1"))
    assert storage.verify(stored).is_whole
    with pytest.raises(StorageError, match="it is not a file"):
        storage.finish()
