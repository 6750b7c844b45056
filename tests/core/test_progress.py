"""Progress: events in, a snapshot while it runs and a report when it is over."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cartload.events import (
    Answered,
    Asked,
    AttemptFailed,
    BytesReceived,
    Event,
    ManifestRead,
    PlanMade,
    PluginFailed,
    PolicyQuestion,
    Received,
    SeriesDescribed,
    SeriesStored,
    SessionChanged,
    SessionEnded,
    TaskChanged,
    Warned,
)
from cartload.manifest import Manifest, ManifestSource
from cartload.model import License, SeriesUID, UsagePolicy
from cartload.plan import INITIAL, LicenseGroup, Need, Plan, Task
from cartload.progress import RATE_WINDOW, Active, Attempt, Progress, Shortfall, Verdict
from cartload.state import TASK_TABLE, SessionState, TaskInput, TaskState
from series_builders import FREE, a_series, a_task

A, B, C, D = (SeriesUID(f"1.{number}") for number in range(4))
PLAN = Plan(
    (
        a_task(A, size=1000),
        a_task(B, size=500),
        a_task(C, Need.HELD, size=9999),
        a_task(D, Need.DENIED, reason="It is limited."),
    )
)


class FakeClock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Watched:
    """A progress, its clock, and short words for what happens."""

    def __init__(self, plan: Plan = PLAN) -> None:
        self.clock = FakeClock()
        self.progress = Progress(self.clock)
        self.states = {task.series_uid: INITIAL[task.need] for task in plan.tasks}
        self.hear(PlanMade(plan))

    def hear(self, *events: Event) -> None:
        for event in events:
            self.progress(event)

    def becomes(self, state: SessionState) -> None:
        self.hear(SessionChanged(self.progress.state, state))

    def goes(self, uid: SeriesUID, *states: TaskState, reason: str = "") -> None:
        for state in states:
            old, self.states[uid] = self.states[uid], state
            self.hear(TaskChanged(uid, old, state, reason))

    def receives(self, seconds: float, total: int, **bytes_of: int) -> None:
        self.clock.now += seconds
        names = {"a": A, "b": B}
        series = tuple(Received(names[name], 1, size) for name, size in bytes_of.items())
        self.hear(BytesReceived(series, total))


FETCHED = (TaskState.FETCHING, TaskState.VERIFYING, TaskState.STORING, TaskState.COMPLETE)


def running(plan: Plan = PLAN) -> Watched:
    watched = Watched(plan)
    watched.becomes(SessionState.RUNNING)
    return watched


# --- the snapshot -------------------------------------------------------------------------------


def test_before_anything_happened_there_is_nothing_to_show() -> None:
    snapshot = Progress(FakeClock()).snapshot()
    assert snapshot.state is SessionState.NEW
    assert (snapshot.described, snapshot.cart, snapshot.done, snapshot.total) == (0, 0, 0, 0)
    assert (snapshot.rate, snapshot.left, snapshot.active) == (0.0, None, ())
    assert not sum(snapshot.counts.values())


def test_it_follows_the_description_of_the_cart() -> None:
    progress = Progress(FakeClock())
    progress(SeriesDescribed(500, 2000))
    snapshot = progress.snapshot()
    assert (snapshot.described, snapshot.cart) == (500, 2000)


def test_a_plan_is_counted_by_state_and_only_what_is_fetched_is_to_come() -> None:
    snapshot = Watched().progress.snapshot()
    assert snapshot.counts == {TaskState.QUEUED: 2, TaskState.ALREADY_HELD: 1, TaskState.DENIED: 1}
    assert (snapshot.done, snapshot.total) == (0, 1500)


def test_what_is_being_fetched_is_shown_with_what_has_arrived_of_it() -> None:
    watched = running()
    watched.goes(A, TaskState.FETCHING)
    watched.receives(1.0, 400, a=400)
    snapshot = watched.progress.snapshot()
    assert snapshot.active == (Active(PLAN.tasks[0], TaskState.FETCHING, 1, 400),)
    assert snapshot.done == 400


def test_what_is_verified_and_stored_is_still_in_hand() -> None:
    watched = running()
    watched.goes(A, TaskState.FETCHING)
    watched.receives(1.0, 1000, a=1000)
    watched.goes(A, TaskState.VERIFYING, TaskState.STORING)
    assert [active.bytes for active in watched.progress.snapshot().active] == [1000]
    watched.goes(A, TaskState.COMPLETE)
    assert watched.progress.snapshot().active == ()


def test_what_is_complete_counts_with_its_announced_size() -> None:
    watched = running()
    watched.goes(A, *FETCHED)
    assert watched.progress.snapshot().done == 1000


@pytest.mark.parametrize("state", [TaskState.WAITING, TaskState.PAUSED, TaskState.FAILED])
def test_what_left_the_workers_hands_is_shown_no_more(state: TaskState) -> None:
    watched = running()
    watched.goes(A, TaskState.FETCHING)
    watched.receives(1.0, 400, a=400)
    watched.goes(A, state)
    snapshot = watched.progress.snapshot()
    assert (snapshot.active, snapshot.done, snapshot.total) == ((), 0, 1500)


def test_bytes_of_what_is_in_nobodys_hands_show_nothing() -> None:
    watched = running()
    watched.receives(1.0, 400, a=400)
    assert watched.progress.snapshot().active == ()


def test_what_was_removed_is_no_longer_to_come() -> None:
    watched = running()
    watched.goes(B, TaskState.REMOVED)
    watched.goes(D, TaskState.REMOVED)
    assert watched.progress.snapshot().total == 1000


def test_more_than_was_announced_is_shown_as_all_of_it() -> None:
    watched = running()
    watched.goes(A, TaskState.FETCHING)
    watched.receives(1.0, 0, a=0)
    watched.receives(1.0, 9000, a=9000)
    snapshot = watched.progress.snapshot()
    assert (snapshot.done, snapshot.total, snapshot.left) == (1500, 1500, 0.0)


def test_a_new_plan_replaces_the_old_one() -> None:
    watched = Watched()
    watched.hear(PlanMade(PLAN.refetching()))
    snapshot = watched.progress.snapshot()
    assert snapshot.total == 1500 + 9999
    assert snapshot.counts == {TaskState.QUEUED: 3, TaskState.DENIED: 1}


def test_the_task_of_a_series_can_be_asked_for() -> None:
    assert Watched().progress.task(B) == PLAN.tasks[1]


# --- rate and time left -------------------------------------------------------------------------


def test_the_rate_is_what_came_over_the_time_it_took() -> None:
    watched = running()
    watched.goes(A, TaskState.FETCHING)
    watched.receives(1.0, 100, a=100)
    watched.receives(2.0, 500, a=500)
    snapshot = watched.progress.snapshot()
    assert snapshot.rate == 200.0
    assert snapshot.left == (1500 - 500) / 200.0


def test_one_reading_makes_no_rate() -> None:
    watched = running()
    watched.receives(1.0, 100)
    snapshot = watched.progress.snapshot()
    assert (snapshot.rate, snapshot.left) == (0.0, None)


def test_a_clock_that_stands_still_makes_no_rate() -> None:
    watched = running()
    watched.receives(0.0, 100)
    watched.receives(0.0, 200)
    assert watched.progress.snapshot().rate == 0.0


def test_the_rate_forgets_what_is_long_past() -> None:
    watched = running()
    watched.receives(0.0, 0)
    watched.receives(1.0, 1_000_000)
    for second in range(1, 31):
        watched.receives(1.0, 1_000_000 + 10 * second)
    assert watched.progress.snapshot().rate == 10.0


def test_the_rate_sinks_when_nothing_comes() -> None:
    watched = running()
    watched.receives(0.0, 0)
    watched.receives(1.0, 100)
    watched.clock.now += 9.0
    assert watched.progress.snapshot().rate == 10.0


def test_the_rate_starts_afresh_after_a_pause() -> None:
    watched = running()
    watched.receives(0.0, 0)
    watched.receives(1.0, 100)
    watched.becomes(SessionState.PAUSING)
    watched.becomes(SessionState.PAUSED)
    assert watched.progress.snapshot().rate == 0.0
    watched.clock.now += 3600.0
    watched.becomes(SessionState.RUNNING)
    assert watched.progress.snapshot().rate == 0.0
    watched.receives(0.0, 100)
    watched.receives(1.0, 150)
    assert watched.progress.snapshot().rate == 50.0


@given(st.lists(st.tuples(st.floats(0.0, 2 * RATE_WINDOW), st.integers(0, 10**9)), min_size=2, max_size=30))
def test_the_rate_is_never_more_than_the_fastest_stretch(readings: list[tuple[float, int]]) -> None:
    watched = running()
    total, fastest = 0, 0.0
    for number, (seconds, size) in enumerate(readings):
        total += size
        before = watched.clock.now
        watched.receives(seconds, total)
        elapsed = watched.clock.now - before
        if number:
            fastest = max(fastest, size / elapsed if elapsed else float("inf"))
    assert 0.0 <= watched.progress.snapshot().rate <= fastest * 1.001


# --- the report ---------------------------------------------------------------------------------


def test_a_report_of_a_cart_that_came_home() -> None:
    watched = Watched(Plan(PLAN.tasks[:3]))
    source = ManifestSource("cart.tcia", b"")
    manifest = Manifest(source=source, server_url="https://a.example", series=(A, B, C), transports=("nbia",))
    watched.hear(ManifestRead(manifest))
    watched.becomes(SessionState.RUNNING)
    for uid in (A, B):
        watched.goes(uid, *FETCHED)
    watched.receives(60.0, 1600)
    watched.becomes(SessionState.FINISHED)
    report = watched.progress.report()
    assert (report.manifest, report.server, report.series) == ("cart.tcia", "https://a.example", 3)
    assert (report.complete, report.already_held, report.removed) == (2, 1, 0)
    assert report.fetched_bytes == 1600
    assert report.ended - report.started == 60.0
    assert report.shortfalls == ()
    assert report.licenses == (LicenseGroup(None, FREE, 3),)
    assert report.verdict is Verdict.COMPLETE


def test_what_is_not_there_is_named_with_its_reason_and_every_attempt() -> None:
    watched = running()
    watched.goes(A, TaskState.FETCHING)
    watched.hear(AttemptFailed(A, 1, "nbia", "busy.", 2.0))
    watched.goes(A, TaskState.WAITING, reason="busy.")
    watched.clock.now += 2.0
    watched.goes(A, TaskState.FETCHING)
    watched.hear(AttemptFailed(A, 2, "rest", "cut.", None))
    watched.goes(A, TaskState.FAILED, reason="cut.")
    watched.goes(B, *FETCHED)
    attempts = (
        Attempt(1, 1_000_000.0, "nbia", "busy.", 2.0),
        Attempt(2, 1_000_002.0, "rest", "cut.", None),
    )
    study = PLAN.tasks[0].record.study_uid if PLAN.tasks[0].record else ""
    assert watched.progress.report().shortfalls == (
        Shortfall(A, TaskState.FAILED, "cut.", "Kidney", "P-1", "Axial", attempts, study),
        Shortfall(D, TaskState.DENIED, "It is limited."),
    )


def test_a_series_without_a_description_is_named_without_one() -> None:
    task = evolve(a_task(A), record=a_series(A, description=None))
    watched = running(Plan((task,)))
    assert [shortfall.description for shortfall in watched.progress.report().shortfalls] == [""]


def test_what_was_stored_has_no_reason_left() -> None:
    watched = running()
    watched.goes(A, TaskState.FETCHING)
    watched.goes(A, TaskState.WAITING, reason="busy.")
    watched.hear(SeriesStored(A, "Kidney", 2, 1000, "nbia"))
    watched.goes(A, TaskState.QUEUED)
    assert watched.progress.report().shortfalls[0].reason == ""


def test_the_report_counts_what_each_transport_brought() -> None:
    watched = running()
    watched.hear(SeriesStored(A, "Kidney/1", 2, 1000, "nbia"), SeriesStored(B, "Kidney/2", 2, 500, "rest"))
    assert watched.progress.report().sources == {"nbia": 1, "rest": 1}


def test_the_start_is_the_first_one() -> None:
    watched = running()
    watched.clock.now += 60.0
    watched.becomes(SessionState.PAUSED)
    watched.becomes(SessionState.RUNNING)
    assert watched.progress.report().started == 1_000_000.0


def test_warnings_and_failing_plugins_are_kept() -> None:
    watched = Watched()
    watched.hear(Warned("cart.tcia", "a line came twice"), Warned("", "late"), PluginFailed("sftp", "broken"))
    report = watched.progress.report()
    assert report.warnings == ("cart.tcia: a line came twice", "late")
    assert report.plugin_failures == ("sftp: broken",)


def test_a_copy_stays_as_it_was() -> None:
    watched = running()
    watched.receives(1.0, 100, a=100)
    watched.goes(A, TaskState.FETCHING)
    watched.hear(AttemptFailed(A, 1, "nbia", "busy.", 2.0), Warned("cart.tcia", "late"))
    copied = watched.progress.copy()
    before = watched.progress.report(), watched.progress.snapshot()
    assert (copied.report(), copied.snapshot()) == before
    watched.hear(AttemptFailed(A, 2, "nbia", "busy.", 2.0), Warned("", "again"), PluginFailed("x", "y"))
    watched.goes(A, TaskState.WAITING, reason="busy.")
    watched.goes(B, *FETCHED)
    watched.hear(SeriesStored(B, "Kidney", 2, 500, "nbia"))
    watched.hear(BytesReceived((), 900))
    assert (copied.report(), copied.snapshot()) == before
    assert watched.progress.report() != before[0]


def test_questions_and_ends_change_nothing() -> None:
    question = PolicyQuestion(UsagePolicy("TCIA", "Be kind."))
    watched = Watched()
    before = watched.progress.report(), watched.progress.snapshot()
    watched.hear(Asked(question), Answered(question, answer=True), SessionEnded(1, 0, 0, 0, 0, 0))
    assert (watched.progress.report(), watched.progress.snapshot()) == before


def test_it_knows_whether_any_series_failed() -> None:
    watched = running()
    known = []
    for state in (TaskState.FETCHING, TaskState.FAILED, TaskState.QUEUED):
        watched.goes(A, state)
        known.append(watched.progress.has_retryable_failures)
    assert known == [False, True, False]


def test_a_series_that_the_archive_does_not_know_cannot_be_tried_again() -> None:
    watched = Watched(Plan((a_task(A, Need.UNKNOWN), a_task(B, Need.FETCH))))
    known = [watched.progress.has_retryable_failures]
    watched.goes(B, TaskState.FETCHING)
    watched.goes(B, TaskState.FAILED)
    known.append(watched.progress.has_retryable_failures)
    watched.goes(A, TaskState.REMOVED)
    known.append(watched.progress.has_retryable_failures)
    assert known == [False, True, True]


@pytest.mark.parametrize(
    ("needs", "state", "verdict"),
    [
        ([Need.HELD], SessionState.FINISHED, Verdict.COMPLETE),
        ([], SessionState.FINISHED, Verdict.COMPLETE),
        ([Need.HELD, Need.DENIED], SessionState.FINISHED, Verdict.DENIED),
        ([Need.UNKNOWN, Need.DENIED, Need.HELD], SessionState.FINISHED, Verdict.FAILED),
        ([Need.UNKNOWN], SessionState.CANCELLED, Verdict.FAILED),
        ([Need.FETCH], SessionState.FINISHED, Verdict.UNFINISHED),
        ([Need.FETCH, Need.DENIED], SessionState.CANCELLED, Verdict.UNFINISHED),
        ([Need.HELD], SessionState.CANCELLED, Verdict.UNFINISHED),
        ([Need.HELD], SessionState.READY, Verdict.UNFINISHED),
        ([], SessionState.FAILED, Verdict.UNFINISHED),
    ],
)
def test_the_verdict_is_complete_only_when_every_series_is_there(
    needs: list[Need], state: SessionState, verdict: Verdict
) -> None:
    watched = Watched(Plan(tuple(a_task(f"1.{number}", need) for number, need in enumerate(needs))))
    watched.becomes(state)
    assert watched.progress.report().verdict is verdict


def test_what_was_removed_is_not_missed() -> None:
    watched = running(Plan((a_task(A),)))
    watched.goes(A, TaskState.REMOVED)
    watched.becomes(SessionState.FINISHED)
    report = watched.progress.report()
    assert (report.removed, report.verdict) == (1, Verdict.COMPLETE)


# --- the laws -----------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from(Need), max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(TaskInput)), max_size=40),
)
def test_a_report_accounts_for_every_series_whatever_happens(
    needs: list[Need], happening: list[tuple[int, TaskInput]]
) -> None:
    tasks: list[Task] = [a_task(f"1.{number}", need, size=100) for number, need in enumerate(needs)]
    states = [INITIAL[need] for need in needs]
    watched = running(Plan(tuple(tasks)))
    for number, given_input in happening:
        new = TASK_TABLE.get((states[number], given_input)) if number < len(states) else None
        if new is not None:
            watched.hear(TaskChanged(tasks[number].series_uid, states[number], new))
            states[number] = new
    report, snapshot = watched.progress.report(), watched.progress.snapshot()
    assert {state: count for state, count in snapshot.counts.items() if count} == {
        state: states.count(state) for state in states
    }
    unwanted = report.removed + len(report.left_out)
    assert report.complete + report.already_held + unwanted + len(report.shortfalls) == len(tasks)
    assert 0 <= snapshot.done <= snapshot.total
    assert len(snapshot.active) == sum(state.is_active for state in states)


def test_licences_of_the_plan_are_in_the_report() -> None:
    licence = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
    task = evolve(a_task(A), record=a_series(A, licence=licence))
    assert running(Plan((task,))).progress.report().licenses == (LicenseGroup(licence, FREE, 1),)
