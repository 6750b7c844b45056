"""Values of the model for tests: a series, what is stored of it, and the task to fetch it."""

from __future__ import annotations

from cartload.model import License, MemberKind, SeriesRecord, SeriesUID, SOPInstanceUID, StudyUID
from cartload.plan import Need, Task
from cartload.ports import LicenseTerms, StoredFile, StoredSeries

FREE = LicenseTerms(commercial=True)


def a_series(
    uid: str = "1.2.3",
    *,
    size: int = 1000,
    annotations: int = 0,
    licence: License | None = None,
    description: str | None = "Axial",
) -> SeriesRecord:
    return SeriesRecord(
        series_uid=SeriesUID(uid),
        study_uid=StudyUID("1.2"),
        patient_id="P-1",
        collection="Kidney",
        image_count=2,
        image_bytes=size,
        annotation_bytes=annotations,
        has_annotations=annotations > 0,
        series_description=description,
        license=licence,
    )


def stored_at(directory: str, uid: str = "1.2.3", *names: str) -> StoredSeries:
    files = tuple(
        StoredFile(name, 500, "0" * 32, MemberKind.IMAGE, SOPInstanceUID(f"{uid}.{number}"))
        for number, name in enumerate(names or ("1-1.dcm", "1-2.dcm"))
    )
    return StoredSeries(SeriesUID(uid), directory, files)


def a_task(uid: str = "1.2.3", need: Need = Need.FETCH, *, size: int = 1000, reason: str = "") -> Task:
    if need in {Need.DENIED, Need.UNKNOWN}:
        return Task(SeriesUID(uid), need, sources=("nbia",), reason=reason)
    record = a_series(uid, size=size)
    return Task(SeriesUID(uid), need, record, f"Kidney/P-1/{uid}", ("nbia",), FREE, reason)
