from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console

from cartload.events import (
    Answered,
    Asked,
    AttemptFailed,
    BytesReceived,
    Event,
    ExistingQuestion,
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
from cartload.settings import Existing
from cartload.state import SessionState, TaskState
from cartload_cli.display import Display, picture
from cartload_common.messages import Loudness, Message
from cartload_common.watching import Watching
from frontends.cli.values import MANIFEST, plan, task

if TYPE_CHECKING:
    from cartload.progress import Snapshot

RUNNING = SessionChanged(SessionState.READY, SessionState.RUNNING)
QUESTION = ExistingQuestion(1, 1, 1, 1)


def console() -> Console:
    return Console(
        file=io.StringIO(),
        width=80,
        height=24,
        force_terminal=True,
        color_system=None,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )


def written(to: Console) -> str:
    assert isinstance(to.file, io.StringIO)
    return to.file.getvalue()


def drawn(snapshot: Snapshot, most_rows: int = 10, trouble: str = "") -> list[str]:
    paper = console()
    paper.print(picture(snapshot, most_rows, trouble))
    return written(paper).strip("\n").splitlines()


def after(*events: Event) -> Snapshot:
    watching = Watching(lambda: 0.0)
    for event in events:
        watching(event)
    return watching.snapshot()


def fetching(uid: str) -> TaskChanged:
    return TaskChanged(SeriesUID(uid), TaskState.QUEUED, TaskState.FETCHING)


def started(made: Plan) -> list[Event]:
    return [
        ManifestRead(MANIFEST),
        PlanMade(made),
        RUNNING,
        *(fetching(one.series_uid) for one in made.tasks),
    ]


def test_each_active_series_has_a_line_with_its_images() -> None:
    here = BytesReceived((Received(SeriesUID("1.1"), 10, 1_000_000),), 1_000_000)
    lines = drawn(after(*started(plan(Need.FETCH, Need.FETCH)), here))
    assert lines[0].startswith("LUNG-1 CT AXIAL")
    assert lines[0].rstrip().endswith("10 of 40 images")
    assert lines[1].rstrip().endswith("0 of 40 images")


def test_the_overall_bar_counts_series_and_bytes() -> None:
    here = BytesReceived((Received(SeriesUID("1.1"), 10, 2_000_000),), 2_000_000)
    lines = drawn(after(*started(plan(Need.FETCH)), here))
    assert lines[1] == "0 of 1 series, 2.0 MB of 4.0 MB"
    assert lines[2].rstrip().endswith("50%")


def test_no_line_is_wider_than_the_terminal() -> None:
    made = Plan((task("1.1", patient="P" * 200),))
    assert all(len(line) <= 80 for line in drawn(after(*started(made)), trouble="x" * 200))


def test_more_series_than_rows_are_counted() -> None:
    lines = drawn(after(*started(plan(*[Need.FETCH] * 5))), most_rows=2)
    assert lines[2] == "and 3 more"


def test_a_series_that_is_verified_says_so() -> None:
    verifying = TaskChanged(SeriesUID("1.1"), TaskState.FETCHING, TaskState.VERIFYING)
    assert drawn(after(*started(plan(Need.FETCH)), verifying))[0].rstrip().endswith("verifying")


def test_the_last_trouble_is_shown_while_a_series_waits_for_it() -> None:
    waiting = TaskChanged(SeriesUID("1.1"), TaskState.FETCHING, TaskState.WAITING)
    lines = drawn(after(*started(plan(Need.FETCH)), waiting), trouble="LUNG-1: timed out")
    assert lines[0] == "last trouble: LUNG-1: timed out"
    assert "1 waiting for another attempt" in lines[1]


def test_a_pause_is_shown() -> None:
    paused = SessionChanged(SessionState.PAUSING, SessionState.PAUSED)
    assert drawn(after(*started(plan(Need.FETCH)), paused))[1].startswith("paused: ")


def test_while_the_archive_describes_the_cart_a_bar_shows_it() -> None:
    resolving = SessionChanged(SessionState.NEW, SessionState.RESOLVING)
    assert drawn(after(resolving)) == ["asking the archive ..."]
    assert drawn(after(resolving, SeriesDescribed(5, 10)))[0] == "asking the archive: 5 of 10 series"


def test_when_nothing_is_under_way_nothing_is_drawn() -> None:
    assert drawn(after(SessionChanged(SessionState.RUNNING, SessionState.FINISHED))) == []


def test_markup_from_a_server_is_shown_as_it_stands() -> None:
    made = Plan((task("1.1", patient="[bold red]:smile:[/]"),))
    assert drawn(after(*started(made)))[0].startswith("[bold red]:smile:[/] CT")


def shown(*events: Event, loudness: Loudness = Loudness.NORMAL) -> str:
    paper, watching = console(), Watching(lambda: 0.0)
    with Display(watching, loudness, paper) as display:
        for event in events:
            watching(event)
            display(event)
    return written(paper)


def test_messages_stand_above_the_bars() -> None:
    failed = TaskChanged(SeriesUID("1.1"), TaskState.FETCHING, TaskState.FAILED, "It was cut.")
    assert "failed: LUNG-1 CT AXIAL: It was cut." in shown(*started(plan(Need.FETCH)), failed)


def test_what_the_bars_show_is_told_to_those_who_want_to_hear_all() -> None:
    stored = SeriesStored(SeriesUID("1.1"), "LUNG/1", 40, 4_000_000, "nbia")
    assert "stored:" not in shown(stored)
    assert "stored: LUNG/1" in shown(stored, loudness=Loudness.VERBOSE)


def test_the_display_gives_way_to_a_question() -> None:
    paper, watching = console(), Watching(lambda: 0.0)
    with Display(watching, Loudness.NORMAL, paper) as display:
        for event in (*started(plan(Need.FETCH)), Asked(QUESTION)):
            watching(event)
            display(event)
        before = written(paper)
        display.say(Message("Which?"))
        assert written(paper) == f"{before}Which?\n"
        display(Answered(QUESTION, Existing.ALL))
    assert len(written(paper)) > len(before) + len("Which?\n")


def test_a_failed_attempt_is_remembered_as_the_last_trouble() -> None:
    waiting = TaskChanged(SeriesUID("1.1"), TaskState.FETCHING, TaskState.WAITING)
    failed = AttemptFailed(SeriesUID("1.1"), 1, "nbia", "timed\x1b out", 5.0)
    told = shown(*started(plan(Need.FETCH)), failed, waiting, RUNNING)
    assert "last trouble: LUNG-1 CT AXIAL: timed\\x1b out" in told
