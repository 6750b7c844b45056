"""Streams for the archive readers, given in pieces of any size."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from cartload_plugins.transports.window import Bounds, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cartload_plugins.transports.window import Entry

WIDE = Bounds(total=1 << 40, count=1 << 20)


def window(data: bytes, sizes: Sequence[int] = (1 << 30,), *, size: int = 4096) -> Window:
    """Look on *data* through a window of *size* bytes, filled by reads of the *sizes*, over and over."""
    return Window(reader(data, sizes), "1.2.3", size)


def reader(data: bytes, sizes: Sequence[int] = (1 << 30,)) -> Callable[[memoryview], int]:
    """Read from *data* as a connection would."""
    at = 0
    turns = itertools.cycle(sizes)

    def readinto(target: memoryview) -> int:
        nonlocal at
        piece = data[at : at + min(len(target), next(turns))]
        target[: len(piece)] = piece
        at += len(piece)
        return len(piece)

    return readinto


def contents(entries: Iterator[Entry]) -> list[tuple[str, bytes]]:
    """Read all of an archive."""
    return [(entry.name, b"".join(bytes(chunk) for chunk in entry.content)) for entry in entries]
