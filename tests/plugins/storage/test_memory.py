from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

import pytest

from cartload.errors import StorageError
from cartload.ports import Holding, StorageContext
from cartload.registry import installed, load, make
from cartload.testing.contracts import StorageContract
from cartload.testing.fakes import FakeClock
from cartload.testing.staged import IMAGES, recorded, series_record, stage
from cartload_plugins.storage.memory import MemoryStorage

if TYPE_CHECKING:
    from cartload.ports import Storage, StoredSeries


class TestMemoryStorage(StorageContract):
    @pytest.fixture
    def storage(self, root: Path) -> Storage:
        del root
        return MemoryStorage()

    def read(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> bytes:
        del root
        return cast("MemoryStorage", storage).files[stored.directory][name]

    def damage(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        del root
        files = cast("dict[str, bytes]", cast("MemoryStorage", storage).files[stored.directory])
        files[name] = bytes(len(files[name]))

    def lose(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        del root
        files = cast("dict[str, bytes]", cast("MemoryStorage", storage).files[stored.directory])
        del files[name]


def test_nothing_is_written_to_the_disk(tmp_path: Path) -> None:
    storage = MemoryStorage()
    storage.store(stage(tmp_path / "staging"))
    assert sorted(path.name for path in tmp_path.rglob("*")) == [*sorted(IMAGES), "staging"]


def test_another_series_than_recorded_is_foreign(tmp_path: Path) -> None:
    storage = MemoryStorage()
    stored = storage.store(stage(tmp_path / "1"))
    directory = PurePosixPath(stored.directory)
    assert storage.holds(series_record(2), directory, stored) is Holding.FOREIGN


def test_a_file_of_no_bytes_that_is_gone_is_missed(tmp_path: Path) -> None:
    storage = MemoryStorage()
    staged = stage(tmp_path / "1", {"1.dcm": b"x"})
    storage.store(staged)
    more = recorded(stage(tmp_path / "2", {"1.dcm": b"x", "empty.xml": b""}))
    assert storage.holds(staged.series, staged.directory, more) is Holding.DAMAGED


def test_a_file_that_cannot_be_read_names_its_series(tmp_path: Path) -> None:
    staged = stage(tmp_path / "1")
    staged.files[0].path.unlink()
    with pytest.raises(StorageError, match=rf"series {staged.series.series_uid}: it cannot be read: No such"):
        MemoryStorage().store(staged)


def test_it_is_registered_as_any_plugin_is(tmp_path: Path) -> None:
    storages = load(installed()).storages
    context = StorageContext(tmp_path, FakeClock().time)
    assert isinstance(make(storages, "memory", context, {}), MemoryStorage)
