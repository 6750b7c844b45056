"""What is written reaches the disk in an order in which a power cut at any moment does no harm.

A power cut cannot be tried here, so the calls to the system are recorded, and their order is compared with
the rule: content and names of a series, a sync, what the journal intends, a sync, the series in its place, a
sync of the folder that it is in, the confirmation.
"""

from __future__ import annotations

import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, frozen, mutable

from disk_calls import WHOLE_DISK, Call, Disk
from disk_world import CART, ONE, ONE_LARGER, STORIES, TWO, DiskWorld, run_on
from engine_world import FakeNaming
from fake_archive import a_scan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cartload.model import SeriesRecord
    from fake_archive import Scan

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the calls are those of Linux")


def _elsewhere(scan: Scan) -> Scan:
    """Give the series as one of another collection, whose folder has yet to be made."""
    return evolve(scan, record=evolve(scan.record, collection="Lung"))


OTHER = _elsewhere(a_scan(3))


@frozen
class Record:
    """The calls of a session, in order, without those that the system refused."""

    calls: list[Call]

    @classmethod
    def of(cls, disk: Disk) -> Record:
        return cls([call for place, call in enumerate(disk.calls) if place not in disk.vain])

    def places(self, holds: Callable[[Call], bool]) -> list[int]:
        return [place for place, call in enumerate(self.calls) if holds(call)]

    def first(self, holds: Callable[[Call], bool], after: int = -1) -> int:
        """Give the place of the first call after another; there has to be one."""
        return next(place for place in self.places(holds) if place > after)

    def journal(self, kind: str, uid: str) -> int:
        """Give the place where an entry about a series is written into the journal."""
        return self.first(
            lambda call: (
                call.kind == "write"
                and "/journal/" in call.path
                and f'"kind":"{kind}"'.encode() in call.data
                and f'"{uid}"'.encode() in call.data
            )
        )

    def synced(self, path: str, after: int) -> int:
        """Give the place where a file or folder is synced after a call."""
        return self.first(lambda call: call.kind == "sync" and call.path == path, after)

    def made(self, folder: str) -> int:
        return self.first(lambda call: call == Call("mkdir", folder))

    def published(self, final: str) -> int:
        return self.first(lambda call: call.kind == "rename" and call.target == final)


@mutable(eq=False)
class ByPatient(FakeNaming):
    """Puts series deeper into the tree."""

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        return PurePosixPath(series.collection, series.patient_id, series.series_uid)


def place(scan: Scan) -> str:
    return f"cart/{scan.record.collection}/{scan.record.patient_id}/{scan.uid}"


SERIES = (*CART, OTHER)


@pytest.fixture(params=[True, False], ids=["one sync for all", "a sync for each"])
def download(tmp_path: Path, request: pytest.FixtureRequest) -> Record:
    """Record a download of three series of two collections."""
    world = DiskWorld.at(tmp_path, *SERIES)
    world.naming = ByPatient()
    ending = run_on(world, has_syncfs=request.param)
    assert ending.error is None
    return Record.of(ending.disk)


def staged_at(record: Record, scan: Scan) -> str:
    """Give the staging folder that became the series' own."""
    return record.calls[record.published(place(scan))].path


@pytest.mark.parametrize("scan", SERIES)
def test_all_of_a_series_is_on_the_disk_before_the_journal_intends_it(download: Record, scan: Scan) -> None:
    staged = staged_at(download, scan)
    written = download.places(lambda call: call.kind == "write" and call.path.startswith(f"{staged}/"))
    named = download.places(lambda call: call.kind == "rename" and call.target.startswith(f"{staged}/"))
    data = {download.calls[at].path for at in written}
    assert len(data) == len(named) == len(scan.files)
    synced = download.synced(staged, named[-1])
    if download.calls[synced].target != WHOLE_DISK:
        for name in scan.files:
            assert download.synced(f"{staged}/{name}", max(written)) < synced
    assert max(written) < synced < download.journal("intended", scan.uid)


@pytest.mark.parametrize("scan", SERIES)
def test_the_intention_is_on_the_disk_before_the_series_gets_its_place(download: Record, scan: Scan) -> None:
    intended = download.journal("intended", scan.uid)
    assert download.synced(download.calls[intended].path, intended) < download.published(place(scan))


@pytest.mark.parametrize("scan", SERIES)
def test_the_place_of_a_series_is_on_the_disk_before_it_is_confirmed(download: Record, scan: Scan) -> None:
    published = download.published(place(scan))
    parent = place(scan).rpartition("/")[0]
    assert download.synced(parent, published) < download.journal("confirmed", scan.uid)


@pytest.mark.parametrize("scan", SERIES)
def test_every_folder_above_a_series_is_on_the_disk_before_it_is_confirmed(
    download: Record, scan: Scan
) -> None:
    confirmed = download.journal("confirmed", scan.uid)
    for above in PurePosixPath(place(scan)).parents[:-1]:
        made = download.made(above.as_posix())
        assert download.synced(above.parent.as_posix(), made) < confirmed


@pytest.mark.parametrize("scan", SERIES)
def test_a_row_of_the_table_follows_its_series(download: Record, scan: Scan) -> None:
    row = download.first(
        lambda call: (
            call.kind == "write"
            and call.path == "cart/metadata.csv"
            and call.data.startswith(f"{scan.uid},".encode())
        )
    )
    assert row > download.published(place(scan))


def test_the_journal_and_the_folders_that_it_is_in_are_on_the_disk_before_anything_is_intended(
    download: Record,
) -> None:
    intended = download.journal("intended", ONE.uid)
    folder = "cart/.cartload/journal"
    created = download.first(lambda call: call.kind == "create" and call.path.startswith(f"{folder}/"))
    assert download.synced(folder, created) < intended
    for above in PurePosixPath(folder, "x").parents[:-1]:
        made = download.made(above.as_posix())
        assert download.synced(above.parent.as_posix(), made) < intended


@pytest.mark.parametrize(
    "name", ["cart/cart.txt", "cart/metadata.csv", "cart/Kidney/LICENSE", "cart/Kidney/CITATION"]
)
def test_a_small_file_is_whole_on_the_disk_before_it_gets_its_place(download: Record, name: str) -> None:
    moved = download.first(lambda call: call.kind == "rename" and call.target == name)
    temporary = download.calls[moved].path
    written = download.places(lambda call: call == Call("write", temporary, data=call.data))
    assert written
    assert written[-1] < download.synced(temporary, written[-1]) < moved
    assert download.synced(name.rpartition("/")[0], moved)


def test_of_an_earlier_copy_nothing_goes_before_all_of_the_new_one_is_in_its_place(tmp_path: Path) -> None:
    story = evolve(STORIES["all again"], before=(ONE_LARGER, TWO))
    sent = story.tell(tmp_path / "told")
    ending = run_on(story.go_on(tmp_path / "told", tmp_path / "again", sent))
    assert ending.error is None
    record = Record.of(ending.disk)
    final = f"cart/Kidney/{ONE.uid}"
    intended = record.journal("intended", ONE.uid)
    arrived = record.places(lambda call: call.kind == "rename" and call.target.startswith(f"{final}/"))
    gone = record.places(lambda call: call.kind == "unlink" and call.path.startswith(f"{final}/"))
    assert len(arrived) == len(ONE.files)
    assert [record.calls[at].path for at in gone] == [f"{final}/003.dcm"]
    assert record.synced(record.calls[intended].path, intended) < min(arrived)
    assert max(arrived) < min(gone)
    assert record.synced(final, max(gone)) < record.journal("confirmed", ONE.uid)
