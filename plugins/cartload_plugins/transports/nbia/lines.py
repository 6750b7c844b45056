"""The servlet's answer to a series query: one line a series, 16 or 24 fields between vertical bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.model import SeriesUID, Unknown, is_uid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.model import SeriesRecord
    from cartload_plugins.transports.records import Records

_FIELDS = (
    "collection",
    "patient_id",
    "study_uid",
    "series_uid",
    "has_annotations",
    "image_count",
    "image_bytes",
    "annotation_bytes",
    "",  # the word "url"
    "",  # the word "displayName"
    "",  # the word "true"
    "study_date",
    "study_id",
    "study_description",
    "series_number",
    "series_description",
    "third_party_analysis",  # from here on only the fourth version
    "data_description_uri",
    "manufacturer",
    "modality",
    "sop_class_uid",
    "sop_class_name",
    "license_name",
    "license_uri",
)
_FEWEST = 16


def read_lines(text: str, asked: frozenset[SeriesUID], records: Records) -> Iterator[SeriesRecord | Unknown]:
    """Give what *text* says of the series in *asked*, each once; lines of other series are passed over.

    An empty field is a field: nothing after it moves up, unlike in the original retriever.
    """
    told: set[str] = set()
    for line in text.split("\n"):  # not splitlines: a description may hold what Unicode calls a line end
        values = line.rstrip("\r").split("|")
        if len(values) < _FEWEST:
            continue
        fields = dict(zip(_FIELDS, values, strict=False))
        uid = fields["series_uid"].strip()
        if uid not in asked or uid in told or not is_uid(uid):
            continue
        told.add(uid)
        yield _record({**fields, "series_uid": uid}, records)


def _record(fields: dict[str, str], records: Records) -> SeriesRecord | Unknown:
    try:
        return records.make(fields)
    except ValueError as error:
        reason = f"What the archive says of it cannot be used: {error}."
        return Unknown(SeriesUID(fields["series_uid"]), reason)
