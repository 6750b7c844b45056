"""The cases: what is measured, against what, and the limit that the ratio must keep."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from benchmarks.archive_process import served
from benchmarks.measuring import interleaved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.archive_process import Served
    from benchmarks.measuring import Figures

CARTLOAD = str(Path(sys.executable).with_name("cartload"))
MEGA = 1e6


@frozen
class Line:
    """One measured figure against its limit; ``holds`` tells whether it is kept."""

    case: str
    figure: str
    limit: str
    holds: bool
    detail: str


Case = Callable[[Path, int], list[Line]]


def download(archive: Served, folder: Path, jobs: int) -> Callable[[int], Sequence[str]]:
    """Give the command that brings the cart home by cartload, into a new folder each round."""
    return lambda number: [
        CARTLOAD, "download", str(archive.manifest), "--quiet", "--accept-policy",
        "--jobs", str(jobs), "--directory", str(folder / f"cartload-{jobs}-{number}"),
    ]  # fmt: skip


def script(
    archive: Served, folder: Path, jobs: int, *, check: bool = False
) -> Callable[[int], Sequence[str]]:
    """Give the script that a user would write: curl into tar, so many at once, perhaps with md5sum."""
    form = "userId=&sopUids=&includeAnnotation=false&hasAnnotation=false&newFileNames=Yes&getMD5Hash=Yes"

    def command(number: int) -> Sequence[str]:
        target = folder / f"script-{jobs}-{check}-{number}"
        fetch = (
            f"mkdir -p {shlex.quote(str(target))}/$0 && "
            f"curl -sf -H 'password;' -d '{form}&seriesUid='$0 {archive.servlet}V4 "
            f"| tar x -C {shlex.quote(str(target))}/$0"
            + (f" && md5sum {shlex.quote(str(target))}/$0/*.dcm >/dev/null" if check else "")
        )
        uids = "\\n".join(archive.uids)
        return ["sh", "-c", f"printf '{uids}\\n' | xargs -P{jobs} -n1 sh -c {shlex.quote(fetch)}"]

    return command


def whole(folder: Path, rounds: int) -> list[Line]:
    """Measure the whole command on CT slices, one stream and four, against curl into tar."""
    lines = []
    with served("ct", folder) as archive:
        for jobs in (1, 4):
            done = interleaved(
                {
                    "cartload": download(archive, folder, jobs),
                    "script": script(archive, folder, jobs),
                    "script with md5sum": script(archive, folder, jobs, check=True),
                },
                rounds,
            )
            lines += [
                _ratio(f"4 CT series, {jobs} at once, `curl \\| tar x`", done, "script", 1.5),
                _ratio(f"4 CT series, {jobs} at once, with `md5sum`", done, "script with md5sum", 1.5),
            ]
    return lines


def small(folder: Path, rounds: int) -> list[Line]:
    """Measure 2,000 images of 10 KB: files a second of the whole command, and of what it adds."""
    with served("small", folder) as archive:
        done = interleaved(
            {"cartload": download(archive, folder, 1), "script": script(archive, folder, 1)}, rounds
        )
        idle = interleaved({"idle": lambda _: [CARTLOAD, "inspect", str(archive.manifest)]}, rounds)
    figures = done["cartload"]
    rate = 2000 / (figures.wall - idle["idle"].wall)
    detail = f"{figures.wall:.2f} s, of which {idle['idle'].wall:.2f} s to start and describe"
    return [
        Line("2,000 images of 10 KB, files a second", f"{rate:,.0f}", ">= 8,000", rate >= 8000, detail),  # noqa: PLR2004
        _ratio("2,000 images of 10 KB, `curl \\| tar x`", done, "script", 0.0),
    ]


def memory(folder: Path, rounds: int) -> list[Line]:
    """Measure the peak memory of 16 workers, and of one series of a gigabyte."""
    lines = []
    for shape, jobs, what in (("many", 16, "16 series at once"), ("long", 1, "one series of 1.05 GB")):
        with served(shape, folder) as archive:
            done = interleaved({"cartload": download(archive, folder, jobs)}, rounds)["cartload"]
        peak = done.peak / MEGA
        lines.append(Line(f"peak memory, {what}", f"{peak:.0f} MB", "<= 60 MB", peak <= 60, ""))  # noqa: PLR2004
    return lines


def start(folder: Path, rounds: int) -> list[Line]:
    """Measure ``cartload --help`` against importing click."""
    del folder
    done = interleaved(
        {
            "cartload": lambda _: [CARTLOAD, "--help"],
            "script": lambda _: [sys.executable, "-c", "import click"],
        },
        rounds * 4,
    )
    ratio = done["cartload"].wall / done["script"].wall
    wall = done["cartload"].wall * 1000
    holds = ratio <= 3 or wall <= 100  # noqa: PLR2004 - the limits
    return [
        Line("`cartload --help`", f"{ratio:.2f}x, {wall:.0f} ms", "<= 3x or 100 ms", holds, "`import click`")
    ]


CASES: Mapping[str, Case] = {"whole": whole, "small": small, "memory": memory, "start": start}


def _ratio(case: str, done: Mapping[str, Figures], against: str, limit: float) -> Line:
    mine, other = done["cartload"], done[against]
    ratio = mine.wall / other.wall
    return Line(
        case,
        f"{ratio:.2f}x",
        f"<= {limit}x" if limit else "(no limit)",
        not limit or ratio <= limit,
        f"{mine.wall:.2f} s [{mine.fastest:.2f}-{mine.slowest:.2f}] / "
        f"{other.wall:.2f} s [{other.fastest:.2f}-{other.slowest:.2f}]; {mine.cpu:.2f} s of CPU",
    )
