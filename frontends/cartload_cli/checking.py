"""Shows how far a check is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from cartload_cli.lines import Pace
from cartload_cli.streams import is_screen
from cartload_common.messages import Loudness, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload_cli.extent import Extent


class CheckView(Protocol):
    """What shows a check while its context lasts."""

    def say(self, message: Message) -> None:
        """Show one message."""
        ...

    def advance(self) -> None:
        """Show that something more is done."""
        ...

    def __enter__(self) -> object:
        """Begin to show."""
        ...

    def __exit__(self, *_: object) -> None:
        """Leave what was written as a text that can be read."""
        ...


def view_for(extent: Extent, loudness: Loudness) -> CheckView:
    """Give a bar where the standard error is a terminal, else plain lines; both write there."""
    if loudness is Loudness.QUIET or not is_screen(sys.stderr):
        return CheckLines(extent, loudness, sys.stderr, time.monotonic)
    from rich.console import Console  # noqa: PLC0415 - rich costs a start-up that draws nothing

    from cartload_cli.check_bar import CheckBar  # noqa: PLC0415 - likewise

    return CheckBar(extent, loudness, Console(stderr=True, markup=False, highlight=False, emoji=False))


class CheckLines:
    """A view that writes lines; ``clock`` gives seconds."""

    def __init__(
        self, extent: Extent, loudness: Loudness, stream: TextIO, clock: Callable[[], float]
    ) -> None:
        self._extent = extent
        self._loudness = loudness
        self._stream = stream
        self._pace = Pace(clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.flush()

    def say(self, message: Message) -> None:
        """Write one message, if it is loud enough to be heard."""
        if message.least <= self._loudness:
            print(message.text, file=self._stream, flush=True)

    def advance(self) -> None:
        """Write a status line when one is due."""
        if self._pace.is_due(lambda: self._extent.percent):
            self.say(Message(f"{self._extent.percent:3d}%: {self._extent}"))
