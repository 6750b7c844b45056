from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import DamagedError
from cartload_plugins.transports.window import Bounds, Tally
from plugins.transports.streams import window

sizes = st.lists(st.integers(1, 70), min_size=1, max_size=5)


@given(st.binary(max_size=300), sizes, st.lists(st.integers(1, 64), max_size=30))
def test_what_is_taken_is_the_stream(data: bytes, reads: list[int], takes: list[int]) -> None:
    view = window(data, reads, size=64)
    taken = b""
    for count in takes:
        assert view.position == len(taken)
        assert view.look(count) == data[len(taken) : len(taken) + count]
        piece = bytes(view.piece(count))
        assert piece or len(taken) == len(data)
        taken += piece
    assert data.startswith(taken)


@given(st.binary(max_size=300), sizes, st.integers(0, 64))
def test_exactly_so_many_bytes_are_taken_or_none(data: bytes, reads: list[int], count: int) -> None:
    view = window(data, reads, size=64)
    if count <= len(data):
        assert view.take(count, "here") == data[:count]
    else:
        with pytest.raises(DamagedError, match="cut off here"):
            view.take(count, "here")


def test_bytes_can_be_given_back() -> None:
    view = window(b"abcdef")
    view.piece(5)
    view.give_back(3)
    assert (view.position, view.take(4, "here")) == (2, b"cdef")


def test_skipping_past_the_end_is_an_error() -> None:
    with pytest.raises(DamagedError):
        window(b"abc").skip(4, "here")


@pytest.mark.parametrize("count", [0, 1, 100_000])
def test_zeros_may_follow_the_end(count: int) -> None:
    window(bytes(count)).end()


@pytest.mark.parametrize("data", [b"x", bytes(5000) + b"x", bytes(2_000_000)])
def test_anything_else_may_not(data: bytes) -> None:
    with pytest.raises(DamagedError):
        window(data).end()


def test_an_error_says_what_it_happened_to_and_what_was_kept() -> None:
    error = window(b"").damaged("it is broken.")
    assert str(error) == "1.2.3: it is broken. Images received whole are kept."
    assert error.retryable


def test_members_are_counted_against_the_bounds() -> None:
    tally = Tally(Bounds(total=0, count=1), window(b""))
    tally.member()
    with pytest.raises(DamagedError, match="more files"):
        tally.member()


def test_bytes_are_counted_against_the_bounds() -> None:
    tally = Tally(Bounds(total=10, count=0), window(b""))
    tally.content(10)
    with pytest.raises(DamagedError, match="more bytes"):
        tally.content(1)
