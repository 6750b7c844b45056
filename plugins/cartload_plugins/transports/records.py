"""What archives say of a series, in the one shape of a series record, however the protocol spells it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from cartload.model import License, SeriesRecord, SeriesUID, StudyUID, is_uid

if TYPE_CHECKING:
    from collections.abc import Mapping

_MISSING = frozenset({"", "null", "NA"})
_DECIMAL = re.compile(r"([+-]?)0*([0-9]+)(?:\.([0-9]*))?")
_LONGEST_NUMBER = 40
_DATES = (
    re.compile(r"(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ].*)?"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"),
)


class Records:
    """Makes series records; equal texts become one text, for a cart repeats them a hundred thousand times.

    The fields it is given are named as those of the record; a missing one may be absent, empty,
    ``NA`` or ``null``.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._licenses: dict[tuple[str, str], License] = {}

    def make(self, fields: Mapping[str, str]) -> SeriesRecord:
        """Make the record; raises ValueError when what every record needs is not there."""
        series_uid, study_uid = fields.get("series_uid", ""), fields.get("study_uid", "")
        if not is_uid(series_uid) or not is_uid(study_uid):
            raise ValueError("it has no valid identifiers")
        return SeriesRecord(
            series_uid=SeriesUID(series_uid),
            study_uid=StudyUID(self._one(study_uid)),
            patient_id=self._one(fields.get("patient_id", "").strip()),
            collection=self._one(fields.get("collection", "").strip()),
            image_count=_count(fields.get("image_count", "")),
            image_bytes=_count(fields.get("image_bytes", "")),
            annotation_bytes=_count(present(fields.get("annotation_bytes")) or "0"),
            has_annotations=fields.get("has_annotations", "").strip().lower() in {"yes", "true", "1"},
            study_date=_date(present(fields.get("study_date"))),
            study_id=self._text(fields, "study_id"),
            study_description=self._text(fields, "study_description"),
            series_number=self._number(fields),
            series_description=self._text(fields, "series_description"),
            modality=self._text(fields, "modality"),
            manufacturer=self._text(fields, "manufacturer"),
            sop_class_uid=self._text(fields, "sop_class_uid"),
            sop_class_name=self._text(fields, "sop_class_name"),
            third_party_analysis=self._text(fields, "third_party_analysis"),
            data_description_uri=self._text(fields, "data_description_uri"),
            license=self._license(fields),
        )

    def _one(self, text: str) -> str:
        return self._texts.setdefault(text, text)

    def _text(self, fields: Mapping[str, str], name: str) -> str | None:
        text = present(fields.get(name))
        return None if text is None else self._one(text)

    def _number(self, fields: Mapping[str, str]) -> str | None:
        text = present(fields.get("series_number"))
        return None if text is None else self._one(shortest_decimal(text))

    def _license(self, fields: Mapping[str, str]) -> License | None:
        name = present(fields.get("license_name"))
        if name is None:
            return None
        uri = present(fields.get("license_uri")) or ""
        return self._licenses.setdefault((name, uri), License(name, uri))


def present(text: str | None) -> str | None:
    """Give the text without blanks around it, None for every spelling of "missing"."""
    stripped = (text or "").strip()
    return None if stripped in _MISSING else stripped


def shortest_decimal(text: str) -> str:
    """Write a decimal as briefly as it can be (``3000566.000000``: ``3000566``); other text stays."""
    found = _DECIMAL.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if found is None:
        return text
    sign, whole, fraction = found.groups()
    rest = (fraction or "").rstrip("0")
    number = f"{whole}.{rest}" if rest else whole
    return f"-{number}" if sign == "-" and number != "0" else number


def _date(text: str | None) -> date | None:
    """Read a date as any of NBIA's services writes it; one that is no date counts as missing."""
    for form in _DATES:
        found = form.fullmatch(text or "")
        if found:
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def _count(text: str) -> int:
    stripped = shortest_decimal(text.strip())
    if not (stripped.isascii() and stripped.isdigit() and len(stripped) <= _LONGEST_NUMBER):
        raise ValueError("a count or a size is missing")
    return int(stripped)
