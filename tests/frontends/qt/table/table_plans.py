"""Plans for tests of the table: small ones to be read, large ones to be measured, and hostile ones."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from cartload.events import SeriesStored, TaskChanged
from cartload.model import License, SeriesUID, StudyUID
from cartload.plan import INITIAL, Need, Plan, Task
from cartload.ports import LicenseTerms
from cartload.state import TaskState
from series_builders import a_series

RESTRICTED = LicenseTerms(commercial=False, notice="Ask before you sell it.")
FREE = LicenseTerms(commercial=True)
NC = License("CC BY-NC 3.0", "https://example.org/nc")

HOSTILE = (
    "<b>bold</b>",
    "<img src='http://evil.example/x.png'>",
    "a & b &amp; <a href='x'>c</a>",
    "gpj\u202eexe",
    "two\nlines\tand a tab",
    "=HYPERLINK(1)",
    "x" * 10_000,
    "9" * 10_000,
    "",
)


def uid(number: int) -> SeriesUID:
    return SeriesUID(f"1.2.840.{number}")


def a_plan_task(
    number: int,
    *,
    collection: str = "Kidney",
    patient: str = "P-1",
    description: str | None = "Axial",
    size: int = 1000,
    need: Need = Need.FETCH,
    licence: License | None = None,
    reason: str = "",
) -> Task:
    if need in {Need.DENIED, Need.UNKNOWN}:
        return Task(uid(number), need, reason=reason)
    record = evolve(
        a_series(uid(number), size=size, description=description, licence=licence),
        collection=collection,
        patient_id=patient,
        study_uid=StudyUID(f"1.3.9.{number // 2}"),
        study_date=date(2001, 2, 1 + number % 28),
        series_number=str(number),
        modality="CT" if number % 2 else "MR",
    )
    terms = RESTRICTED if licence is NC else FREE
    return Task(uid(number), need, record, f"{collection}/{number}", ("nbia",), terms, reason)


def small() -> Plan:
    """Give six series: two collections, three patients, one held, one denied, one of restricted use."""
    return Plan(
        (
            a_plan_task(1, patient="P-10", size=3_000),
            a_plan_task(2, patient="P-9", size=500, description="Sagittal T1"),
            a_plan_task(3, patient="P-9", size=20_000, need=Need.HELD),
            a_plan_task(4, collection="brain", patient="B-1", size=7_000, licence=NC),
            a_plan_task(5, need=Need.DENIED, reason=f"{uid(5)}: It is limited to members."),
            a_plan_task(6, need=Need.UNKNOWN, reason="No such series."),
        )
    )


def large(count: int) -> Plan:
    return Plan(
        tuple(
            a_plan_task(
                number,
                collection=f"Collection {number // 8 % 5}",
                patient=f"P-{number // 8}",
                description=f"Series {number % 300}",
                size=number * 7919 % 1_000_003,
                licence=NC if number % 50 == 0 else None,
            )
            for number in range(count)
        )
    )


def hostile() -> Plan:
    """Give a series for each evil text, which stands wherever a server may write."""
    return Plan(tuple(_hostile(number, text) for number, text in enumerate(HOSTILE)))


def _hostile(number: int, text: str) -> Task:
    task = a_plan_task(number, collection=text, patient=text, description=text, licence=License(text, text))
    assert task.record is not None
    record = evolve(
        task.record,
        study_description=text,
        series_number=text,
        modality=text,
        image_count=10**30,
        image_bytes=10**40,
    )
    return evolve(task, record=record, terms=evolve(RESTRICTED, notice=text), reason=text, directory=text)


def going(task: Task, *states: TaskState, reason: str = "") -> list[TaskChanged]:
    """Give the events that take a task of a plan from where it begins through these states."""
    following = (INITIAL[task.need], *states)
    return [
        TaskChanged(task.series_uid, old, new, reason if new is states[-1] else "")
        for old, new in zip(following, states, strict=False)
    ]


COMPLETION = (TaskState.FETCHING, TaskState.VERIFYING, TaskState.STORING, TaskState.COMPLETE)


def completing(task: Task) -> list[TaskChanged | SeriesStored]:
    """Give the events of a series that is downloaded."""
    stored = SeriesStored(task.series_uid, f"there/{task.series_uid}", 2, task.size, "nbia")
    return [*going(task, *COMPLETION), stored]
