from __future__ import annotations

from typing import get_args

import pytest
from attrs import evolve

from cartload.events import (
    Answered,
    Asked,
    AttemptFailed,
    BytesReceived,
    DeniedQuestion,
    Event,
    ExistingQuestion,
    ManifestRead,
    PlanMade,
    PluginFailed,
    PolicyAccepted,
    PolicyQuestion,
    SeriesDescribed,
    SeriesStored,
    SessionChanged,
    TaskChanged,
    Warned,
)
from cartload.model import Denied, SeriesUID, UsagePolicy
from cartload.plan import LicenseGroup, Need, Plan
from cartload.settings import Existing
from cartload.state import SessionState, TaskState
from cartload_common.messages import Loudness, Message, Tone, license_line, messages
from frontends.cli.values import FORBIDS, FREE, MANIFEST, RESTRICTED, plan, record, task

UID = SeriesUID("1.1")
SILENT = {"BytesReceived", "SessionEnded"}


def said(event: Event) -> list[str]:
    return [message.text for message in messages(event, task)]


def only(event: Event) -> Message:
    (message,) = messages(event, task)
    return message


def test_the_manifest_is_told_with_its_archive() -> None:
    assert said(ManifestRead(MANIFEST)) == ["lung.tcia: 2 series, from https://archive.example/download"]


def test_the_plan_is_told_in_numbers_and_sizes() -> None:
    made = plan(Need.FETCH, Need.FETCH, Need.HELD, Need.DENIED, Need.UNKNOWN)
    assert said(PlanMade(made)) == [
        "5 series: 2 to fetch (8.0 MB), 1 already here (4.0 MB), 1 denied, 1 not known to the archive."
    ]


def test_a_licence_that_forbids_commercial_use_is_told_with_the_plan_even_when_quiet() -> None:
    made = Plan((evolve(task("1.1", terms=FORBIDS), record=evolve(record("1.1"), license=RESTRICTED)),))
    notice = messages(PlanMade(made), task)[1]
    assert notice == Message(
        "NOT FOR COMMERCIAL USE: 1 series under CC BY-NC 4.0 "
        "(https://creativecommons.org/licenses/by-nc/4.0/). Ask the owners.",
        Tone.NOTICE,
        Loudness.QUIET,
    )


def test_what_a_plan_leaves_out_is_told_by_licence_with_the_reason_even_when_quiet() -> None:
    made = plan(Need.FETCH, Need.LEFT_OUT, Need.LEFT_OUT)
    numbers, left_out = messages(PlanMade(made), task)
    assert numbers.text == "3 series: 1 to fetch (4.0 MB), 2 left out (8.0 MB)."
    assert left_out.text == "left out: 2 series: It is not allowed."
    assert left_out.least is Loudness.QUIET


@pytest.mark.parametrize(
    ("earlier", "loudness", "ending"),
    [(True, Loudness.NORMAL, "unchanged since"), (False, Loudness.VERBOSE, "SHA-256 of its text: abc")],
)
def test_a_policy_that_nobody_had_to_be_asked_for_is_told_with_its_date(
    loudness: Loudness, ending: str, *, earlier: bool
) -> None:
    event = PolicyAccepted("https://a\x1b.example", "abc", "2026-07-01T12:00:00+00:00", "flag", earlier)
    message = only(event)
    given = "accepted on 2026-07-01T12:00:00+00:00 by flag"
    assert message.text == f"data usage policy of https://a\\x1b.example: {given}; {ending}"
    assert message.least is loudness


def test_a_series_without_a_licence_is_told_so() -> None:
    assert license_line(LicenseGroup(None, FORBIDS, 2)) == "2 series without a licence. Ask the owners."


def test_a_failed_series_is_told_at_once_with_its_reason() -> None:
    event = TaskChanged(UID, TaskState.FETCHING, TaskState.FAILED, "It was\ncut.")
    assert only(event) == Message("failed: LUNG-1 CT AXIAL: It was\\x0acut.", Tone.BAD)


def test_a_removed_series_is_told() -> None:
    assert said(TaskChanged(UID, TaskState.QUEUED, TaskState.REMOVED)) == ["removed: LUNG-1 CT AXIAL"]


@pytest.mark.parametrize("state", [TaskState.VERIFYING, TaskState.STORING, TaskState.COMPLETE])
def test_the_steps_of_a_series_are_not_told_one_by_one(state: TaskState) -> None:
    assert said(TaskChanged(UID, TaskState.QUEUED, state)) == []


def test_a_failed_attempt_is_told_to_those_who_want_to_hear_it() -> None:
    message = only(AttemptFailed(UID, 2, "nbia", "timed out.", 8.4))
    assert message.text == "attempt 2 by nbia failed: LUNG-1 CT AXIAL: timed out. Again in 8 s."
    assert message.least is Loudness.VERBOSE


def test_the_last_attempt_promises_no_other() -> None:
    assert only(AttemptFailed(UID, 4, "nbia", "gone.", None)).text.endswith("gone.")


def test_a_stored_series_is_routine() -> None:
    message = only(SeriesStored(UID, "LUNG/1\x1b", 40, 4_000_000, "nbia"))
    assert message.text == "stored: LUNG/1\\x1b (40 images, 4.0 MB)"
    assert message.routine


def test_a_warning_and_a_failed_plugin_are_told() -> None:
    assert said(Warned("lung.tcia", "a UID is there twice.")) == ["note: lung.tcia: a UID is there twice."]
    assert said(Warned("", "mind the gap.")) == ["note: mind the gap."]
    assert said(PluginFailed("nbia", "oops")) == ["plugin nbia failed: oops"]


@pytest.mark.parametrize(
    ("state", "word"),
    [(SessionState.PAUSED, "paused"), (SessionState.CANCELLING, "stopping"), (SessionState.RUNNING, None)],
)
def test_stops_are_told_and_what_is_kept(state: SessionState, word: str | None) -> None:
    told = said(SessionChanged(SessionState.RUNNING, state))
    assert (told == []) if word is None else (told[0].startswith(word) and "is kept" in told[0])


def test_bytes_are_shown_otherwise() -> None:
    assert said(BytesReceived((), 1)) == []


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (TaskChanged(UID, TaskState.QUEUED, TaskState.FETCHING), "fetching: LUNG-1 CT AXIAL (4.0 MB, 1.1)"),
        (SeriesDescribed(500, 2000), "described: 500 of 2,000 series"),
        (
            Asked(PolicyQuestion(UsagePolicy("TCIA\x1b", "Be kind."))),
            "asked: is the data usage policy of TCIA\\x1b accepted?",
        ),
        (
            Asked(PolicyQuestion(UsagePolicy("TCIA", "Be kind."), "2026-07-01T12:00:00+00:00")),
            "asked: is the data usage policy of TCIA accepted as it is now?",
        ),
        (
            Answered(DeniedQuestion((Denied(UID, "no"),), 3), answer=False),
            "answered: go on without the 1 that are denied?: no",
        ),
        (
            Answered(ExistingQuestion(1, 10, 2, 20), Existing.ALL),
            "answered: with 1 here and 2 missing, fetch what is missing, or all?: all",
        ),
    ],
)
def test_each_step_is_told_to_those_who_want_to_hear_it(event: Event, text: str) -> None:
    assert only(event) == Message(text, Tone.FAINT, Loudness.VERBOSE)


def test_the_set_of_silent_events_is_known() -> None:
    assert {kind.__name__ for kind in get_args(Event)} >= SILENT


def test_a_notice_that_only_repeats_the_name_is_left_out() -> None:
    repeating = evolve(FORBIDS, notice=f"{FREE.name} forbids it.")
    assert license_line(LicenseGroup(FREE, repeating, 3)) == f"3 series under CC BY 4.0 ({FREE.uri})."


def test_the_free_licence_is_told_with_its_address() -> None:
    assert (
        license_line(LicenseGroup(FREE, evolve(FORBIDS, notice=""), 3))
        == f"3 series under CC BY 4.0 ({FREE.uri})."
    )
