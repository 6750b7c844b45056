"""Typed publish and subscribe: listeners are called in one thread, in order, each in isolation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cartload.events import PluginFailed

if TYPE_CHECKING:
    from cartload.events import Event

Listener = Callable[["Event"], None]


class Bus:
    """Hands every event to every listener; a listener that raises is dropped and reported."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call *listener* with every event from now on; gives the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._drop(listener)

    def publish(self, event: Event) -> None:
        """Hand *event* to all listeners, first subscribed first."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception as error:  # noqa: BLE001 - one listener must not end the session
                self._drop(listener)
                self.publish(PluginFailed(_name(listener), f"{type(error).__name__}: {error}"))

    def _drop(self, listener: Listener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)


def _name(listener: Listener) -> str:
    return getattr(listener, "__qualname__", type(listener).__qualname__)
