"""What every storage promises: whole or not at all, nothing else touched, the truth about what is there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import StorageError
from cartload.ports import Holding, Storage
from cartload.testing.contracts.examples import SAFE_DIRECTORIES, SAFE_NAMES
from cartload.testing.staged import IMAGES, cart, recorded, series_record, stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.ports import StagedSeries, StoredSeries


class StorageContract:
    """The tests of a storage. Give the fixture ``storage``, made for the folder ``root``.

    For example::

        class TestMyStorage(StorageContract):
            @pytest.fixture
            def storage(self, root: Path) -> Storage:
                return MyStorage(StorageContext(root, FakeClock().time))

    Override ``read`` where a file is not found at ``root / directory / name``, and ``reopened``, ``damage``
    and ``lose`` where the storage can be reopened, or harmed from outside; their tests are skipped otherwise.
    """

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        """Give the cart's folder, which is not there before the first run."""
        return tmp_path / "cart"

    @pytest.fixture
    def storage(self, root: Path) -> Storage:
        """Give a new storage that keeps its series in *root*."""
        raise NotImplementedError

    def reopened(self, storage: Storage, root: Path) -> Storage:
        """Give the storage that the next run makes for the same *root*."""
        del storage, root
        pytest.skip("what it keeps ends with the process")

    def read(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> bytes:
        """Read one stored file."""
        del storage
        return (root / stored.directory / name).read_bytes()

    def damage(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        """Change the content of one stored file behind the storage's back, but not its size."""
        del storage, root, stored, name
        pytest.skip("nobody else can change what it keeps")

    def lose(self, storage: Storage, root: Path, stored: StoredSeries, name: str) -> None:
        """Delete one stored file behind the storage's back."""
        del storage, root, stored, name
        pytest.skip("nobody else can delete what it keeps")

    @pytest.fixture
    def staging(self, tmp_path: Path) -> Path:
        """Give a folder for staged series, on the file system of the cart's folder."""
        return tmp_path / "staging"

    @pytest.fixture
    def begun(self, storage: Storage, root: Path) -> Iterator[Storage]:
        """Give the storage in the middle of a run."""
        root.mkdir(parents=True, exist_ok=True)
        storage.begin(cart(), ())
        yield storage
        storage.finish()

    def test_it_has_what_the_port_asks_for(self, storage: Storage) -> None:
        """``begin``, ``holds``, ``store``, ``verify`` and ``finish`` are there."""
        assert isinstance(storage, Storage)

    def test_nothing_is_held_before_the_first_run(self, storage: Storage, staging: Path) -> None:
        """The plan asks before anything is made, even the cart's folder."""
        staged = stage(staging / "1")
        assert storage.holds(staged.series, staged.directory, None) is Holding.ABSENT
        assert storage.holds(staged.series, staged.directory, recorded(staged)) is Holding.ABSENT

    def test_a_stored_series_is_held_whole(self, begun: Storage, staging: Path) -> None:
        """``holds`` says WHOLE of what was stored and recorded."""
        staged = stage(staging / "1")
        stored = begun.store(staged)
        assert begun.holds(staged.series, staged.directory, stored) is Holding.WHOLE

    def test_storing_tells_exactly_what_is_stored(self, begun: Storage, staging: Path) -> None:
        """What ``store`` gives is what the journal recorded beforehand: names, sizes, digests, UIDs."""
        staged = stage(staging / "1", {**IMAGES, "069.xml": b"<marks/>"})
        assert begun.store(staged) == recorded(staged)

    def test_every_byte_is_kept(self, begun: Storage, root: Path, staging: Path) -> None:
        """Files come out as they went in, the empty ones too."""
        stored = begun.store(stage(staging / "1"))
        assert {name: self.read(begun, root, stored, name) for name in IMAGES} == IMAGES

    def test_a_stored_series_verifies(self, begun: Storage, staging: Path) -> None:
        """``verify`` finds nothing missing, nothing damaged, nothing foreign."""
        verdict = begun.verify(begun.store(stage(staging / "1")))
        assert verdict.is_whole
        assert not verdict.foreign

    def test_what_was_never_stored_is_missing(self, begun: Storage, staging: Path) -> None:
        """``verify`` does not take a record's word for it."""
        verdict = begun.verify(recorded(stage(staging / "1")))
        assert sorted(verdict.missing) == sorted(IMAGES)
        assert not verdict.is_whole

    def test_what_stands_there_without_a_record_is_foreign(self, begun: Storage, staging: Path) -> None:
        """Without a journal nobody knows whose it is, so the plan goes elsewhere."""
        staged = stage(staging / "1")
        begun.store(staged)
        assert begun.holds(staged.series, staged.directory, None) is Holding.FOREIGN

    def test_another_size_than_recorded_is_damage(self, begun: Storage, staging: Path) -> None:
        """``holds`` compares sizes, since it reads no content."""
        staged = stage(staging / "1")
        stored = begun.store(staged)
        first, *others = stored.files
        larger = evolve(stored, files=(evolve(first, size=first.size + 1), *others))
        assert begun.holds(staged.series, staged.directory, larger) is Holding.DAMAGED

    def test_a_second_series_does_not_disturb_the_first(self, begun: Storage, staging: Path) -> None:
        """Series of one patient, with files of the same names, stay apart."""
        first = begun.store(stage(staging / "1"))
        second = begun.store(_other(staging / "2"))
        assert begun.verify(first).is_whole
        assert begun.verify(second).is_whole

    def test_a_series_that_cannot_be_read_is_not_stored_at_all(self, begun: Storage, staging: Path) -> None:
        """All of it or nothing: StorageError, and nothing of it is held."""
        staged = _unreadable(stage(staging / "1"))
        with pytest.raises(StorageError):
            begun.store(staged)
        assert begun.holds(staged.series, staged.directory, None) is Holding.ABSENT

    def test_a_series_that_cannot_be_stored_leaves_the_others_alone(
        self, begun: Storage, staging: Path
    ) -> None:
        """The neighbour that was there before is still whole."""
        neighbour = begun.store(_other(staging / "2"))
        with pytest.raises(StorageError):
            begun.store(_unreadable(stage(staging / "1")))
        assert begun.verify(neighbour).is_whole

    def test_a_new_copy_replaces_the_old_one(self, begun: Storage, root: Path, staging: Path) -> None:
        """Files of the old copy that the new one does not have are gone."""
        begun.store(stage(staging / "1"))
        new = {"1-1.dcm": b"another first image", "1-4.dcm": b"fourth image"}
        staged = stage(staging / "2", new, replaces=IMAGES)
        stored = begun.store(staged)
        assert begun.holds(staged.series, staged.directory, stored) is Holding.WHOLE
        assert not begun.verify(stored).foreign
        assert {name: self.read(begun, root, stored, name) for name in new} == new

    def test_a_failed_replacement_leaves_the_old_copy(self, begun: Storage, staging: Path) -> None:
        """What was there stays until its new copy is stored."""
        old = begun.store(stage(staging / "1"))
        with pytest.raises(StorageError):
            begun.store(_unreadable(stage(staging / "2", {**IMAGES, "1-4.dcm": b"x"}, replaces=IMAGES)))
        assert begun.verify(old).is_whole

    def test_what_is_not_to_be_replaced_stays(self, begun: Storage, staging: Path) -> None:
        """Files that ``replaces`` does not name are never overwritten."""
        old = begun.store(stage(staging / "1"))
        with pytest.raises(StorageError):
            begun.store(stage(staging / "2", dict.fromkeys(IMAGES, b"not yours")))
        assert begun.verify(old).is_whole

    def test_several_threads_may_store_at_once(self, begun: Storage, staging: Path) -> None:
        """Sixteen series of four patients, eight at a time."""
        series = [series_record(number, patient_id=f"PATIENT-{number % 4}") for number in range(16)]
        staged = [stage(staging / str(number), series=record) for number, record in enumerate(series)]
        with ThreadPoolExecutor(8) as threads:
            stored = list(threads.map(begun.store, staged))
        assert [begun.verify(one).is_whole for one in stored] == [True] * len(series)

    @pytest.mark.parametrize("directory", SAFE_DIRECTORIES, ids=range(len(SAFE_DIRECTORIES)))
    def test_every_safe_directory_can_be_kept(
        self, begun: Storage, root: Path, staging: Path, directory: str
    ) -> None:
        """What ``paths.checked`` lets through, at any depth."""
        staged = stage(staging / "1", directory=directory)
        stored = begun.store(staged)
        assert begun.holds(staged.series, staged.directory, stored) is Holding.WHOLE
        assert self.read(begun, root, stored, "1-1.dcm") == IMAGES["1-1.dcm"]

    def test_every_safe_name_can_be_kept(self, begun: Storage, root: Path, staging: Path) -> None:
        """What ``paths.component`` lets through."""
        files = {name: name.encode() for name in SAFE_NAMES}
        stored = begun.store(stage(staging / "1", files))
        assert begun.verify(stored).is_whole
        assert {name: self.read(begun, root, stored, name) for name in SAFE_NAMES} == files

    def test_the_next_run_finds_what_this_one_stored(self, begun: Storage, root: Path, staging: Path) -> None:
        """A new storage for the same folder holds it, before and after its own ``begin``."""
        staged = stage(staging / "1")
        stored = begun.store(staged)
        begun.finish()
        later = self.reopened(begun, root)
        assert later.holds(staged.series, staged.directory, stored) is Holding.WHOLE
        later.begin(cart(), [(staged.series, stored)])
        assert later.verify(stored).is_whole
        later.finish()

    def test_a_damaged_file_is_found(self, begun: Storage, root: Path, staging: Path) -> None:
        """``verify`` names it, and only it."""
        stored = begun.store(stage(staging / "1"))
        self.damage(begun, root, stored, "1-2.dcm")
        verdict = begun.verify(stored)
        assert verdict.damaged == ("1-2.dcm",)
        assert not verdict.missing

    def test_a_lost_file_is_found(self, begun: Storage, root: Path, staging: Path) -> None:
        """``holds`` sees it without reading, ``verify`` names it."""
        staged = stage(staging / "1")
        stored = begun.store(staged)
        self.lose(begun, root, stored, "1-2.dcm")
        assert begun.holds(staged.series, staged.directory, stored) is Holding.DAMAGED
        assert begun.verify(stored).missing == ("1-2.dcm",)

    def test_a_damaged_series_can_be_replaced(self, begun: Storage, root: Path, staging: Path) -> None:
        """What ``verify`` found is mended by storing the series once more."""
        stored = begun.store(stage(staging / "1"))
        self.damage(begun, root, stored, "1-2.dcm")
        mended = begun.store(stage(staging / "2", replaces=IMAGES))
        assert begun.verify(mended).is_whole


def _other(folder: Path) -> StagedSeries:
    return stage(folder, {name: content[::-1] for name, content in IMAGES.items()}, series=series_record(2))


def _unreadable(staged: StagedSeries) -> StagedSeries:
    """Lose the last staged file: whoever reads them in order has kept the others by then."""
    staged.files[-1].path.unlink()
    return staged
