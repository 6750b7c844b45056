"""Series queries where one culprit makes the server refuse all: find the culprits, keep the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define

from cartload.model import Denied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cartload.model import SeriesRecord, SeriesUID, Unknown

_REASON = (
    "The archive does not show this series: it is unknown there, or was withdrawn, or needs a login "
    "that may see it."
)
_NOT_ASKED = (
    "The archive refuses so many series of this cart that this one was not asked for by itself: "
    "most of them are unknown there, or need a login that may see them."
)
MOST_REFUSALS = 256
"""Refused queries for one batch; some twenty culprits among thousands cost fewer."""


@define(eq=False)
class _Part:
    """Some series to ask for; ``refused`` once it is known that the server will not answer for all."""

    uids: tuple[SeriesUID, ...]
    refused: bool = False
    twin: _Part | None = None


def query(
    uids: Sequence[SeriesUID],
    ask: Callable[[tuple[SeriesUID, ...]], Sequence[SeriesRecord | Unknown] | None],
) -> Iterator[SeriesRecord | Denied | Unknown]:
    """Give what *ask* tells of all *uids*, halving whatever it refuses (None) until single series remain.

    An answer with fewer series than asked for is taken, and the rest asked for once more. When one half of
    what was refused is answered whole, the culprit is in the other half: that one is halved
    without being asked for. So k culprits among n cost about k * log2(n) requests. After so many
    refusals that most of the series must be culprits, the rest are Denied without asking: another
    transport may know better, and an archive is not to be asked ten thousand times.
    """
    pending = [_Part(tuple(uids))] if uids else []
    refusals = 0
    while pending:
        part = pending.pop()
        if refusals >= MOST_REFUSALS:
            yield from (Denied(uid, _NOT_ASKED) for uid in part.uids)
            continue
        told = None if part.refused else ask(part.uids)
        refusals += told is None and not part.refused
        if told:
            yield from told
            missing = _missing(part.uids, told)
            if missing:
                pending.append(_Part(missing))
            elif part.twin is not None:
                part.twin.refused = True
        elif len(part.uids) == 1:
            yield Denied(part.uids[0], _REASON)
        else:
            pending.extend(_halves(part.uids))


def _missing(uids: tuple[SeriesUID, ...], told: Sequence[SeriesRecord | Unknown]) -> tuple[SeriesUID, ...]:
    known = {one.series_uid for one in told}
    return tuple(uid for uid in uids if uid not in known)


def _halves(uids: tuple[SeriesUID, ...]) -> tuple[_Part, _Part]:
    """Give the second half, then the first: the last is asked first."""
    middle = len(uids) // 2
    second = _Part(uids[middle:])
    return second, _Part(uids[:middle], twin=second)
