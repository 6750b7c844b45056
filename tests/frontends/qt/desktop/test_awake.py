from __future__ import annotations

import pytest

from cartload_qt.desktop.awake import Awake, ways_here
from cartload_qt.desktop.awake_elsewhere import Caffeinate, ExecutionState


class Way:
    """Writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def hold(self, why: str) -> None:
        self.asked.append(f"hold: {why}")

    def release(self) -> None:
        self.asked.append("release")


def test_all_ways_are_held_once_and_released_once() -> None:
    ways = (Way(), Way())
    awake = Awake(ways, "a cart")
    awake.hold()
    awake.hold()
    awake.release()
    awake.release()
    assert [way.asked for way in ways] == [["hold: a cart", "release"]] * 2


def test_as_a_context_it_is_released_whatever_happens() -> None:
    way = Way()
    with pytest.raises(ZeroDivisionError), Awake((way,), "a cart"):
        raise ZeroDivisionError
    assert way.asked == ["hold: a cart", "release"]


def test_without_any_way_nothing_happens() -> None:
    with Awake((), "a cart") as awake:
        assert awake is not None


def test_each_system_has_its_own_ways() -> None:
    assert [type(way) for way in ways_here("darwin")] == [Caffeinate]
    assert [type(way) for way in ways_here("win32")] == [ExecutionState]
