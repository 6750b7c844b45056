"""Two sessions in one folder, where the lock tells neither of the other; and what a full disk may cost."""

from __future__ import annotations

import csv
import errno
from collections import Counter
from typing import TYPE_CHECKING

import filelock
import pytest

from cartload.errors import DestinationError
from cartload.progress import Verdict
from disk_calls import refusal
from disk_world import CART, ONE, TWO, DiskWorld, run_on
from fake_archive import meanwhile
from odd_disk import NobodysLock

if TYPE_CHECKING:
    from pathlib import Path


class NoLock(NobodysLock):
    """A lock where the file system knows none."""

    def acquire(self, *, blocking: bool) -> None:
        del blocking
        raise refusal(errno.ENOLCK)


@pytest.fixture
def worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[DiskWorld, DiskWorld]:
    """Give two worlds, of one destination that knows no locks."""
    monkeypatch.setattr(filelock, "FileLock", NoLock)
    return DiskWorld.at(tmp_path, *CART), DiskWorld.at(tmp_path, *CART)


def rows(world: DiskWorld) -> Counter[str]:
    with (world.root / "metadata.csv").open(newline="") as table:
        return Counter(row["Series UID"] for row in csv.DictReader(table))


ONCE_EACH = Counter({ONE.uid: 1, TWO.uid: 1})


def test_what_another_session_stored_meanwhile_is_complete(worlds: tuple[DiskWorld, DiskWorld]) -> None:
    world, other = worlds
    world.transport.plan(ONE, meanwhile(other.run))
    watched = world.run()
    assert watched.session.report().verdict is Verdict.COMPLETE
    assert {folder: set(files) for folder, files in world.series().items()} == {
        f"Kidney/{scan.uid}": set(scan.files) for scan in CART
    }
    assert rows(world) == ONCE_EACH
    assert world.hidden() == {"journal"}


def test_a_row_that_another_session_overwrote_is_told_and_comes_back(
    worlds: tuple[DiskWorld, DiskWorld],
) -> None:
    world, other = worlds

    def overwrite() -> None:
        table = world.root / "metadata.csv"
        head, *_ = table.read_bytes().splitlines(keepends=True)
        table.write_bytes(head)

    world.transport.plan(TWO, meanwhile(overwrite))
    watched = world.run()
    assert watched.session.report().verdict is Verdict.COMPLETE
    assert rows(world) == Counter({TWO.uid: 1})
    other.run()
    assert rows(other) == ONCE_EACH


def test_what_another_session_stores_while_the_archive_is_asked_is_not_stored_twice(
    worlds: tuple[DiskWorld, DiskWorld],
) -> None:
    world, other = worlds

    def store_meanwhile(_: object) -> None:
        other.run()

    world.transport.describing = store_meanwhile
    world.run()
    assert set(world.series()) == {f"Kidney/{scan.uid}" for scan in CART}


def test_a_series_that_was_complete_in_staging_when_the_disk_was_full_is_not_fetched_again(
    tmp_path: Path,
) -> None:
    world = DiskWorld.at(tmp_path, ONE)

    def full(number: int, call: object) -> OSError | None:
        del number
        is_intention = b'"intended"' in getattr(call, "data", b"")
        return refusal(errno.ENOSPC) if is_intention else None

    assert isinstance(run_on(world, full).error, DestinationError)
    world.run()
    assert set(world.transport.sent.values()) == {1}
