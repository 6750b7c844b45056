"""Runs the cases and prints a table; the exit code is 1 when a limit is not kept."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cases import CASES
from benchmarks.lines import HEAD
from benchmarks.places import Places, usual_disk, usual_memory
from benchmarks.tools import SkippedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.cases import Case
    from benchmarks.lines import Line


_QUIET = 0.3
"""The load of each processor below which a machine counts as quiet."""


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="how often each command is measured")
    parser.add_argument("--folder", type=Path, help="where to download to; a temporary folder on a disk")
    parser.add_argument("--memory", type=Path, help="the same for what is not about disks; /dev/shm")
    given = parser.parse_args()
    unknown = set(given.cases) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    disk = given.folder or usual_disk()
    memory = given.memory or given.folder or usual_memory(disk)
    load = os.getloadavg()[0]
    if load > _QUIET * (os.cpu_count() or 1):
        print(
            f"Others use this machine (load {load:.1f}): times are too long, ratios are rough.",
            file=sys.stderr,
        )
    print(HEAD, flush=True)
    kept = True
    for name in given.cases or CASES:
        for line in _lines(name, CASES[name], disk, memory, given.rounds):
            print(line, flush=True)
            kept = kept and line.holds is not False
    return 0 if kept else 1


def _lines(name: str, case: Case, disk: Path, memory: Path, rounds: int) -> Iterator[Line]:
    """Run one case in new folders; one that cannot be measured here says so, and is no failure."""
    with ExitStack() as stack:
        folders = (tempfile.TemporaryDirectory(dir=place, prefix="cartload-") for place in (disk, memory))
        one, other = (Path(stack.enter_context(folder)) for folder in folders)
        try:
            yield from case(Places(one, other, rounds))
        except SkippedError as reason:
            print(f"Case {name} is skipped: {reason}.", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
