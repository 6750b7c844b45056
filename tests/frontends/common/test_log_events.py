from __future__ import annotations

import hashlib
import logging

import pytest

from cartload.events import (
    Answered,
    Asked,
    AttemptFailed,
    BytesReceived,
    DeniedQuestion,
    Event,
    ManifestRead,
    PlanMade,
    PluginFailed,
    PolicyQuestion,
    SeriesStored,
    SessionChanged,
    TaskChanged,
    Warned,
)
from cartload.model import Denied, SeriesUID, UsagePolicy
from cartload.plan import Need
from cartload.settings import Existing
from cartload.state import SessionState, TaskState
from cartload_common.log_events import MOST_NAMED, log_event
from frontends.cli.test_json_lines import EVENTS, QUESTION
from frontends.cli.values import MANIFEST, plan

UID = SeriesUID("1.1")


def logged(event: Event, caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "cartload_common"):
        log_event(event)
    return [(record.levelno, record.getMessage()) for record in caplog.records]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_but_that_of_bytes_is_one_line(event: Event, caplog: pytest.LogCaptureFixture) -> None:
    lines = logged(event, caplog)
    if isinstance(event, BytesReceived):
        assert lines == []
    else:
        ((_, text),) = lines
        assert text.startswith(type(event).__name__)
        assert "\n" not in text


@pytest.mark.parametrize(
    ("event", "level", "text"),
    [
        (
            AttemptFailed(UID, 2, "nbia", 'cut "short"', 1.5),
            logging.WARNING,
            'AttemptFailed series_uid="1.1" attempt=2 source="nbia" error="cut \\"short\\"" delay=1.5',
        ),
        (
            SeriesStored(UID, "LUNG/1", 3, 99, "nbia"),
            logging.INFO,
            'SeriesStored series_uid="1.1" directory="LUNG/1" images=3 size=99 source="nbia"',
        ),
        (
            TaskChanged(UID, TaskState.QUEUED, TaskState.FETCHING),
            logging.DEBUG,
            'TaskChanged series_uid="1.1" old="queued" new="fetching" reason=""',
        ),
        (
            TaskChanged(UID, TaskState.FETCHING, TaskState.FAILED, "gone"),
            logging.WARNING,
            'TaskChanged series_uid="1.1" old="fetching" new="failed" reason="gone"',
        ),
        (
            SessionChanged(SessionState.NEW, SessionState.RESOLVING),
            logging.INFO,
            'SessionChanged old="new" new="resolving"',
        ),
        (Warned("a", "b"), logging.WARNING, 'Warned subject="a" text="b"'),
        (PluginFailed("a", "b"), logging.ERROR, 'PluginFailed plugin="a" reason="b"'),
        (Answered(QUESTION, Existing.ALL), logging.INFO, 'Answered kind="ExistingQuestion" answer="all"'),
    ],
)
def test_a_line_has_every_field(
    event: Event, level: int, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert logged(event, caplog) == [(level, text)]


def test_a_text_cannot_look_like_another_field(caplog: pytest.LogCaptureFixture) -> None:
    ((_, text),) = logged(Warned("a", 'x" forged="y'), caplog)
    assert text == 'Warned subject="a" text="x\\" forged=\\"y"'


def test_a_manifest_is_told_by_its_digest(caplog: pytest.LogCaptureFixture) -> None:
    ((_, text),) = logged(ManifestRead(MANIFEST), caplog)
    assert hashlib.sha256(MANIFEST.source.content).hexdigest() in text
    assert "series=2" in text


def test_a_plan_is_told_in_numbers_with_what_cannot_be_had(caplog: pytest.LogCaptureFixture) -> None:
    ((_, text),) = logged(PlanMade(plan(Need.FETCH, Need.DENIED)), caplog)
    assert "fetch=1 held=0 denied=1 unknown=0" in text
    assert 'unavailable={"1.2": "it says no."}' in text


def test_a_policy_is_told_by_its_digest(caplog: pytest.LogCaptureFixture) -> None:
    policy = UsagePolicy("TCIA", "Be kind. " * 1000)
    ((_, text),) = logged(Asked(PolicyQuestion(policy)), caplog)
    assert policy.digest in text
    assert "kind." not in text


def test_of_many_denied_series_some_are_named(caplog: pytest.LogCaptureFixture) -> None:
    denied = tuple(Denied(SeriesUID(f"1.{number}"), "no") for number in range(1000))
    ((_, text),) = logged(Asked(DeniedQuestion(denied, 5)), caplog)
    assert "denied=1000 allowed=5" in text
    assert text.count('"no"') == MOST_NAMED
