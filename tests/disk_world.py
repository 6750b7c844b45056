"""A small engine that stores with the real ``local`` storage, on a disk that a test may have fail.

``DiskWorld`` is the engine; a ``Story`` says what was there before; ``Ending`` is what came of a session.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, field, frozen, mutable

from cartload.errors import CartloadError
from cartload.events import TaskChanged
from cartload.repair import Repair
from cartload.session import Session
from cartload.settings import Existing
from cartload.state import TaskState
from cartload.workers import Clock
from cartload_plugins.storage.local import LocalStorage
from disk_calls import ALTERING, Call, Disk, undisturbed
from engine_cart import GONE
from engine_world import AT_ONCE, NOW, SETTINGS, Watched, World, answering
from fake_archive import FakeTransport, Scan, a_scan, failing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from cartload.model import Member, SeriesUID
    from cartload.ports import Storage, StorageContext
    from disk_calls import Fault

ONE, TWO = a_scan(1, images=2), a_scan(2, images=2, annotations={"a.xml": b"<a/>"})
CART = (ONE, TWO)


def _aged(scan: Scan) -> Scan:
    """Give a series as it was once: with another first image."""
    first = scan.uids[0]
    return evolve(scan, images={**scan.images, first: scan.images[first][:-1] + b"\x77"})


ONE_ONCE, ONE_LARGER = _aged(ONE), _aged(a_scan(1, images=3))
"""What ONE was once: with another first image, and, the larger, with one more."""

_OWN = re.compile(r"cart\.txt|metadata\.csv|.*/(LICENSE|CITATION)")
"""What the storage writes beside the series."""


class HalvingTransport(FakeTransport):
    """Sends every image in two pieces: a disk that fails between them has half of it."""

    def _counted(self, member: Member) -> Iterator[memoryview | bytes]:
        content = b"".join(bytes(chunk) for chunk in member.content)
        half = len(content) // 2
        yield from super()._counted(evolve(member, content=iter((content[:half], content[half:]))))


@mutable(eq=False)
class DiskWorld(World):
    """A world whose destination is a real directory tree; sessions repair where there are *suspects*."""

    suspects: frozenset[SeriesUID] = frozenset()

    @classmethod
    def at(cls, directory: Path, *scans: Scan) -> DiskWorld:
        """Make a world of these scans, all of them in the cart."""
        archive = HalvingTransport({scan.uid: scan for scan in scans})
        return cls(directory, {"fake": archive}, carts=tuple(scan.uid for scan in scans))

    def _storage(self, context: StorageContext, _: object) -> Storage:
        return LocalStorage(context)

    def watched(self) -> Watched:
        if not self.suspects:
            return super().watched()
        now = next(self.moments)
        session = Session(
            self.source,
            self.directory,
            self.settings,
            self.registry(),
            clock=Clock(time=lambda: now, monotonic=lambda: now),
            retry=AT_ONCE,
            repair=Repair(self.source, self.root, self.suspects, annotations=True),
        )
        session.subscribe(answering(session))
        return Watched.of(session)

    def series(self) -> dict[str, dict[str, bytes]]:
        """Give what stands at final places, by folder."""
        folders: dict[str, dict[str, bytes]] = {}
        for name, content in self.tree().items():
            if not _OWN.fullmatch(name):
                folder, _, file = name.rpartition("/")
                folders.setdefault(folder, {})[file] = content
        return folders

    def beside(self) -> dict[str, object]:
        """Give what the storage wrote beside the series; of the table the rows, without their moments."""
        kept = {name: content for name, content in self.tree().items() if _OWN.fullmatch(name)}
        with (self.root / "metadata.csv").open(newline="") as table:
            rows = sorted(tuple(row[:-1]) for row in csv.reader(table))
        return {**kept, "metadata.csv": rows}

    def hidden(self) -> set[str]:
        """Name what is in the folder for cartload's own use."""
        return {path.name for path in (self.root / ".cartload").iterdir()}


@frozen
class Story:
    """What the session under test finds: *before* is the archive of earlier ones, *earlier* what they did."""

    before: tuple[Scan, ...] = ()
    earlier: Callable[[DiskWorld], object] = lambda _: None
    existing: Existing = Existing.MISSING
    suspects: frozenset[SeriesUID] = frozenset()
    lost: frozenset[str] = frozenset()
    """Images that are gone again."""

    def tell(self, directory: Path) -> Counter[str]:
        """Do what was done before; gives how often each image that is there was sent for it."""
        directory.mkdir()
        world = DiskWorld.at(directory, *self.before)
        self.earlier(world)
        return Counter({uid: times for uid, times in world.transport.sent.items() if uid not in self.lost})

    def go_on(self, told: Path, directory: Path, sent: Mapping[str, int]) -> DiskWorld:
        """Make the world of the session under test, on a copy of what was told."""
        shutil.copytree(told, directory)
        world = DiskWorld.at(directory, *CART)
        world.moments = count(NOW + 1e6, 60.0)
        world.settings = evolve(SETTINGS, existing=self.existing)
        world.suspects = self.suspects
        world.transport.sent.update(sent)
        return world


def _cut_off(world: DiskWorld) -> None:
    world.transport.plan(ONE, failing(GONE, after=1))
    world.run()


def _spoil(world: DiskWorld) -> None:
    world.run()
    (world.root / "Kidney" / ONE.uid / "001.dcm").write_bytes(b"spoiled")
    (world.root / "Kidney" / TWO.uid / "002.dcm").unlink()


STORIES = {
    "a download": Story(),
    "going on": Story(CART, _cut_off),
    "all again": Story((ONE_ONCE, TWO), DiskWorld.run, Existing.ALL),
    "a repair": Story(
        CART, _spoil, suspects=frozenset({ONE.uid, TWO.uid}), lost=frozenset({ONE.uids[0], TWO.uids[1]})
    ),
}


@mutable
class Ending:
    """What came of a session on a disk: *in_hand* is the series it was at when a call first failed.

    ``arrived`` counts the images that had come of that series by then.
    """

    watched: Watched
    disk: Disk
    error: CartloadError | None = None
    in_hand: SeriesUID | None = None
    arrived: int = 0
    left_open: list[str] = field(factory=list)


def run_on(
    world: DiskWorld,
    judge: Callable[[int, Call], Fault | None] = undisturbed,
    kinds: frozenset[str] = ALTERING,
    *,
    has_syncfs: bool = True,
) -> Ending:
    """Run a session on a disk that fails as *judge* says; anything but a CartloadError gets through."""
    disk = Disk(world.directory, kinds, has_syncfs=has_syncfs)
    with pytest.MonkeyPatch.context() as patch:
        disk.install(patch)
        ending = Ending(world.watched(), disk)
        disk.judge = _noting(ending, world, judge)
        try:
            with ending.watched as watched:
                watched.session.prepare()
                watched.session.run()
        except CartloadError as error:
            ending.error = error
    ending.left_open = disk.end_process()
    return ending


def _noting(
    ending: Ending, world: DiskWorld, judge: Callable[[int, Call], Fault | None]
) -> Callable[[int, Call], Fault | None]:
    def judged(number: int, call: Call) -> Fault | None:
        fault = judge(number, call)
        begun = [event for event in ending.watched.heard(TaskChanged) if event.new is TaskState.FETCHING]
        if fault is not None and ending.in_hand is None and begun:
            ending.in_hand = begun[-1].series_uid
            uids = world.transport.scans[ending.in_hand].uids
            ending.arrived = sum(world.transport.sent[uid] > 0 for uid in uids)
        return fault

    return judged
