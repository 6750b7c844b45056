from __future__ import annotations

import io

import pytest

from cartload_plugins.network.pacing import SLOWEST, PacedReader


class Slow(io.RawIOBase):
    """Gives *piece* bytes at a time, each after so many seconds of its own clock."""

    def __init__(self, *seconds: float, piece: int = 1) -> None:
        self.seconds = list(seconds)
        self.piece = piece
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # what is given here
        self.now += self.seconds.pop(0)
        return min(self.piece, len(target))


def read_all(slow: Slow, patience: float | None, *, between: float = 0.0) -> int:
    reader = PacedReader(slow, patience, slow.clock)
    come = 0
    while slow.seconds:
        come += reader.readinto(memoryview(bytearray(1 << 16))) or 0
        slow.now += between
    return come


def test_a_server_that_drips_counts_as_stalled() -> None:
    with pytest.raises(TimeoutError):
        read_all(Slow(0, *[1.0] * 12), patience=10)


def test_a_server_that_is_just_fast_enough_is_waited_for() -> None:
    assert read_all(Slow(*[1.0] * 100, piece=SLOWEST), patience=10) == 100 * SLOWEST


def test_the_wait_for_the_first_byte_does_not_count() -> None:
    assert read_all(Slow(700.0, 1.0, 1.0), patience=10) == 3


def test_what_the_reader_does_in_between_does_not_count() -> None:
    assert read_all(Slow(*[0.1] * 50), patience=10, between=3600) == 50


def test_without_a_timeout_any_pace_will_do() -> None:
    assert read_all(Slow(*[1000.0] * 5), patience=None) == 5
