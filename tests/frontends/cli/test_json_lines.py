from __future__ import annotations

import io
import json
from typing import Any, get_args

import pytest

from cartload.errors import PolicyError
from cartload.events import (
    Answered,
    Asked,
    AttemptFailed,
    BytesReceived,
    Event,
    ExistingQuestion,
    LoggedIn,
    ManifestRead,
    PlanMade,
    PluginFailed,
    PolicyAccepted,
    Received,
    SeriesDescribed,
    SeriesStored,
    SessionChanged,
    SessionEnded,
    TaskChanged,
    Warned,
)
from cartload.model import Origin, SeriesUID
from cartload.plan import Need, Plan
from cartload.settings import Existing
from cartload.state import SessionState, TaskState
from cartload_cli.json_lines import JsonLines
from cartload_common.documents import event_document
from cartload_common.exit_codes import ExitCode
from cartload_common.messages import Message
from frontends.cli.values import MANIFEST, plan, report, shortfall

UID = SeriesUID("1.1")
QUESTION = ExistingQuestion(1, 2, 3, 4)
EVENTS: tuple[Event, ...] = (
    SessionChanged(SessionState.NEW, SessionState.RESOLVING),
    ManifestRead(MANIFEST),
    SeriesDescribed(1, 2),
    Asked(QUESTION),
    Answered(QUESTION, Existing.ALL),
    PolicyAccepted("https://archive.example", "ab" * 32, "2026-07-01T12:00:00+00:00", "flag", earlier=True),
    LoggedIn(Origin.of("https://archive.example"), "ann"),
    PlanMade(plan(*Need)),
    TaskChanged(UID, TaskState.QUEUED, TaskState.FETCHING),
    BytesReceived((Received(UID, 1, 2),), 3),
    AttemptFailed(UID, 1, "nbia", "cut", 1.5),
    SeriesStored(UID, "LUNG/1", 1, 2, "nbia"),
    Warned("a", "b"),
    PluginFailed("a", "b"),
    SessionEnded(1, 2, 3, 4, 5, 6, 7),
)


class Broken(io.StringIO):
    """A stream whose reader went away."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def lines_of(*events: Event) -> list[dict[str, Any]]:
    stream = io.StringIO()
    view = JsonLines(stream, lambda: None)
    for event in events:
        view(event)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_the_test_knows_every_event() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_is_one_line_with_its_name(event: Event) -> None:
    (line,) = lines_of(event)
    assert line["event"] == type(event).__name__


@pytest.mark.parametrize("made", [plan(*Need), plan(Need.FETCH), plan()], ids=["all", "one", "none"])
def test_a_plan_is_told_in_the_same_words_as_any_event(made: Plan) -> None:
    assert lines_of(PlanMade(made)) == [json.loads(json.dumps(event_document(PlanMade(made))))]


def test_a_change_of_a_series_is_told_by_words() -> None:
    assert lines_of(TaskChanged(UID, TaskState.QUEUED, TaskState.FETCHING, "")) == [
        {"event": "TaskChanged", "series_uid": "1.1", "old": "queued", "new": "fetching", "reason": ""}
    ]


def test_a_manifest_is_told_without_its_content() -> None:
    (line,) = lines_of(ManifestRead(MANIFEST))
    assert line["manifest"]["source"] == "lung.tcia"
    assert line["manifest"]["series"] == ["1.1", "1.2"]


def test_a_question_says_which_it_is() -> None:
    asked, answered = lines_of(Asked(QUESTION), Answered(QUESTION, Existing.ALL))
    assert asked["question"]["kind"] == "ExistingQuestion"
    assert answered["answer"] == "all"


def test_what_steers_a_terminal_is_escaped_by_json() -> None:
    stream = io.StringIO()
    JsonLines(stream, lambda: None)(Warned("\x1b]52", "\u202e\x9b"))
    assert stream.getvalue().isascii()
    assert "\x1b" not in stream.getvalue()


def test_the_last_line_is_the_report_with_verdict_and_exit_code() -> None:
    stream = io.StringIO()
    JsonLines(stream, lambda: None).end(report(shortfall("1.1")), ExitCode.FAILED, None)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["verdict"], line["exit_code"], line["error"]) == ("Report", "failed", 1, None)
    assert line["shortfalls"][0]["attempts"][0]["error"] == "timed out"


def test_the_error_that_ended_it_is_in_the_last_line() -> None:
    stream = io.StringIO()
    error = PolicyError("it was not accepted.", subject="TCIA", advice="Accept it.")
    JsonLines(stream, lambda: None).end(report(), ExitCode.POLICY, error)
    assert json.loads(stream.getvalue())["error"] == {
        "kind": "PolicyError",
        "subject": "TCIA",
        "what": "it was not accepted.",
        "advice": "Accept it.",
    }


def test_a_fault_of_cartload_is_told_too() -> None:
    stream = io.StringIO()
    JsonLines(stream, lambda: None).end(report(), ExitCode.FAULT, ValueError("oops"))
    assert json.loads(stream.getvalue())["error"]["what"] == "ValueError: oops"


def test_messages_are_not_mixed_into_the_lines() -> None:
    stream = io.StringIO()
    with JsonLines(stream, lambda: None) as view:
        view.say(Message("hello"))
    assert stream.getvalue() == ""


def test_when_nobody_reads_the_session_is_stopped_once() -> None:
    stops: list[str] = []
    view = JsonLines(Broken(), lambda: stops.append("stop"))
    for event in EVENTS:
        view(event)
    assert stops == ["stop"]
    assert isinstance(view.broken, BrokenPipeError)
