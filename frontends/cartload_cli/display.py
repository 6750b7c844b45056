"""The live display of a terminal: an overall bar, a line for each active series, messages above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Column, Table
from rich.text import Text

from cartload.events import Answered, Asked, AttemptFailed
from cartload.state import SessionState, TaskState
from cartload_cli.lines import percent_of, status_parts
from cartload_common import texts
from cartload_common.messages import Loudness, Message, Tone, messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console, RenderableType

    from cartload.events import Event
    from cartload.progress import Active, Snapshot
    from cartload_common.watching import Watching

REFRESHES_A_SECOND = 8
SERIES_BAR_WIDTH = 16
ROWS_KEPT_FREE = 6

STYLES: Mapping[Tone, str] = {
    Tone.PLAIN: "",
    Tone.GOOD: "green",
    Tone.FAINT: "dim",
    Tone.NOTICE: "yellow",
    Tone.BAD: "bold red",
}

_WORKING = {SessionState.RUNNING, SessionState.PAUSING, SessionState.PAUSED, SessionState.CANCELLING}


class Display:
    """A view that repaints itself; it gives way while a question is asked."""

    def __init__(self, watching: Watching, loudness: Loudness, console: Console) -> None:
        self._watching = watching
        self._loudness = loudness
        self._console = console
        self._trouble = ""
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

    def __call__(self, event: Event) -> None:
        """Say what there is to say of *event*; the bars follow by themselves."""
        if isinstance(event, Asked):
            self._live.stop()
        elif isinstance(event, Answered):
            self._live.start()
        elif isinstance(event, AttemptFailed):
            name = texts.series_name(self._watching.task(event.series_uid))
            self._trouble = f"{name}: {texts.safe(event.error)}"
        for message in messages(event, self._watching.task):
            self.say(message)

    def say(self, message: Message) -> None:
        """Write one message above the bars; what the bars show needs no message."""
        least = Loudness.VERBOSE if message.routine else message.least
        if least <= self._loudness:
            self._console.print(Text(message.text, STYLES[message.tone], overflow="fold"))

    def _picture(self) -> RenderableType:
        return picture(self._watching.snapshot(), self._console.height - ROWS_KEPT_FREE, self._trouble)


def picture(snapshot: Snapshot, most_rows: int, trouble: str) -> RenderableType:
    """Draw a snapshot, with at most so many rows of active series; *trouble* is the last failed attempt."""
    if snapshot.state in _WORKING:
        return _work(snapshot, max(1, most_rows), trouble)
    if snapshot.state is SessionState.RESOLVING and snapshot.cart:
        text = f"asking the archive: {snapshot.described:,} of {texts.count(snapshot.cart, 'series')}"
        return bar_below(text, snapshot.described, snapshot.cart)
    if snapshot.state is SessionState.RESOLVING:
        return Text("asking the archive ...")
    return Text("")


def _work(snapshot: Snapshot, most_rows: int, trouble: str) -> RenderableType:
    parts = ", ".join(status_parts(snapshot))
    words = parts if snapshot.state is SessionState.RUNNING else f"{snapshot.state.value}: {parts}"
    shown, hidden = snapshot.active[:most_rows], snapshot.active[most_rows:]
    rows: list[RenderableType] = [_series_table(shown)] if shown else []
    if hidden:
        rows.append(Text(f"and {len(hidden):,} more", "dim"))
    if trouble and snapshot.counts.get(TaskState.WAITING, 0):
        rows.append(Text(f"last trouble: {trouble}", "yellow", no_wrap=True, overflow="ellipsis"))
    return Group(Text(""), *rows, bar_below(words, snapshot.done, snapshot.total, percent_of(snapshot)))


def bar_below(text: str, done: int, total: int, percent: int | None = None) -> RenderableType:
    """Draw a bar over the whole width below a line of text."""
    bar = Table.grid(Column(ratio=1), Column(justify="right", no_wrap=True), expand=True, padding=(0, 1))
    bar.add_row(ProgressBar(total=max(1, total), completed=done), "" if percent is None else f"{percent}%")
    return Group(Text(text, no_wrap=True, overflow="ellipsis"), bar)


def _series_table(shown: tuple[Active, ...]) -> Table:
    table = Table.grid(
        Column(ratio=1, no_wrap=True, overflow="ellipsis"),
        Column(width=SERIES_BAR_WIDTH),
        Column(justify="right", no_wrap=True),
        expand=True,
        padding=(0, 1),
    )
    for active in shown:
        size = active.task.size
        bar = ProgressBar(total=max(1, size), completed=min(active.bytes, size), width=SERIES_BAR_WIDTH)
        table.add_row(Text(texts.series_name(active.task)), bar, Text(_how_far(active), "dim"))
    return table


def _how_far(active: Active) -> str:
    if active.state is not TaskState.FETCHING:
        word: str = active.state.value
        return word
    record = active.task.record
    return f"{active.images:,} of {texts.count(record.image_count if record else 0, 'image')}"
