"""The synthetic archive of the demo and the tests, and what builds one like it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from cartload.model import License, SeriesRecord, SeriesUID, StudyUID
from cartload.testing.archive import (
    Access,
    Annotation,
    ArchiveImage,
    ArchiveSeries,
    Catalogue,
    User,
    manifest_text,
)
from cartload.testing.catalogue_files import catalogue_of
from cartload.testing.images import (
    CT_IMAGE,
    MR_IMAGE,
    SEGMENTATION,
    SOP_CLASS_NAMES,
    Imager,
    Slice,
    Volume,
    pixels,
    size_of_pixels,
    sop_uid,
    uid,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = (
    "CC_BY",
    "CC_BY_3",
    "CC_BY_NC",
    "DEMO_POLICY",
    "DEMO_USER",
    "DEMO_USER_WITHOUT_RIGHTS",
    "Access",
    "Annotation",
    "ArchiveImage",
    "ArchiveSeries",
    "Catalogue",
    "User",
    "catalogue_of",
    "demo_catalogue",
    "manifest_text",
    "synthetic_series",
)

CC_BY = License(
    "Creative Commons Attribution 4.0 International License", "https://creativecommons.org/licenses/by/4.0/"
)
CC_BY_3 = License(
    "Creative Commons Attribution 3.0 Unported License", "https://creativecommons.org/licenses/by/3.0/"
)
CC_BY_NC = License(
    "Creative Commons Attribution-NonCommercial 4.0 International License",
    "https://creativecommons.org/licenses/by-nc/4.0/",
)
DEMO_USER = User("researcher", "a made-up password", frozenset({"DEMO-LIMITED"}))
DEMO_USER_WITHOUT_RIGHTS = User("visitor", "another made-up password")
DEMO_POLICY = """\
Data usage policy of the synthetic archive

These images show a phantom made of ellipsoids. Nobody was ever scanned.
By downloading them you agree to
 - name the collection when you show its images,
 - make no attempt to identify the subjects, who do not exist,
 - keep to the licence of each collection.
"""

_SOP_CLASSES = {"CT": CT_IMAGE, "MR": MR_IMAGE, "SEG": SEGMENTATION}


def synthetic_series(
    record: SeriesRecord,
    slices: Iterable[Slice],
    volume: Volume,
    *,
    annotations: Iterable[Annotation] = (),
    access: Access = Access.PUBLIC,
) -> ArchiveSeries:
    """Make a series of phantom images; their headers now, their pixels each time one is read.

    Raises ValueError where two slices would be the same image.
    """
    imager = Imager(record, volume)
    images = tuple(_drawn_later(imager, image) for image in slices)
    if len({image.sop_uid for image in images}) < len(images):
        raise ValueError(f"two slices of series {record.series_uid} are the same image; name them apart")
    details = {
        "PixelSpacing(mm)-Row": f"{volume.spacing}",
        "SliceThickness(mm)": f"{volume.thickness}",
        "BodyPartExamined": "CHEST",
        "ManufacturerModelName": "Ellipsoid 1",
        "PatientSex": "O",
        "Site": record.collection,
    }
    return ArchiveSeries.of(record, images, annotations, access, details)


def _drawn_later(imager: Imager, image: Slice) -> ArchiveImage:
    head = imager.head(image)
    modality, volume = imager.series.modality or "CT", imager.volume
    size = len(head) + size_of_pixels(modality, volume)
    produce = partial(_whole, head, modality, image.index, volume)
    return ArchiveImage(sop_uid(imager.series, image), image.acquisition, image.instance, produce, size)


def _whole(head: bytes, modality: str, index: int, volume: Volume) -> bytes:
    return head + pixels(modality, index, volume)


def _stack(count: int, acquisitions: Sequence[int | None] = (1,), first: int = 1) -> Iterable[Slice]:
    """Give *count* slices for each acquisition, instances numbered from *first* in each."""
    for acquisition in acquisitions:
        for index in range(count):
            yield Slice(acquisition=acquisition, instance=first + index, index=index)


def _record(  # noqa: PLR0913, PLR0917 - every value of a made-up record is a choice
    collection: str,
    patient: str,
    study: str,
    modality: str,
    number: str | None,
    description: str | None,
    *,
    day: date | None = date(2000, 1, 1),
    study_id: str | None = None,
    study_description: str | None = None,
    manufacturer: str | None = "PHANTOM MEDICAL, INC.",
    license_: License | None = CC_BY,
) -> SeriesRecord:
    return SeriesRecord(
        series_uid=SeriesUID(uid(collection, patient, study, modality, number or "", description or "")),
        study_uid=StudyUID(uid(collection, patient, study)),
        patient_id=patient,
        collection=collection,
        image_count=0,
        image_bytes=0,
        study_date=day,
        study_id=study_id,
        study_description=study_description,
        series_number=number,
        series_description=description,
        modality=modality,
        manufacturer=manufacturer,
        sop_class_uid=_SOP_CLASSES[modality],
        sop_class_name=SOP_CLASS_NAMES[_SOP_CLASSES[modality]],
        third_party_analysis="YES" if modality == "SEG" else "NO",
        data_description_uri=f"https://doi.org/10.7937/{collection.lower()}.2024",
        license=license_,
    )


def _marks(reader: int) -> Annotation:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Reading reader="{reader}">\n  <Nodule id="1" slice="12" x="{20 + reader}" y="25"/>\n</Reading>\n'
    )
    return Annotation(f"{68 + reader:03d}.xml", text.encode())


def demo_catalogue() -> Catalogue:
    """Make the archive of the demo: 12 series in five collections, 274 images, about 5 MB, two users.

    It has what breaks naive clients: interleaved acquisitions, missing numbers, dates and descriptions,
    characters that the server drops, annotations, a limited collection, a non-commercial licence and none.
    """
    series = (*_lung(), *_brain(), *_breast(), *_limited(), *_unlicensed())
    return Catalogue(series, DEMO_POLICY, (DEMO_USER, DEMO_USER_WITHOUT_RIGHTS))


def _lung() -> Iterable[ArchiveSeries]:
    made = partial(_record, "DEMO-LUNG", study_description="CT CHEST W/O & W (2-phase)")
    small, large = Volume(slices=42), Volume(rows=128, columns=128, slices=48, spacing=2.5)
    two_phases = made("DEMO-LUNG-0001", "1", "CT", "3000566", "AXIAL_THIN 2.5mm")
    yield synthetic_series(two_phases, _stack(42, (1, 2)), small, annotations=(_marks(1), _marks(2)))
    yield synthetic_series(made("DEMO-LUNG-0001", "1", "CT", "1", "SCOUT"), _stack(1), Volume(slices=3))
    lungs = made("DEMO-LUNG-0001", "1", "SEG", "1000", "Lungs, automatic")
    yield synthetic_series(lungs, (Slice(acquisition=None),), Volume(slices=24))
    yield synthetic_series(made("DEMO-LUNG-0002", "1", "CT", "2", "AXIAL 2.5"), _stack(48), large)


def _brain() -> Iterable[ArchiveSeries]:
    made = partial(_record, "DEMO-BRAIN", "BRAIN.07", day=date(1998, 12, 5), study_id="A17", license_=CC_BY_3)
    volume = Volume(rows=96, columns=96, slices=32, spacing=2.5)
    first = made("1", "MR", "5", "AXIAL_T2/FLAIR", study_description="MRI HEAD: PRE/POST")
    yield synthetic_series(first, _stack(32), volume)
    second = made("1", "MR", "6", "T1 post, gadolinium", study_description="MRI HEAD: PRE/POST")
    yield synthetic_series(second, _stack(24, (None,)), Volume(slices=24))
    unnumbered = made("2", "MR", None, None, study_description="Localizer")
    slices = (Slice(acquisition=1, instance=None, index=index, name=str(index)) for index in range(5))
    yield synthetic_series(unnumbered, slices, Volume(slices=5))


def _breast() -> Iterable[ArchiveSeries]:
    made = partial(_record, "DEMO-BREAST-NC", "Patient 3", license_=CC_BY_NC)
    told = made(
        "1", "MR", "4", "Ph1/Ax Größe", study_description="Brust beidseits \u2013 Kontrolle", study_id="7/B"
    )
    yield synthetic_series(told, _stack(30, first=43), Volume(slices=30))
    untold = made("2", "MR", "2", None, day=None, manufacturer=None)
    yield synthetic_series(untold, _stack(12), Volume(slices=12))


def _limited() -> Iterable[ArchiveSeries]:
    made = partial(_record, "DEMO-LIMITED", "LIMITED-1", "1", "CT", license_=None, study_description="FACE")
    yield synthetic_series(made("1", "AXIAL"), _stack(20), Volume(slices=20), access=Access.LIMITED)
    yield synthetic_series(made("2", "SCOUT"), _stack(1), Volume(slices=3), access=Access.LIMITED)


def _unlicensed() -> Iterable[ArchiveSeries]:
    made = _record("DEMO-PHANTOM", "P1", "1", "CT", "9", "QA", license_=None, manufacturer="A|B\\C")
    yield synthetic_series(made, _stack(16), Volume(slices=16))
