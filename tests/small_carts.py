"""A small archive that is quick to fetch over and over: a few series of a few tiny images each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from cartload.model import License, SeriesRecord, SeriesUID, StudyUID
from cartload.testing.archive import Annotation, Catalogue
from cartload.testing.catalogue import CC_BY, synthetic_series
from cartload.testing.images import Slice, Volume, uid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cartload.testing.archive import ArchiveSeries

POLICY = "Name the collection when you show its images.\n" * 20
TINY = Volume(rows=16, columns=16, slices=5)


def a_record(number: int = 1, *, licence: License | None = CC_BY, **fields: str | None) -> SeriesRecord:
    """Describe a made-up series; *fields* are other values of the record."""
    told: dict[str, str | None] = {
        "patient_id": f"P-{number}",
        "collection": "SMALL",
        "series_number": f"{number}",
        "series_description": f"Axial {number}",
        "study_description": "CT CHEST",
        "modality": "CT",
        "manufacturer": "PHANTOM",
        **fields,
    }
    return SeriesRecord(
        series_uid=SeriesUID(uid("small", str(number))),
        study_uid=StudyUID(uid("small study", str(number))),
        image_count=0,
        image_bytes=0,
        study_date=date(2000, 1, 1),
        sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
        sop_class_name="CT Image Storage",
        third_party_analysis="NO",
        license=licence,
        **told,  # type: ignore[arg-type]  # the two that may not be None are texts
    )


def a_series(
    record: SeriesRecord, images: int = 5, annotations: Sequence[Annotation] = (), volume: Volume = TINY
) -> ArchiveSeries:
    """Store images for a record; they are drawn once, not each time they are read."""
    slices = (Slice(instance=index + 1, index=index) for index in range(images))
    made = synthetic_series(record, slices, volume, annotations=annotations)
    return evolve(made, images=tuple(evolve(image, content=image.read()) for image in made.images))


def a_catalogue(series: Iterable[ArchiveSeries] | None = None, *, policy: str | None = POLICY) -> Catalogue:
    """Put series (four, unless others are given) into an archive."""
    made = (a_series(a_record(number)) for number in range(1, 5)) if series is None else series
    return Catalogue(tuple(made), policy)
