"""The case of peak memory: it must not grow with the series, nor much with the workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import lines
from benchmarks.commands import cartload
from benchmarks.measuring import interleaved
from benchmarks.serving import served_by_python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.lines import Line
    from benchmarks.places import Places


def memory(places: Places) -> Iterator[Line]:
    """Measure 16 workers at once, one of them with a series of 2 GB; the archive makes it as it goes."""
    with served_by_python("long", places.disk) as archive:
        carts = (
            ("16 workers, one of 16 series of 2 GB", cartload(archive, places.disk, 16)),
            ("1 worker, one series of 2 GB", cartload(archive.first(1), places.disk, 1)),
        )
        for case, command in carts:
            done = interleaved({"cartload": command}, 1, warm=False)["cartload"]
            yield lines.memory(f"peak memory, {case}", done, lines.Limit(most=60))
