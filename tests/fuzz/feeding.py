"""Feeds a parser one made-up input after another, and tells how to make the one that failed again."""

from __future__ import annotations

import itertools
import logging
import time
import tracemalloc
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

_LOG = logging.getLogger("fuzz")
_MOST_CPU_SECONDS = 10
_MOST_MEMORY = 160 * 1024 * 1024
_MEASURED = 64  # one input of so many is traced, which makes it several times slower
_LONGEST_SHOWN = 1500


@frozen
class Feeder:
    """One target: the inputs follow from *seed* and their number alone, *seconds* say how many there are."""

    name: str
    seed: str
    first: int
    seconds: float
    folder: Path

    def feed(self, make: Callable[[Random], T], law: Callable[[T], str]) -> None:
        """Hold *law* against what *make* makes; it answers with a word for what came of the input."""
        outcomes: Counter[str] = Counter()
        end = time.monotonic() + self.seconds
        for number in itertools.count(self.first):
            # No secret hangs on it: an input must be the same on every machine.
            given = make(Random(f"{self.seed}/{self.name}/{number}"))  # noqa: S311
            try:
                outcomes[_measured(law, given) if number % _MEASURED == 0 else _timed(law, given)] += 1
            except BaseException as error:  # also what stops a test that never ends
                error.add_note(self._told(number, given))
                raise
            if time.monotonic() >= end:
                break
        _LOG.info("%s: %d inputs, of them %s", self.name, outcomes.total(), dict(outcomes))

    def _told(self, number: int, given: object) -> str:
        """Keep the input, and say how to feed it again."""
        place = self.folder / f"input-{number}"
        place.write_bytes(
            given if isinstance(given, bytes) else repr(given).encode(errors="backslashreplace")
        )
        shown = repr(given)
        return (
            f"Input {number}, kept in {place}, to be had again by "
            f"--fuzz-seed {self.seed!r} --fuzz-from {number}: {shown[:_LONGEST_SHOWN]}"
        )


def _timed(law: Callable[[T], str], given: T) -> str:
    """Hold the law within a bounded time: of the processor, as the machine may be busy."""
    start = time.process_time()
    outcome = law(given)
    assert time.process_time() - start < _MOST_CPU_SECONDS, "it took far too long"
    return outcome


def _measured(law: Callable[[T], str], given: T) -> str:
    """Hold the law within bounded memory."""
    tracemalloc.start()
    try:
        outcome = law(given)
        assert tracemalloc.get_traced_memory()[1] < _MOST_MEMORY, "it took far too much memory"
    finally:
        tracemalloc.stop()
    return outcome
