from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from rich.console import Console

from cartload.findings import SeriesChecked
from cartload.model import SeriesUID
from cartload_cli.check_bar import CheckBar
from cartload_cli.checking import CheckLines, view_for
from cartload_cli.extent import Extent
from cartload_common.messages import Loudness, Message
from frontends.cli.commandline import Terminal

if TYPE_CHECKING:
    import pytest


def checked(size: int) -> SeriesChecked:
    return SeriesChecked(series_uid=SeriesUID("1.1"), files=1, size=size)


class Log:
    """Plain lines of a check of four series, with a clock that the test moves."""

    def __init__(self, loudness: Loudness = Loudness.NORMAL) -> None:
        self.now = 0.0
        self.stream = io.StringIO()
        self.extent = Extent(4, 4000)
        self.view = CheckLines(self.extent, loudness, self.stream, lambda: self.now)

    def check(self, size: int, *, after: float) -> list[str]:
        self.now += after
        before = len(self.stream.getvalue())
        self.extent.add(checked(size))
        with self.view:
            self.view.advance()
        return self.stream.getvalue()[before:].splitlines()


def test_a_status_line_comes_when_time_has_passed_or_much_is_done() -> None:
    log = Log()
    assert log.check(100, after=0.5) == []
    assert log.check(900, after=1.0) == [" 25%: 2 of 4 series, 1.0 kB of 4.0 kB checked"]
    assert log.check(100, after=5.0) == []
    assert log.check(100, after=5.0) == [" 30%: 4 of 4 series, 1.2 kB of 4.0 kB checked"]


def test_who_wants_it_quiet_hears_no_status() -> None:
    assert Log(Loudness.QUIET).check(4000, after=100.0) == []


def test_of_nothing_nothing_is_done_and_never_more_than_all() -> None:
    assert Extent(1, 0).percent == 0
    assert Extent(1, 10, 1, 11).percent == 100


def test_a_bar_shows_how_far_it_is_with_messages_above() -> None:
    paper = Console(
        file=io.StringIO(), width=80, force_terminal=True, color_system=None, legacy_windows=False
    )
    extent = Extent(4, 4000)
    view = CheckBar(extent, Loudness.NORMAL, paper)
    with view:
        extent.add(checked(1000))
        view.advance()
        view.say(Message("damaged: [b]x[/b]"))
        view.say(Message("whole: y", least=Loudness.VERBOSE))
    assert isinstance(paper.file, io.StringIO)
    written = paper.file.getvalue()
    assert "1 of 4 series, 1.0 kB of 4.0 kB checked" in written
    assert "25%" in written
    assert "damaged: [b]x[/b]" in written
    assert "whole: y" not in written


def test_a_terminal_gets_the_bar_and_a_log_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert isinstance(view_for(Extent(1, 1), Loudness.NORMAL), CheckBar)
    assert isinstance(view_for(Extent(1, 1), Loudness.QUIET), CheckLines)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert isinstance(view_for(Extent(1, 1), Loudness.NORMAL), CheckLines)
