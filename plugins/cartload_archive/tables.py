"""The columns of the REST API's tables, each with how a series fills it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartload_archive.lines import series_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cartload.testing.archive import ArchiveSeries

Value = str | int | None
Row = tuple[tuple[str, Value], ...]

_KEPT = re.compile(r"[^a-zA-Z0-9 .-]")
_RELEASED = "2024-05-01 00:00:00.0"
_SUBMITTED = "2024-04-30 09:30:00.0"


def _stripped(text: str | None) -> str | None:
    """Strip descriptions to letters, digits, blanks, dots and hyphens, as the metadata of v1 and v2 are."""
    return None if text is None else _KEPT.sub("", text)


def _moment(series: ArchiveSeries) -> str | None:
    day = series.record.study_date
    return None if day is None else f"{day:%Y-%m-%d} 00:00:00.0"


def _flag(value: bool) -> str:  # noqa: FBT001 - a value to be written
    return "true" if value else "false"


def _license(series: ArchiveSeries) -> tuple[str | None, str | None]:
    license_ = series.record.license
    return (license_.name, license_.uri or None) if license_ else (None, None)


def _detail(name: str) -> Callable[[ArchiveSeries], Value]:
    return lambda series: series.details.get(name)


_VALUES: Mapping[str, Callable[[ArchiveSeries], Value]] = {
    "AnnotationsFlag": lambda series: _flag(series.record.has_annotations),
    "Collection": lambda series: series.record.collection,
    "CollectionURI": lambda series: series.record.data_description_uri,
    "DataDescriptionURI": lambda series: series.record.data_description_uri,
    "DateReleased": lambda _: _RELEASED,
    "FileSize": lambda series: series.record.image_bytes,
    "ImageCount": lambda series: series.record.image_count,
    "LicenseName": lambda series: _license(series)[0],
    "LicenseURI": lambda series: _license(series)[1],
    "Manufacturer": lambda series: series.record.manufacturer,
    "MaxSubmissionTimestamp": lambda _: _SUBMITTED,
    "Modality": lambda series: series.record.modality,
    "PatientID": lambda series: series.record.patient_id,
    "PatientName": lambda series: series.record.patient_id,
    "Phantom": lambda _: "NO",
    "ReleasedStatus": lambda _: "Yes",
    "SeriesDate": _moment,
    "SeriesDescription": lambda series: series.record.series_description,
    "SeriesInstanceUID": lambda series: series.record.series_uid,
    "SeriesNumber": lambda series: series_number(series.record),
    "SpeciesCode": lambda _: "337915000",
    "SpeciesDescription": lambda _: "Homo sapiens",
    "StudyDate": _moment,
    "StudyDesc": lambda series: series.record.study_description,
    "StudyID": lambda series: series.record.study_id,
    "StudyInstanceUID": lambda series: series.record.study_uid,
    "ThirdPartyAnalysis": lambda series: series.record.third_party_analysis,
    "TimeStamp": lambda _: _SUBMITTED,
}

_SERIES_HEAD = (
    "SeriesInstanceUID",
    "StudyInstanceUID",
    "Modality",
    "ProtocolName",
    "SeriesDate",
    "SeriesDescription",
    "BodyPartExamined",
    "SeriesNumber",
    "AnnotationsFlag",
    "Collection",
)
_SERIES_DEVICE = ("Manufacturer", "ManufacturerModelName", "SoftwareVersions", "ImageCount")
_SERIES_TAIL = ("DateReleased", "StudyDesc", "StudyDate", "ThirdPartyAnalysis")
SERIES_COLUMNS = (
    *_SERIES_HEAD,
    "PatientID",
    *_SERIES_DEVICE,
    *("TimeStamp", "LicenseName", "LicenseURI", "CollectionURI", "FileSize"),
    *_SERIES_TAIL,
)
SERIES_COLUMNS_V4 = (
    *_SERIES_HEAD,
    *("Site", "PatientID", "PatientSex", "PatientAge", "AdmittingDiagnosisDescription"),
    *_SERIES_DEVICE,
    *("MaxSubmissionTimestamp", "LicenseName", "LicenseURI", "DataDescriptionURI", "FileSize"),
    "ReleasedStatus",
    *_SERIES_TAIL,
    "Authorized",
)
_PATIENT = (
    "PatientID",
    "PatientName",
    "PatientSex",
    "EthnicGroup",
    "Phantom",
    "SpeciesCode",
    "SpeciesDescription",
)
_STUDY = (
    "StudyInstanceUID",
    "StudyDate",
    "StudyDesc",
    "AdmittingDiagnosisDescription",
    "StudyID",
    "PatientAge",
    "LongitudinalTemporalEventType",
    "LongitudinalTemporalOffsetFromEvent",
)
METADATA_COLUMNS_V4 = (
    *_PATIENT,
    *_STUDY,
    *("SeriesInstanceUID", "Collection", "Site", "Modality", "ProtocolName", "SeriesDate"),
    *("SeriesDescription", "BodyPartExamined", "SeriesNumber", "AnnotationsFlag"),
    *("Manufacturer", "ManufacturerModelName", "PixelSpacing(mm)-Row", "SliceThickness(mm)"),
    *("SoftwareVersions", "ImageCount", "MaxSubmissionTimestamp"),
    *("LicenseName", "LicenseURI", "DataDescriptionURI", "FileSize", "ReleasedStatus"),
    *("DateReleased", "ThirdPartyAnalysis", "Authorized"),
)


def columns(series: ArchiveSeries, names: tuple[str, ...], *, authorized: bool = True) -> Row:
    """Fill the named columns; those that the record does not know come from the series' details."""
    special: dict[str, Value] = {"Authorized": "1" if authorized else "0"}
    return tuple(
        (name, special[name] if name in special else _VALUES.get(name, _detail(name))(series))
        for name in names
    )


def metadata(series: ArchiveSeries) -> Row:
    """Fill the 27 columns of getSeriesMetaData (v1 and v2); ``File Location`` really holds the study's ID."""
    record, (license_name, license_url) = series.record, _license(series)
    return (
        ("Series UID", record.series_uid),
        ("Collection", record.collection),
        ("3rd Party Analysis", record.third_party_analysis),
        ("Data Description URI", record.data_description_uri),
        ("Subject ID", record.patient_id),
        ("Study UID", record.study_uid),
        ("Study Description", _stripped(record.study_description)),
        ("Study Date", f"{record.study_date:%m-%d-%Y}" if record.study_date else None),
        ("Series Description", _stripped(record.series_description)),
        ("Manufacturer", record.manufacturer and record.manufacturer.replace(",", " ")),
        ("Modality", record.modality),
        ("SOP Class UID", record.sop_class_uid),
        ("Number of Images", record.image_count),
        ("File Size", record.image_bytes),
        ("File Location", record.study_id),
        ("Series Number", series_number(record)),
        ("License Name", license_name),
        ("License URL", license_url),
        ("Annotation Size", record.annotation_bytes),
        ("Date Released", _RELEASED),
        ("Series Date", _moment(series)),
        ("Protocol Name", series.details.get("ProtocolName")),
        ("Body Part Examined", series.details.get("BodyPartExamined")),
        ("Annotations Flag", _flag(record.has_annotations)),
        ("Manufacturer Model Name", series.details.get("ManufacturerModelName")),
        ("Software Versions", series.details.get("SoftwareVersions")),
        ("TimeStamp", _SUBMITTED),
    )
