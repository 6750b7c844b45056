"""Cases that bring series home as fast as they come, against curl piped into tar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.commands import cartload, script, session
from benchmarks.lines import GIGA, NONE, Limit, ratio
from benchmarks.measuring import interleaved
from benchmarks.serving import served, served_by_nginx
from benchmarks.tools import need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.lines import Line
    from benchmarks.places import Places


def whole(places: Places) -> Iterator[Line]:
    """Measure the whole command on CT slices over plain http, one series at once and four."""
    need("curl", "tar", "md5sum", "xargs")
    with served("ct", places.memory) as archive:
        for jobs in (1, 4):
            done = interleaved(
                {
                    "cartload": cartload(archive, places.memory, jobs),
                    "script": script(archive, places.memory, jobs),
                    "checked": script(archive, places.memory, jobs, check=True),
                },
                places.rounds,
            )
            mine = done["cartload"].of("wall")
            case = f"4 CT series by {archive.by}, http, {jobs} at once, whole command"
            limit = Limit(most=1.5)
            yield ratio(f"{case} / `curl \\| tar x`", mine, done["script"].of("wall"), limit)
            yield ratio(f"{case} / the same with `md5sum`", mine, done["checked"].of("wall"), NONE)


def tls(places: Places) -> Iterator[Line]:
    """Measure one encrypted stream of CT slices: whole command, and session without start-up."""
    need("nginx", "openssl", "curl", "tar", "md5sum", "xargs")
    with served_by_nginx("ct", places.memory) as addresses:
        archive, size = addresses.secure, addresses.secure.images / GIGA
        done = interleaved(
            {
                "cartload": cartload(archive, places.memory, 1),
                "session": session(archive, places.memory, 1),
                "script": script(archive, places.memory, 1),
                "checked": script(archive, places.memory, 1, check=True),
            },
            places.rounds,
        )
    plain, checked = done["script"].of("wall"), done["checked"].of("wall")
    parts = (("session", done["session"].of("session")), ("whole command", done["cartload"].of("wall")))
    for part, mine in parts:
        limits = (Limit(most=1.3), Limit(most=0.85)) if part == "session" else (NONE, NONE)
        yield ratio(f"4 CT series, https, {part} / `curl \\| tar x`", mine, plain, limits[0])
        yield ratio(f"4 CT series, https, {part} / the same with `md5sum`", mine, checked, limits[1])
    for part, run, figure in (("session", "session", "session_cpu"), ("whole command", "cartload", "cpu")):
        theirs, mine = done["checked"].of("cpu"), done[run].of(figure)
        yield ratio(f"4 CT series, https, {part}, CPU / the same with `md5sum`", mine, theirs)
        limit = Limit(most=3.0) if part == "session" else NONE
        value = done[run].median(figure) / size
        yield limit.line(f"4 CT series, https, {part}, CPU", value, ".2f", " s/GB")


def small(places: Places) -> Iterator[Line]:
    """Measure 2,000 images of 10 KB on each kind of file system: whole command, and session alone."""
    need("curl", "tar", "xargs")
    images = 2000
    with served("small", places.memory) as archive:
        for kind, folder in places.kinds():
            done = interleaved(
                {
                    "cartload": cartload(archive, folder, 1),
                    "session": session(archive, folder, 1),
                    "script": script(archive, folder, 1),
                },
                places.rounds,
            )
            case = f"2,000 images of 10 KB, {kind}"
            part, everything = done["session"].median("session"), done["cartload"].median("wall")
            detail = f"{part:.3f} s, {done['session'].median('session_cpu'):.3f} s of CPU"
            yield Limit(least=8000).line(f"{case}, session", images / part, ",.0f", " files/s", detail)
            yield NONE.line(
                f"{case}, whole command", images / everything, ",.0f", " files/s", f"{everything:.2f} s"
            )
            script_wall = done["script"].of("wall")
            yield ratio(f"{case}, session / `curl \\| tar x`", done["session"].of("session"), script_wall)
