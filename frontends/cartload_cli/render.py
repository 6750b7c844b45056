"""Chooses how a session is shown: a live display, plain lines, or JSON lines."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Protocol

from cartload_cli.lines import PlainLines
from cartload_cli.streams import is_screen
from cartload_common.messages import Loudness

if TYPE_CHECKING:
    from cartload.events import Event
    from cartload_common.messages import Message
    from cartload_common.watching import Watching


class View(Protocol):
    """What shows a session while its context lasts."""

    def __call__(self, event: Event) -> None:
        """Show one event."""
        ...

    def say(self, message: Message) -> None:
        """Show one message."""
        ...

    def __enter__(self) -> object:
        """Begin to show."""
        ...

    def __exit__(self, *_: object) -> None:
        """Leave what was written as a text that can be read."""
        ...


def view_for(watching: Watching, loudness: Loudness) -> View:
    """Give a live display where the standard error is a terminal, else plain lines; both write there."""
    if loudness is Loudness.QUIET or not is_screen(sys.stderr):
        return PlainLines(watching, loudness, sys.stderr, time.monotonic)
    from rich.console import Console  # noqa: PLC0415 - rich costs a start-up that draws nothing

    from cartload_cli.display import Display  # noqa: PLC0415 - likewise

    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    return Display(watching, loudness, console)
