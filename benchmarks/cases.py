"""All cases by name, in the order they are run: the small files first, before others fill the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from benchmarks.capped import capped, jobs
from benchmarks.large_cart import cart
from benchmarks.lines import Line
from benchmarks.memory import memory
from benchmarks.places import Places
from benchmarks.start import start
from benchmarks.transfers import small, tls, whole

Case = Callable[[Places], Iterator[Line]]

CASES: Mapping[str, Case] = {
    "small": small,
    "whole": whole,
    "tls": tls,
    "capped": capped,
    "jobs": jobs,
    "memory": memory,
    "cart": cart,
    "start": start,
}
