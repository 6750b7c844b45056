"""Values that the frontend's tests share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cartload.manifest import Manifest, ManifestSource
from cartload.model import License, SeriesRecord, SeriesUID, StudyUID
from cartload.plan import LicenseGroup, Need, Plan, Task
from cartload.ports import LicenseTerms
from cartload.progress import Attempt, Report, Shortfall
from cartload.state import SessionState, TaskState

ROOT = Path("carts") / "lung"
FREE = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
RESTRICTED = License("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/")
ALLOWS = LicenseTerms(commercial=True)
FORBIDS = LicenseTerms(commercial=False, notice="Ask the owners.")

SOURCE = ManifestSource("lung.tcia", b"\xff")
MANIFEST = Manifest(
    source=SOURCE,
    server_url="https://archive.example/download",
    series=(SeriesUID("1.1"), SeriesUID("1.2")),
    transports=("nbia",),
)


def record(uid: str, *, patient: str = "LUNG-1", description: str | None = "AXIAL") -> SeriesRecord:
    return SeriesRecord(
        series_uid=SeriesUID(uid),
        study_uid=StudyUID("1.9"),
        patient_id=patient,
        collection="LUNG",
        image_count=40,
        image_bytes=4_000_000,
        study_date=date(2000, 1, 2),
        study_description="CHEST",
        series_number="3",
        series_description=description,
        modality="CT",
        license=FREE,
    )


def task(uid: str, need: Need = Need.FETCH, terms: LicenseTerms = ALLOWS, *, patient: str = "LUNG-1") -> Task:
    if need in {Need.DENIED, Need.UNKNOWN}:
        return Task(SeriesUID(uid), need, reason="it says no.")
    described = record(uid, patient=patient)
    reason = "It is not allowed." if need is Need.LEFT_OUT else ""
    return Task(SeriesUID(uid), need, described, f"LUNG/{patient}/{uid}", ("nbia",), terms, reason)


def plan(*needs: Need) -> Plan:
    return Plan(tuple(task(f"1.{number}", need) for number, need in enumerate(needs, 1)))


def shortfall(uid: str, state: TaskState = TaskState.FAILED, reason: str = "It was cut.") -> Shortfall:
    attempts = (
        Attempt(1, 1_700_000_000.0, "nbia", "timed out", 12.5),
        Attempt(2, 1_700_000_060.0, "nbia", "It was cut."),
    )
    return Shortfall(SeriesUID(uid), state, reason, "LUNG", "LUNG-1", "AXIAL", attempts, "1.9")


def report(
    *shortfalls: Shortfall,
    state: SessionState = SessionState.FINISHED,
    complete: int = 2,
    removed: int = 0,
    licenses: tuple[LicenseGroup, ...] = (LicenseGroup(FREE, ALLOWS, 3),),
    left_out: tuple[Shortfall, ...] = (),
) -> Report:
    return Report(
        manifest="lung.tcia",
        server="https://archive.example/download",
        series=2 + 1 + removed + len(shortfalls) + len(left_out),
        sources={"nbia": 2},
        state=state,
        complete=complete,
        already_held=1,
        removed=removed,
        fetched_bytes=8_000_000,
        started=1_700_000_000.0,
        ended=1_700_000_004.0,
        shortfalls=shortfalls,
        left_out=left_out,
        licenses=licenses,
        warnings=("lung.tcia: a UID is there twice.",),
        plugin_failures=("nbia: ValueError: oops",),
    )
