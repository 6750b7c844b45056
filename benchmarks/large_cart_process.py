"""One step with a large cart, in a process of its own so that its memory can be told; prints its CPU time."""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from cartload import journal, load_manifest
from cartload import registry as registries
from cartload.events import BytesReceived, PlanMade, Received, SeriesStored, SessionChanged, TaskChanged
from cartload.journal import Confirmed, Intended, to_line
from cartload.model import MemberKind, SeriesUID, SOPInstanceUID
from cartload.ports import StoredFile, StoredSeries
from cartload.progress import Progress
from cartload.session import Session
from cartload.settings import Settings, merge
from cartload.staging import CartFolder
from cartload.staging.owners import JOURNAL
from cartload.state import SessionState, TaskState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cartload.plan import Plan

_IMAGES = 3
_WAY = (TaskState.QUEUED, TaskState.FETCHING, TaskState.VERIFYING, TaskState.STORING, TaskState.COMPLETE)


def plan(manifest: Path, count: int, folder: Path) -> float:
    """Read, describe and plan a cart that nothing is there of."""
    return _timed(lambda: _inspected(manifest, count, folder / "nothing"))


def replay(manifest: Path, count: int, folder: Path) -> float:
    """Read the journal of a cart that is complete."""
    journals = CartFolder(_journaled(manifest, count, folder)).journals()
    return _timed(lambda: journal.replay(journals.lines(), journals.read))


def resume(manifest: Path, count: int, folder: Path) -> float:
    """Plan a cart again that the journal knows all of, and whose files are gone."""
    root = _journaled(manifest, count, folder)
    return _timed(lambda: _inspected(manifest, count, root.parent))


def progress(manifest: Path, count: int, folder: Path) -> float:
    """Fold all that a session tells of a cart into what a frontend shows; the plan is not counted."""
    made = _inspected(manifest, count, folder / "nothing")
    folded = Progress(time.time)

    def fold() -> None:
        folded(SessionChanged(SessionState.READY, SessionState.RUNNING))
        folded(PlanMade(made))
        for number, task in enumerate(made.tasks):
            uid = task.series_uid
            for old, new in pairwise(_WAY):
                folded(TaskChanged(uid, old, new))
            folded(BytesReceived((Received(uid, _IMAGES, task.size),), number * task.size))
            folded(SeriesStored(uid, task.directory or "", _IMAGES, task.size, "mock"))
        folded.snapshot()
        folded.report()

    return _timed(fold)


def _timed(work: Callable[[], object]) -> float:
    before = time.process_time()
    kept = work()
    spent = time.process_time() - before
    del kept
    return spent


def _inspected(manifest: Path, count: int, directory: Path) -> Plan:
    settings = merge(Settings(), {"transport": "mock", "plugins": {"mock": {"series": count}}}, "benchmark")
    registry = registries.load(registries.installed())
    with Session(load_manifest(manifest), directory, settings, registry) as session:
        return session.inspect()


def _journaled(manifest: Path, count: int, folder: Path) -> Path:
    """Give a cart's folder whose journal says that every series is stored, making it if need be."""
    root = folder / f"journal-{count}" / manifest.stem
    journals = root / JOURNAL
    if not journals.exists():
        journals.mkdir(parents=True)
        with (journals / "20260101T000000.000000Z-benchmark.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in _journal_lines(manifest))
    return root


def _journal_lines(manifest: Path) -> Iterator[str]:
    for uid in manifest.read_text().partition("Download=\n")[2].split():
        files = tuple(
            StoredFile(
                f"1-{number:03d}.dcm", 2048, "0" * 32, MemberKind.IMAGE, SOPInstanceUID(f"{uid}.{number}")
            )
            for number in range(1, _IMAGES + 1)
        )
        directory = f"MOCK/{uid.rpartition('.')[2]}"
        yield to_line(Intended(StoredSeries(SeriesUID(uid), directory, files), "mock", 0.0))
        yield to_line(Confirmed(SeriesUID(uid), 0.0))


_STEPS: Mapping[str, Callable[[Path, int, Path], float]] = {
    "plan": plan,
    "replay": replay,
    "resume": resume,
    "progress": progress,
}


def main(step: str, manifest: str, count: str, folder: str) -> None:
    """Take one step, and print how long it took."""
    print(json.dumps({"step": _STEPS[step](Path(manifest), int(count), Path(folder))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
