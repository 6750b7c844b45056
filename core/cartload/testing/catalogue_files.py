"""A synthetic archive that serves real DICOM files, their bytes untouched."""

from __future__ import annotations

import warnings
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from cartload.model import SeriesRecord, SeriesUID, SOPInstanceUID, StudyUID
from cartload.testing.archive import ArchiveImage, ArchiveSeries, Catalogue
from cartload.testing.images import uid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pydicom.dataset import FileDataset

    from cartload.testing.archive import User


def catalogue_of(*sources: Path, policy: str | None = None, users: Iterable[User] = ()) -> Catalogue:
    """Build an archive from DICOM files and from all those below folders; their bytes stay on disk.

    Of several files with one SOP Instance UID the first is kept, as archives do. In a folder, files that
    are no images of a series are passed over; a file that is named itself and is none raises ValueError.
    """
    grouped: dict[str, dict[str, tuple[Path, FileDataset]]] = defaultdict(dict)
    for path, read in _readable(sources):
        grouped[str(read.SeriesInstanceUID)].setdefault(str(read.SOPInstanceUID), (path, read))
    return Catalogue((_stored(tuple(files.values())) for files in grouped.values()), policy, tuple(users))


def _readable(sources: Iterable[Path]) -> Iterable[tuple[Path, FileDataset]]:
    from pydicom.errors import InvalidDicomError  # noqa: PLC0415 - slow to import, and many never need it

    for source in sources:
        named = not source.is_dir()
        for path in (source,) if named else sorted(found for found in source.rglob("*") if found.is_file()):
            try:
                read = _read(path)
            except InvalidDicomError as error:
                if named:
                    raise ValueError(f"{path} is not a DICOM file") from error
                continue
            if "SeriesInstanceUID" in read and "SOPInstanceUID" in read:
                yield path, read
            elif named:
                raise ValueError(f"{path} names no series or no instance")


def _read(path: Path) -> FileDataset:
    from pydicom import dcmread  # noqa: PLC0415 - see _readable

    with warnings.catch_warnings():
        # What is odd about a file is what it is served for; nothing is repaired here.
        warnings.simplefilter("ignore")
        return dcmread(path, stop_before_pixels=True)


def _stored(files: Sequence[tuple[Path, FileDataset]]) -> ArchiveSeries:
    first = files[0][1]
    record = SeriesRecord(
        series_uid=SeriesUID(str(first.SeriesInstanceUID)),
        study_uid=StudyUID(_text(first, "StudyInstanceUID") or uid("study", str(first.SeriesInstanceUID))),
        patient_id=_text(first, "PatientID") or "UNKNOWN",
        collection=_text(first, "ClinicalTrialProtocolID") or "DICOM-FILES",
        image_count=0,
        image_bytes=0,
        study_date=_day(_text(first, "StudyDate")),
        study_id=_text(first, "StudyID"),
        study_description=_text(first, "StudyDescription"),
        series_number=_text(first, "SeriesNumber"),
        series_description=_text(first, "SeriesDescription"),
        modality=_text(first, "Modality"),
        manufacturer=_text(first, "Manufacturer"),
        sop_class_uid=_text(first, "SOPClassUID"),
        sop_class_name=first.SOPClassUID.name if _text(first, "SOPClassUID") else None,
    )
    return ArchiveSeries.of(record, (_on_disk(path, read) for path, read in files))


def _on_disk(path: Path, read: FileDataset) -> ArchiveImage:
    return ArchiveImage(
        SOPInstanceUID(str(read.SOPInstanceUID)),
        _number(_text(read, "AcquisitionNumber")),
        _number(_text(read, "InstanceNumber")),
        path.read_bytes,
        path.stat().st_size,
    )


def _text(read: FileDataset, keyword: str) -> str | None:
    return str(read.get(keyword) or "").strip() or None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("+-").isdecimal() else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
