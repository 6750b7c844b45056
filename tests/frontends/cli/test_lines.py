from __future__ import annotations

import io

from cartload.events import (
    BytesReceived,
    Event,
    ManifestRead,
    PlanMade,
    Received,
    SeriesDescribed,
    SeriesStored,
    SessionChanged,
    TaskChanged,
)
from cartload.model import SeriesUID
from cartload.plan import Need, Plan
from cartload.state import SessionState, TaskState
from cartload_cli.lines import PlainLines
from cartload_common.messages import Loudness
from cartload_common.watching import Watching
from frontends.cli.values import MANIFEST, plan, task

RUNNING = SessionChanged(SessionState.READY, SessionState.RUNNING)
RESOLVING = SessionChanged(SessionState.NEW, SessionState.RESOLVING)


class Log:
    """Plain lines, with a clock that the test moves."""

    def __init__(self, loudness: Loudness = Loudness.NORMAL) -> None:
        self.now = 0.0
        self.stream = io.StringIO()
        self.watching = Watching(lambda: self.now)
        self.view = PlainLines(self.watching, loudness, self.stream, lambda: self.now)

    def hear(self, *events: Event, after: float = 0.0) -> list[str]:
        self.now += after
        before = len(self.stream.getvalue())
        for event in events:
            self.watching(event)
            self.view(event)
        return self.stream.getvalue()[before:].splitlines()


def fetching(uid: str) -> TaskChanged:
    return TaskChanged(SeriesUID(uid), TaskState.QUEUED, TaskState.FETCHING)


def received(uid: str, images: int, total: int) -> BytesReceived:
    return BytesReceived((Received(SeriesUID(uid), images, total),), total)


def running(*needs: Need, loudness: Loudness = Loudness.NORMAL) -> Log:
    log = Log(loudness)
    log.hear(ManifestRead(MANIFEST), PlanMade(plan(*needs)), RUNNING, fetching("1.1"))
    return log


def test_a_finished_series_is_one_line() -> None:
    log = running(Need.FETCH)
    assert log.hear(SeriesStored(SeriesUID("1.1"), "LUNG/1", 40, 4_000_000, "nbia")) == [
        "stored: LUNG/1 (40 images, 4.0 MB)"
    ]


def test_a_failure_is_told_at_once() -> None:
    log = running(Need.FETCH)
    event = TaskChanged(SeriesUID("1.1"), TaskState.FETCHING, TaskState.FAILED, "It was cut.")
    assert log.hear(event) == ["failed: LUNG-1 CT AXIAL: It was cut."]


def test_a_tenth_more_is_told() -> None:
    log = running(Need.FETCH)
    log.hear(received("1.1", 0, 0))
    assert log.hear(received("1.1", 1, 100_000), after=2) == []
    assert log.hear(received("1.1", 10, 1_000_000), after=2) == [
        " 25%: 0 of 1 series, 1.0 MB of 4.0 MB, 250.0 kB/s, 12 s left"
    ]
    assert log.hear(received("1.1", 11, 1_100_000), after=2) == []


def test_after_ten_seconds_it_is_told_however_little_came() -> None:
    log = running(Need.FETCH)
    assert log.hear(received("1.1", 1, 4_000), after=10) == ["  0%: 0 of 1 series, 4.0 kB of 4.0 MB"]


def test_what_is_fast_is_not_told_more_than_once_a_second() -> None:
    log = running(Need.FETCH)
    assert log.hear(received("1.1", 20, 2_000_000), after=0.5) == []


def test_series_that_wait_or_failed_are_counted() -> None:
    log = running(Need.FETCH, Need.FETCH, Need.HELD)
    waiting = TaskChanged(SeriesUID("1.1"), TaskState.FETCHING, TaskState.WAITING)
    assert log.hear(waiting, after=10) == [
        "  0%: 0 of 2 series, 0 B of 8.0 MB, 1 waiting for another attempt"
    ]


def test_the_descriptions_of_a_large_cart_are_counted() -> None:
    log = Log()
    log.hear(RESOLVING)
    assert log.hear(SeriesDescribed(500, 20_000), after=1) == []
    assert log.hear(SeriesDescribed(6_000, 20_000), after=9) == ["6,000 of 20,000 series described"]


def test_quiet_lines_tell_no_progress() -> None:
    log = running(Need.FETCH, loudness=Loudness.QUIET)
    assert log.hear(received("1.1", 20, 2_000_000), after=20) == []
    assert log.hear(SeriesStored(SeriesUID("1.1"), "LUNG/1", 40, 4_000_000, "nbia")) == []
    assert log.stream.getvalue() == ""


def test_what_a_server_says_reaches_the_log_escaped() -> None:
    log = Log()
    evil = task("1.1", patient="\x1b]52;c;AAAA\x07")
    log.hear(PlanMade(Plan((evil,))), RUNNING, fetching("1.1"))
    log.hear(TaskChanged(SeriesUID("1.1"), TaskState.FETCHING, TaskState.FAILED, "\x1b[2J\u202e"))
    assert "\x1b" not in log.stream.getvalue()
    assert "\\x1b[2J\\u202e" in log.stream.getvalue()
