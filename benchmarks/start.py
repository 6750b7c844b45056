"""The case of start-up: what is waited for before anything happens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.lines import Line, spread
from benchmarks.measuring import interleaved, pairwise
from benchmarks.tools import CARTLOAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.places import Places

_MOST_RATIO = 3
_MOST_SECONDS = 0.1


def start(places: Places) -> Iterator[Line]:
    """Measure ``cartload --help`` against importing click; it may be three times that, or 100 ms."""
    done = interleaved(
        {
            "cartload": lambda _: [CARTLOAD, "--help"],
            "click": lambda _: [sys.executable, "-c", "import click"],
        },
        places.rounds * 4,
    )
    mine, other = done["cartload"].of("wall"), done["click"].of("wall")
    ratio, wall = pairwise(mine, other), done["cartload"].median("wall")
    yield Line(
        "`cartload --help` / `import click`",
        f"{ratio:.2f}x, {wall * 1000:.0f} ms",
        "<= 3x or 100 ms",
        ratio <= _MOST_RATIO or wall <= _MOST_SECONDS,
        f"{spread(mine)} / {spread(other)}",
    )
