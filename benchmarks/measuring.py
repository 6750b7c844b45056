"""Whole commands, timed from outside by the system's own accounting, in turn, several rounds."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

Command = Callable[[int], Sequence[str]]
"""Gives the command of a round, which needs folders of its own."""


@frozen
class Run:
    """One finished command: seconds on the wall and on processors, and its peak memory in bytes.

    Of a command that times a part of itself, ``part`` is that: it prints a JSON object of figures.
    """

    wall: float
    cpu: float
    peak: int
    part: Mapping[str, float]


@frozen
class Runs:
    """All runs of one command, by round."""

    runs: tuple[Run, ...]

    def of(self, figure: str) -> tuple[float, ...]:
        """Give a figure of each round: ``wall``, ``cpu``, ``peak``, or one that the command told itself."""
        if figure in {"wall", "cpu", "peak"}:
            return tuple(float(getattr(run, figure)) for run in self.runs)
        return tuple(run.part[figure] for run in self.runs)

    def median(self, figure: str) -> float:
        """Give the median of a figure."""
        return statistics.median(self.of(figure))


def measure(command: Sequence[str]) -> Run:
    """Run a command to its end; raises CalledProcessError when it fails.

    What others left to be written is written first. Before a command runs its own program it counts as
    this one, which therefore has to stay smaller than what it measures.
    """
    os.sync()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        with subprocess.Popen(command, stdout=output, stderr=errors) as process:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            print(errors.read().decode(errors="replace"), file=sys.stderr)
            raise subprocess.CalledProcessError(process.returncode, command)
        part = _part(output.seek(0, os.SEEK_END), output.fileno())
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, part)


_LONGEST_PART = 4096


def _part(length: int, output: int) -> Mapping[str, float]:
    """Read the figures that a command printed, if its output can be such."""
    if not 0 < length <= _LONGEST_PART:
        return {}
    text = os.pread(output, length, 0)
    return json.loads(text) if text.startswith(b"{") else {}


def interleaved(commands: Mapping[str, Command], rounds: int, *, warm: bool = True) -> dict[str, Runs]:
    """Run the commands in turn, A B A B ..., after one round that does not count if *warm*."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(0 if warm else 1, rounds + 1):
        for name, command in commands.items():
            run = measure(command(number))
            if number:
                runs[name].append(run)
    return {name: Runs(tuple(done)) for name, done in runs.items()}


def pairwise(mine: Sequence[float], other: Sequence[float]) -> float:
    """Give the median of the ratios of each round: what slowed a whole round down cancels out."""
    return statistics.median(one / two for one, two in zip(mine, other, strict=True))
