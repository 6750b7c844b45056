"""Cases of connections that are slower than the line: how well many at once fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.commands import aria2, cartload, script, session
from benchmarks.lines import MEGA, NONE, Limit, spread
from benchmarks.measuring import interleaved, pairwise
from benchmarks.serving import served_by_nginx
from benchmarks.tools import need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.lines import Line
    from benchmarks.places import Places
    from benchmarks.serving import Served

_JOBS = 16
_AT_ONCE = (1, 2, 4, 8, 16)
_SERIES_EACH = 2


def capped(places: Places) -> Iterator[Line]:
    """Measure 16 connections of 10 MiB a second each against aria2c and xargs."""
    need("nginx", "openssl", "curl", "tar", "xargs", "aria2c")
    with served_by_nginx("many", places.memory) as addresses:
        archive = addresses.capped
        done = interleaved(
            {
                "cartload": cartload(archive, places.memory, _JOBS),
                "session": session(archive, places.memory, _JOBS),
                "aria2c -j16": aria2(archive, places.memory, _JOBS),
                "xargs -P16 curl \\| tar x": script(archive, places.memory, _JOBS),
            },
            min(places.rounds, 3),
        )
    parts = (("session", done["session"].of("session")), ("whole command", done["cartload"].of("wall")))
    for other, least in (("aria2c -j16", 93.0), ("xargs -P16 curl \\| tar x", 100.0)):
        theirs = done[other].of("wall")
        for part, mine in parts:
            limit = Limit(least=least) if part == "session" else NONE
            percent = 100 * pairwise(theirs, mine)
            detail = f"{spread(mine)} / {spread(theirs)}"
            case = f"16 connections of 10 MiB/s, {part}, throughput of `{other}`"
            yield limit.line(case, percent, ".0f", " %", detail)


def jobs(places: Places) -> Iterator[Line]:
    """Measure how the throughput of a session grows with the series at once, to choose the default."""
    need("nginx", "openssl")
    with served_by_nginx("many", places.memory) as addresses:
        for kind, address in (("10 MiB/s each", addresses.capped), ("uncapped", addresses.secure)):
            yield from _at_once(places, kind, address)


def _at_once(places: Places, kind: str, archive: Served) -> Iterator[Line]:
    """Give the throughput for each number of series at once, with carts that take about as long."""
    carts = {count: archive.first(_SERIES_EACH * count) for count in _AT_ONCE}
    commands = {str(count): session(cart, places.memory / kind[:2], count) for count, cart in carts.items()}
    done = interleaved(commands, min(places.rounds, 3), warm=False)
    for count, cart in carts.items():
        runs = done[str(count)]
        rate = cart.images / MEGA / runs.median("session")
        cpu = runs.median("session_cpu") / cart.images * 1e9
        detail = (
            f"{spread(runs.of('session'))}; {cpu:.2f} s of CPU a GB; {max(runs.of('peak')) / MEGA:.0f} MB"
        )
        yield NONE.line(f"`--jobs {count}`, connections {kind}", rate, ".0f", " MB/s", detail)
