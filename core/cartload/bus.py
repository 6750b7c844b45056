"""Typed publish and subscribe: listeners are called in one thread, in order, each in isolation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

from cartload.events import PluginFailed

if TYPE_CHECKING:
    from cartload.events import Event

Listener = Callable[["Event"], None]


class Bus:
    """Hands every event to every listener; a listener that raises is dropped and reported."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._numbers = count()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call *listener* with every event from now on; gives the function that ends it."""
        number = next(self._numbers)
        self._listeners[number] = listener
        return lambda: self._drop(number)

    def publish(self, event: Event) -> None:
        """Hand *event* to all listeners, first subscribed first, then tell of those that failed."""
        failures = []
        for number, listener in tuple(self._listeners.items()):
            if number not in self._listeners:
                continue  # an earlier one has just ended it
            try:
                listener(event)
            except Exception as error:  # noqa: BLE001 - one listener must not end the session
                self._drop(number)
                failures.append(PluginFailed(_name(listener), f"{type(error).__name__}: {error}"))
        for failure in failures:
            self.publish(failure)

    def _drop(self, number: int) -> None:
        self._listeners.pop(number, None)


def _name(listener: Listener) -> str:
    return getattr(listener, "__qualname__", type(listener).__qualname__)
