"""The tables that NBIA's REST services answer with, whose headings differ from version to version."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from cartload.errors import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIELDS = {
    "seriesinstanceuid": "series_uid",
    "seriesuid": "series_uid",
    "studyinstanceuid": "study_uid",
    "studyuid": "study_uid",
    "patientid": "patient_id",
    "subjectid": "patient_id",
    "collection": "collection",
    "imagecount": "image_count",
    "numberofimages": "image_count",
    "filesize": "image_bytes",
    "filesizebytes": "image_bytes",
    "annotationsize": "annotation_bytes",
    "annotationsflag": "has_annotations",
    "studydate": "study_date",
    "studyid": "study_id",
    "filelocation": "study_id",  # so the first two versions head the study's id
    "studydesc": "study_description",
    "studydescription": "study_description",
    "seriesnumber": "series_number",
    "seriesdescription": "series_description",
    "modality": "modality",
    "manufacturer": "manufacturer",
    "sopclassuid": "sop_class_uid",
    "sopclassname": "sop_class_name",
    "thirdpartyanalysis": "third_party_analysis",
    "3rdpartyanalysis": "third_party_analysis",
    "datadescriptionuri": "data_description_uri",
    "collectionuri": "data_description_uri",
    "licensename": "license_name",
    "licenseuri": "license_uri",
    "licenseurl": "license_uri",
    "authorized": "authorized",
}


def read_rows(text: str) -> Iterator[dict[str, str]]:
    """Give the rows of a CSV table, each by the names of a series record's fields.

    Headings are compared by their letters and digits alone; unknown columns are left out.
    """
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        headings = [_FIELDS.get(_plain(heading), "") for heading in next(lines, [])]
        for values in lines:
            yield {name: value for name, value in zip(headings, values, strict=False) if name}
    except csv.Error as error:
        raise DamagedError(f"the archive's table cannot be read ({error}).") from error


def read_column(text: str, heading: str) -> tuple[str, ...]:
    """Give one column of a JSON table; an empty text is a table without rows."""
    if not text.strip():
        return ()
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedError("the archive's table cannot be read (it is not JSON).") from error
    if not isinstance(rows, list):
        raise DamagedError("the archive's table cannot be read (it has no rows).")
    wanted = _plain(heading)
    return tuple(
        value
        for row in rows
        if isinstance(row, dict)
        for name, value in row.items()
        if _plain(name) == wanted and isinstance(value, str)
    )


def _plain(heading: str) -> str:
    return "".join(character for character in heading.lower() if character.isalnum())
