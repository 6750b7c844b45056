"""The cart in the pictures: made-up series of five collections, with what people meet in real ones."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.model import SeriesRecord, SeriesUID, StudyUID
from cartload.testing.archive import Access, Annotation, ArchiveImage, ArchiveSeries, Catalogue
from cartload.testing.catalogue import CC_BY, CC_BY_3, CC_BY_NC, DEMO_POLICY
from cartload.testing.images import (
    CT_IMAGE,
    MR_IMAGE,
    SEGMENTATION,
    SOP_CLASS_NAMES,
    Imager,
    Slice,
    Volume,
    size_of_pixels,
    sop_uid,
    uid,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cartload.model import License

_SOP_CLASSES: Mapping[str, str] = {"CT": CT_IMAGE, "MR": MR_IMAGE, "SEG": SEGMENTATION}
_LICENSES: Mapping[str, License] = {
    "LUNG-SCREENING": CC_BY,
    "GLIOMA-FOLLOWUP": CC_BY_3,
    "BREAST-DCE": CC_BY_NC,
    "PANCREAS-CT": CC_BY,
}
LIMITED = "HEAD-NECK-FACES"
_FEW = 40
"""Images of a series that nobody has read and marked."""
_MARKS = b'<?xml version="1.0" encoding="UTF-8"?>\n<Reading reader="1"/>\n'


@frozen
class Study:
    """A study in the pictures; ``series`` are modality, number, description, images, and side of an image."""

    collection: str
    patient: str
    day: date
    description: str
    series: tuple[tuple[str, str, str, int, int], ...]


STUDIES = (
    Study(
        "LUNG-SCREENING",
        "LS-0017",
        date(2003, 5, 12),
        "CT chest low dose",
        (
            ("CT", "1", "Scout", 2, 2),
            ("CT", "2", "Axial 1.25 mm lung", 48, 2),
            ("CT", "3", "Axial 2.5 mm soft tissue", 24, 2),
            ("SEG", "100", "Nodules, reader 1", 1, 2),
        ),
    ),
    Study(
        "LUNG-SCREENING",
        "LS-0021",
        date(2004, 2, 3),
        "CT chest low dose",
        (("CT", "1", "Scout", 2, 2), ("CT", "2", "Axial 1.25 mm lung", 52, 2)),
    ),
    Study(
        "GLIOMA-FOLLOWUP",
        "GF-104",
        date(2011, 9, 27),
        "MR brain with contrast",
        (
            ("MR", "3", "AX T2 FLAIR", 36, 1),
            ("MR", "4", "AX DWI b1000", 60, 1),
            ("MR", "7", "AX T1 post", 36, 1),
            ("SEG", "200", "Enhancing tumour", 1, 1),
        ),
    ),
    Study(
        "GLIOMA-FOLLOWUP",
        "GF-104",
        date(2012, 3, 19),
        "MR brain with contrast",
        (("MR", "3", "AX T2 FLAIR", 36, 1), ("MR", "7", "AX T1 post", 36, 1)),
    ),
    Study(
        "BREAST-DCE",
        "BD-33",
        date(2015, 6, 30),
        "MR breast bilateral",
        (("MR", "5", "DCE phase 1", 40, 1), ("MR", "6", "DCE phase 2", 40, 1)),
    ),
    Study(
        "PANCREAS-CT",
        "PC-008",
        date(2009, 11, 4),
        "CT abdomen portal venous",
        (("CT", "2", "Axial 1.0 mm", 60, 2), ("SEG", "300", "Pancreas", 1, 2)),
    ),
    Study(LIMITED, "HN-02", date(2010, 1, 8), "CT neck", (("CT", "2", "Axial 2 mm", 20, 2),)),
)


def catalogue(side: int) -> Catalogue:
    """Make the archive; *side* is that of its small images, in pixels: a test needs fewer than a picture."""
    return Catalogue((one for study in STUDIES for one in _series(study, side)), DEMO_POLICY)


def _series(study: Study, side: int) -> Iterable[ArchiveSeries]:
    for modality, number, description, count, times in study.series:
        record = _record(study, modality, number, description)
        volume = Volume(rows=side * times, columns=side * times, slices=count if modality != "SEG" else 4)
        marks = (Annotation("071.xml", _MARKS),) if modality == "CT" and count > _FEW else ()
        access = Access.LIMITED if study.collection == LIMITED else Access.PUBLIC
        yield ArchiveSeries.of(record, _images(record, volume, count), marks, access)


def _record(study: Study, modality: str, number: str, description: str) -> SeriesRecord:
    names = (study.collection, study.patient, study.day.isoformat())
    return SeriesRecord(
        series_uid=SeriesUID(uid(*names, number)),
        study_uid=StudyUID(uid(*names)),
        patient_id=study.patient,
        collection=study.collection,
        image_count=0,
        image_bytes=0,
        study_date=study.day,
        study_description=study.description,
        series_number=number,
        series_description=description,
        modality=modality,
        manufacturer="PHANTOM MEDICAL",
        sop_class_uid=_SOP_CLASSES[modality],
        sop_class_name=SOP_CLASS_NAMES[_SOP_CLASSES[modality]],
        data_description_uri=f"https://doi.org/10.7937/{study.collection.lower()}",
        license=_LICENSES.get(study.collection),
    )


def _images(record: SeriesRecord, volume: Volume, count: int) -> Iterable[ArchiveImage]:
    """Make images of blank pixels: nobody looks at them here, and drawing takes its time."""
    imager, length = Imager(record, volume), size_of_pixels(record.modality or "CT", volume)
    for index in range(count):
        image = Slice(acquisition=1, instance=index + 1, index=index)
        head = imager.head(image)
        whole = partial(bytes.ljust, head, len(head) + length, b"\0")
        yield ArchiveImage(sop_uid(record, image), 1, index + 1, whole, len(head) + length)
