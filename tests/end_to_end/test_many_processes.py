"""Several processes at one destination, with and without locks: they do no harm to each other."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from attrs import field, mutable

import odd_disk
from archive_carts import files_below, images_below, write_cart
from cartload.model import SeriesUID
from cartload_archive import ArchiveServer, Fault, Stall
from command_line import CARTLOAD, Result
from small_carts import a_catalogue, a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.testing.archive import Catalogue
    from cartload_archive import Strike
    from command_line import CommandLine

UNLOCKED = (sys.executable, odd_disk.__file__, json.dumps({"locks": False}))
SERIES, JOBS = 8, 2
PATIENCE = 60
GLANCE = 0.002
"""Seconds between two looks at the tree."""


@pytest.fixture
def catalogue() -> Catalogue:
    return a_catalogue(a_series(a_record(number)) for number in range(1, SERIES + 1))


def at_once(cartload: CommandLine, processes: int, *arguments: str | Path) -> list[Result]:
    """Run the same command in several processes, none of which gets to see a lock."""
    running = [
        subprocess.Popen(  # noqa: S603 - our own command
            [*UNLOCKED, *map(str, arguments)],
            env=cartload.environment,
            cwd=cartload.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    ended = [(process, *process.communicate(timeout=100)) for process in running]
    return [Result(process.returncode, out, err) for process, out, err in ended]


@mutable
class Start:
    """Holds back the images of all series until so many of them are *awaited*: every process has its plan."""

    catalogue: Catalogue
    awaited: int
    _all: Event = field(factory=Event)

    def __call__(self, strike: Strike) -> None:
        if self.awaited and SeriesUID(strike.key) in self.catalogue.series:
            self.awaited -= 1
            if self.awaited == 0:
                self._all.set()
            self._all.wait(PATIENCE)


def folders_in(tree: dict[str, bytes]) -> dict[str, set[str]]:
    folders: dict[str, set[str]] = {}
    for name in tree:
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, set()).add(file)
    return folders


@contextmanager
def nothing_half(root: Path, expected: dict[str, bytes]) -> Iterator[None]:
    """Look at the tree over and over while the block runs: each series is whole or not there."""
    whole, ended, half = folders_in(expected), Event(), []

    def watch() -> None:
        while not ended.wait(GLANCE):
            for folder, names in whole.items():
                place = root / folder
                if place.is_dir():
                    sizes = {path.name: path.stat().st_size for path in place.iterdir()}
                    if sizes != {name: len(expected[f"{folder}/{name}"]) for name in names}:
                        half.append((folder, sizes))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    assert half == []


def rows(root: Path) -> Counter[str]:
    with (root / "metadata.csv").open(newline="") as table:
        return Counter(row["Series UID"] for row in csv.DictReader(table))


@pytest.mark.parametrize("processes", [2, 8])
def test_where_locks_lie_several_processes_bring_the_cart_home_together(
    cartload: CommandLine, tmp_path: Path, catalogue: Catalogue, processes: int
) -> None:
    root = tmp_path / "shared" / "cart"
    start = Start(catalogue, 0)
    with ArchiveServer(catalogue, faults=start) as server:
        cart = write_cart(tmp_path, server, catalogue)
        order = ("download", cart, "--accept-policy", "--jobs", f"{JOBS}", "-d")
        assert cartload(*order, tmp_path / "alone").exit_code == 0
        expected = images_below(tmp_path / "alone" / "cart")
        start.awaited = processes * JOBS
        with nothing_half(root, expected):
            results = at_once(cartload, processes, *order, root.parent)
        together = rows(root)
        last = cartload(*order, root.parent)
    assert [result.exit_code for result in results] == [0] * processes, [result.err for result in results]
    assert max(together.values()) == 1
    assert last.exit_code == 0, last.err
    assert rows(root) == Counter(catalogue.public)
    assert images_below(root) == expected
    assert files_below(root).keys() == files_below(tmp_path / "alone" / "cart").keys()
    assert {path.name for path in (root / ".cartload").iterdir()} <= {"journal", "lock"}


def test_where_locks_hold_a_second_process_is_told_and_touches_nothing(
    cartload: CommandLine, tmp_path: Path, catalogue: Catalogue
) -> None:
    silence = Stall(after=100)
    with ArchiveServer(catalogue, faults={catalogue.public[3]: Fault(stall=silence, times=1)}) as server:
        cart = write_cart(tmp_path, server, catalogue)
        order = ("download", cart, "--accept-policy", "--jobs", "1", "-d", tmp_path)
        first = subprocess.Popen(  # noqa: S603 - our own command
            [CARTLOAD, *map(str, order)],
            env=cartload.environment,
            cwd=cartload.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with first:
            assert silence.reached.wait(PATIENCE)
            before = files_below(tmp_path / "cart")
            second = cartload(*order)
            assert files_below(tmp_path / "cart") == before
            silence.released.set()
            assert first.wait(PATIENCE) == 0
    assert second.exit_code == 6
    assert "another cartload session is at work here" in second.err
    assert "Traceback" not in second.err
    assert rows(tmp_path / "cart") == Counter(catalogue.public)
