"""The live display of a check: a bar, with what was found above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.live import Live
from rich.text import Text

from cartload_cli.display import REFRESHES_A_SECOND, STYLES, bar_below

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from cartload_cli.extent import Extent
    from cartload_common.messages import Loudness, Message


class CheckBar:
    """A view that repaints itself."""

    def __init__(self, extent: Extent, loudness: Loudness, console: Console) -> None:
        self._extent = extent
        self._loudness = loudness
        self._console = console
        self._live = Live(
            console=console,
            get_renderable=self._picture,
            refresh_per_second=REFRESHES_A_SECOND,
            transient=True,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def say(self, message: Message) -> None:
        """Write one message above the bar."""
        if message.least <= self._loudness:
            self._console.print(Text(message.text, STYLES[message.tone], overflow="fold"))

    def advance(self) -> None:
        """Do nothing: the bar follows by itself."""

    def _picture(self) -> RenderableType:
        extent = self._extent
        return bar_below(str(extent), extent.done_size, extent.size, extent.percent)
