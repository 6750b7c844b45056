"""Long lists of series in pieces that a server takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cartload.model import SeriesUID


def batches(uids: Sequence[SeriesUID], size: int) -> Iterator[tuple[SeriesUID, ...]]:
    """Give *uids*, each once (the servlet refuses a list that repeats one), *size* at a time."""
    once = tuple(dict.fromkeys(uids))
    for start in range(0, len(once), size):
        yield once[start : start + size]
