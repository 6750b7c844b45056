from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from attrs import evolve

from cartload.ports import Holding, StoredSeries, Verdict
from cartload.testing.contracts import StorageContract
from cartload.testing.staged import cart, recorded
from cartload_plugins.storage.memory import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path, PurePosixPath

    from cartload.model import SeriesRecord
    from cartload.ports import StagedSeries, Storage


class KeepsNothing(MemoryStorage):
    def store(self, staged: StagedSeries) -> StoredSeries:
        return recorded(staged)


class SaysAllIsWell(MemoryStorage):
    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        del series, directory, recorded
        return Holding.WHOLE

    def verify(self, stored: StoredSeries) -> Verdict:
        del stored
        return Verdict()


class KeepsWhatItCould(MemoryStorage):
    def store(self, staged: StagedSeries) -> StoredSeries:
        there = tuple(file for file in staged.files if file.path.exists())
        super().store(evolve(staged, files=there))
        return super().store(evolve(staged, replaces=frozenset(file.name for file in there)))


class EmptiesFirst(MemoryStorage):
    def store(self, staged: StagedSeries) -> StoredSeries:
        if staged.replaces:
            cast("dict[str, object]", self.files).pop(str(staged.directory), None)
        return super().store(staged)


class Overwrites(MemoryStorage):
    def store(self, staged: StagedSeries) -> StoredSeries:
        standing = self.files.get(str(staged.directory), {})
        return super().store(evolve(staged, replaces=staged.replaces | standing.keys()))


class KeepsTheOldFiles(MemoryStorage):
    def store(self, staged: StagedSeries) -> StoredSeries:
        old = dict(self.files.get(str(staged.directory), {}))
        stored = super().store(staged)
        files = cast("dict[str, bytes]", self.files[stored.directory])
        files.update({name: content for name, content in old.items() if name not in files})
        return stored


class OneFolderForAll(MemoryStorage):
    def store(self, staged: StagedSeries) -> StoredSeries:
        cast("dict[str, object]", self.files).clear()
        return super().store(staged)


class ForgetsUids(MemoryStorage):
    def store(self, staged: StagedSeries) -> StoredSeries:
        stored = super().store(staged)
        return evolve(stored, files=tuple(evolve(file, sop_uid=None) for file in stored.files))


class AltersBytes(MemoryStorage):
    def store(self, staged: StagedSeries) -> StoredSeries:
        stored = super().store(staged)
        files = cast("dict[str, bytes]", self.files[stored.directory])
        files.update({name: content.replace(b"\n", b"\r\n") for name, content in files.items()})
        return stored


class TakesAnythingForItsOwn(MemoryStorage):
    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        if recorded is None:
            recorded = StoredSeries(series.series_uid, str(directory), ())
        return super().holds(series, directory, recorded)


class LooksAtNames(MemoryStorage):
    def holds(self, series: SeriesRecord, directory: PurePosixPath, recorded: StoredSeries | None) -> Holding:
        holding = super().holds(series, directory, recorded)
        return Holding.WHOLE if holding is Holding.DAMAGED else holding


def _run(contract: StorageContract, storage: Storage, root: Path, test: str) -> None:
    """Call one test of the contract as pytest would, in the middle of a run."""
    storage.begin(cart(), ())
    method: Callable[..., None] = getattr(contract, test)
    fixtures = {"begun": storage, "storage": storage, "root": root, "staging": root.parent / "staging"}
    wanted = method.__code__.co_varnames[1 : method.__code__.co_argcount]
    method(**{name: fixtures[name] for name in wanted})


class _Memory(StorageContract):
    def read(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> bytes:
        del root
        return cast("MemoryStorage", storage).files[stored.directory][name]

    def damage(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        del root
        cast("dict[str, bytes]", cast("MemoryStorage", storage).files[stored.directory])[name] = b"?"

    def lose(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        del root
        cast("dict[str, bytes]", cast("MemoryStorage", storage).files[stored.directory]).pop(name)


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (KeepsNothing, "test_a_stored_series_is_held_whole"),
        (KeepsNothing, "test_a_stored_series_verifies"),
        (SaysAllIsWell, "test_nothing_is_held_before_the_first_run"),
        (SaysAllIsWell, "test_what_was_never_stored_is_missing"),
        (SaysAllIsWell, "test_a_damaged_file_is_found"),
        (SaysAllIsWell, "test_a_lost_file_is_found"),
        (KeepsWhatItCould, "test_a_series_that_cannot_be_read_is_not_stored_at_all"),
        (EmptiesFirst, "test_a_failed_replacement_leaves_the_old_copy"),
        (Overwrites, "test_what_is_not_to_be_replaced_stays"),
        (KeepsTheOldFiles, "test_a_new_copy_replaces_the_old_one"),
        (OneFolderForAll, "test_a_second_series_does_not_disturb_the_first"),
        (OneFolderForAll, "test_several_threads_may_store_at_once"),
        (ForgetsUids, "test_storing_tells_exactly_what_is_stored"),
        (AltersBytes, "test_every_byte_is_kept"),
        (TakesAnythingForItsOwn, "test_what_stands_there_without_a_record_is_foreign"),
        (LooksAtNames, "test_another_size_than_recorded_is_damage"),
    ],
)
def test_the_contract_finds_what_is_wrong(broken: type[MemoryStorage], test: str, tmp_path: Path) -> None:
    _run(_Memory(), MemoryStorage(), tmp_path / "good" / "root", test)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        _run(_Memory(), broken(), tmp_path / "broken" / "root", test)


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ("test_the_next_run_finds_what_this_one_stored", "what it keeps ends with the process"),
        ("test_a_damaged_file_is_found", "nobody else can change what it keeps"),
        ("test_a_lost_file_is_found", "nobody else can delete what it keeps"),
    ],
)
def test_what_a_storage_cannot_show_is_skipped(test: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=reason):
        _run(StorageContract(), MemoryStorage(), tmp_path / "root", test)
