"""Whole commands, timed from outside by the system's own accounting, in turn, several rounds."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@frozen
class Run:
    """One finished command: seconds on the wall and on processors, and its peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


@frozen
class Figures:
    """The medians of several runs of one command, and the range of its wall times."""

    wall: float
    cpu: float
    peak: int
    fastest: float
    slowest: float


def measure(command: Sequence[str]) -> Run:
    """Run a command to its end; raises CalledProcessError when it fails."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors = process.stderr.read().decode() if process.stderr else ""
            print(errors, file=sys.stderr)
            raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def interleaved(commands: Mapping[str, Callable[[int], Sequence[str]]], rounds: int) -> dict[str, Figures]:
    """Run the commands in turn, A B A B ..., after one warm-up of each; each is told its round."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            run = measure(command(number))
            if number:
                runs[name].append(run)
    return {name: _figures(done) for name, done in runs.items()}


def _figures(runs: Sequence[Run]) -> Figures:
    walls = [run.wall for run in runs]
    return Figures(
        statistics.median(walls),
        statistics.median(run.cpu for run in runs),
        round(statistics.median(run.peak for run in runs)),
        min(walls),
        max(walls),
    )
