from __future__ import annotations

from cartload.bus import Bus
from cartload.events import Event, SeriesDescribed, Warned
from cartload.testing.fakes import FakeClock, RecordingListener


def test_a_fake_clock_stands_still_until_it_is_advanced() -> None:
    clock = FakeClock(100.0)
    assert (clock.time(), clock.monotonic()) == (100.0, 0.0)
    clock.advance(2.5)
    assert (clock.time(), clock.monotonic()) == (102.5, 2.5)


def test_a_recording_listener_remembers_in_order_and_by_kind() -> None:
    bus = Bus()
    listener = RecordingListener()
    bus.subscribe(listener)
    events: list[Event] = [SeriesDescribed(1, 2), Warned("cart", "careful"), SeriesDescribed(2, 2)]
    for event in events:
        bus.publish(event)
    assert listener.events == events
    assert listener.of(SeriesDescribed) == [events[0], events[2]]
