"""The lines in which the servlets describe series: fields between pipes, cleaned as each version cleans."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cartload.model import SeriesRecord
    from cartload.testing.archive import ArchiveSeries

_KEPT_IN_TEXT = re.compile(r"[^a-zA-Z0-9 .-]")
_KEPT_IN_URI = re.compile(r"[^a-zA-Z0-9 ./:]")


def line(series: ArchiveSeries, version: str) -> str:
    """Describe one series in the 24 fields of servlet V4, or the 16 of V3; no line end."""
    record = series.record
    fields = (*_place(record), *_texts(record, version))
    return "|".join((*fields, *_origin(record)) if version == "V4" else fields)


def _place(record: SeriesRecord) -> tuple[str, ...]:
    return (
        record.collection,
        record.patient_id,
        record.study_uid,
        record.series_uid,
        "Yes" if record.has_annotations else "No",
        str(record.image_count),
        str(record.image_bytes),
        str(record.annotation_bytes),
        "url",
        "displayName",
        "true",
        f"{record.study_date:%m-%d-%Y}" if record.study_date else "",
    )


def _texts(record: SeriesRecord, version: str) -> tuple[str, ...]:
    clean = cleaned if version == "V4" else cleaned_by_v3
    number = _null(series_number(record))
    return (
        clean(record.study_id),
        clean(record.study_description),
        number,
        clean(record.series_description),
    )


def _origin(record: SeriesRecord) -> tuple[str, ...]:
    license_ = record.license
    return (
        _null(record.third_party_analysis),
        _KEPT_IN_URI.sub("", record.data_description_uri or "") or "NA",
        cleaned(record.manufacturer),
        _null(record.modality),
        _null(record.sop_class_uid),
        _null(record.sop_class_name),
        _null(license_.name if license_ else None),
        _null((license_.uri or None) if license_ else None),
    )


def series_number(record: SeriesRecord) -> str | None:
    """Write the series number as the database gives it, with six decimals."""
    return None if record.series_number is None else f"{Decimal(record.series_number):.6f}"


def cleaned(text: str | None) -> str:
    """Clean as V4 does: letters, digits, blanks, dots and hyphens; ``NA`` where nothing is left."""
    return _KEPT_IN_TEXT.sub("", text or "") or "NA"


def cleaned_by_v3(text: str | None) -> str:
    """Clean as V3 does: slashes and colons stay, hyphens go; ``null`` where nothing is left."""
    return _KEPT_IN_URI.sub("", text or "") or "null"


def _null(text: str | None) -> str:
    """Write a missing value as Java does when it joins it to a text."""
    return "null" if text is None else text
