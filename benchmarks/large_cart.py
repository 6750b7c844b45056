"""The case of a very large cart: no step of it may be slower than linear, nor take much memory."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.lines import MEGA, Limit
from benchmarks.measuring import interleaved
from benchmarks.tools import CARTLOAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from benchmarks.lines import Line
    from benchmarks.measuring import Command, Runs
    from benchmarks.places import Places

COUNTS = (50_000, 100_000, 200_000)
_ROOT = "1.2.826.0.1.3680043.10.1713.7"
_MOST_GROWTH = 2.3
_MOST_MEGABYTES = 250
_STEPS = ("plan", "replay", "resume", "progress")
_INSPECTIONS: Mapping[str, Sequence[str]] = {"`inspect` as a table": (), "`inspect --json`": ("--json",)}


def cart(places: Places) -> Iterator[Line]:
    """Measure what is done with all series at once, for three sizes of a cart on the scripted archive."""
    manifests = {count: _manifest(places.disk, count) for count in COUNTS}
    for step in (*_STEPS, *_INSPECTIONS):
        commands = {
            str(count): _command(step, manifest, count, places.disk) for count, manifest in manifests.items()
        }
        yield from _lines(step, list(interleaved(commands, 1, warm=False).values()))


def _command(step: str, manifest: Path, count: int, folder: Path) -> Command:
    inspect = [CARTLOAD, "inspect", str(manifest), "--transport", "mock", "--set", f"mock.series={count}"]
    if step in _INSPECTIONS:
        return lambda _: [*inspect, *_INSPECTIONS[step]]
    process = "benchmarks.large_cart_process"
    return lambda _: [sys.executable, "-m", process, step, str(manifest), str(count), str(folder)]


def _manifest(folder: Path, count: int) -> Path:
    manifest = folder / f"cart-{count}.tcia"
    head = "downloadServerUrl=https://archive.example.org/\nmanifestVersion=3.0\nListOfSeriesToDownload=\n"
    uids = "".join(f"{_ROOT}.{number}\n" for number in range(1, count + 1))
    manifest.write_text(head + uids, encoding="ascii")
    return manifest


def _lines(step: str, runs: list[Runs]) -> Iterator[Line]:
    """Hold the growth of CPU time from the middle to the largest cart, and the memory of the largest."""
    seconds = [one.median("step" if "step" in one.runs[0].part else "cpu") for one in runs]
    shown = ", ".join(f"{count // 1000}k: {cpu:.2f} s" for count, cpu in zip(COUNTS, seconds, strict=True))
    growth = Limit(most=_MOST_GROWTH)
    yield growth.line(f"cart, {step}, 200,000 / 100,000 series", seconds[2] / seconds[1], ".2f", "x", shown)
    peaks = [one.median("peak") / MEGA for one in runs]
    shown = ", ".join(f"{count // 1000}k: {peak:.0f} MB" for count, peak in zip(COUNTS, peaks, strict=True))
    limit = Limit(most=_MOST_MEGABYTES)
    yield limit.line(f"cart, {step}, peak memory with 200,000 series", peaks[2], ".0f", " MB", shown)
