"""Fetch a cart that a collection names: as a guest, verified, bounded."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.guest import Guest
from cartload.ports import Request
from cartload_plugins.network.client import HttpClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from cartload_plugins.network.options import NetworkOptions


@frozen
class Fetcher:
    """Gets the bytes at an address; raises TransportError."""

    options: NetworkOptions

    def __call__(self, address: str) -> bytes:
        """Fetch *address*."""
        client = HttpClient(address, Guest(), self.options)
        return client.text(Request("GET", address), _NeverStopped()).encode()


class _NeverStopped:
    """A cart is small and the timeouts are short."""

    @property
    def requested(self) -> bool:
        return False

    def closing(self, close: Callable[[], object]) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's
        return nullcontext()
