"""The bus: everything, in order, to everyone; who raises is dropped, and the others hear of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cartload.bus import Bus
from cartload.events import PluginFailed, Warned
from cartload.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.events import Event

FIRST, SECOND = Warned("a", "first"), Warned("b", "second")


def fails(_: Event) -> None:
    raise ValueError("no screen")


def test_a_listener_hears_everything_in_order() -> None:
    heard: list[Event] = []
    bus = Bus()
    bus.subscribe(heard.append)
    bus.publish(FIRST)
    bus.publish(SECOND)
    assert heard == [FIRST, SECOND]


def test_who_subscribed_first_hears_first() -> None:
    calls: list[str] = []
    bus = Bus()
    bus.subscribe(lambda _: calls.append("early"))
    bus.subscribe(lambda _: calls.append("late"))
    bus.publish(FIRST)
    assert calls == ["early", "late"]


def test_nothing_is_heard_after_the_end() -> None:
    heard: list[Event] = []
    bus = Bus()
    end = bus.subscribe(heard.append)
    bus.publish(FIRST)
    end()
    end()
    bus.publish(SECOND)
    assert heard == [FIRST]


def test_ending_one_subscription_leaves_an_equal_listener_in_place() -> None:
    early, late = Progress(lambda: 0.0), Progress(lambda: 0.0)
    bus = Bus()
    bus.subscribe(early)
    end = bus.subscribe(late)
    end()
    bus.publish(FIRST)
    assert early.report().warnings == ("a: first",)
    assert late.report().warnings == ()


def test_a_listener_that_another_has_just_ended_hears_no_more() -> None:
    heard: list[Event] = []
    ends: list[Callable[[], None]] = []
    bus = Bus()
    bus.subscribe(lambda _: ends[0]())
    ends.append(bus.subscribe(heard.append))
    bus.publish(FIRST)
    assert heard == []


def test_a_listener_that_raises_is_dropped_and_the_others_hear_the_event_and_then_of_it() -> None:
    before: list[Event] = []
    after: list[Event] = []
    bus = Bus()
    bus.subscribe(before.append)
    bus.subscribe(fails)
    bus.subscribe(after.append)
    bus.publish(FIRST)
    bus.publish(SECOND)
    assert before == after == [FIRST, PluginFailed("fails", "ValueError: no screen"), SECOND]


def test_listeners_that_all_raise_end_nothing() -> None:
    heard: list[Event] = []
    bus = Bus()
    bus.subscribe(fails)
    bus.subscribe(fails)
    bus.publish(FIRST)
    bus.subscribe(heard.append)
    bus.publish(SECOND)
    assert heard == [SECOND]


def test_a_listener_without_a_name_is_known_by_its_kind() -> None:
    heard: list[Event] = []
    bus = Bus()
    bus.subscribe(partial(fails))
    bus.subscribe(heard.append)
    bus.publish(FIRST)
    assert heard == [FIRST, PluginFailed("partial", "ValueError: no screen")]


def test_who_subscribes_during_an_event_hears_from_the_next_one_on() -> None:
    heard: list[Event] = []
    bus = Bus()
    end = bus.subscribe(lambda _: (bus.subscribe(heard.append), end())[-1])
    bus.publish(FIRST)
    bus.publish(SECOND)
    assert heard == [SECOND]
