"""Directories that say what is in them: dates, descriptions, numbers, and a few digits of the UIDs."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.paths import relative
from cartload_plugins.naming.options import DescriptiveOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePosixPath

    from cartload.model import ImageHeader, SeriesRecord
    from cartload_plugins.naming.files import FileNaming

_UID_DIGITS = 5
_MOST_OF_A_DESCRIPTION = 53
# Most archives send descriptions with only these left; the others are brought to the same.
_UNUSUAL = re.compile(r"[^A-Za-z0-9 .-]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")


@frozen
class DescriptiveNaming:
    """Name directories as the original retriever does by default."""

    files: FileNaming
    options: DescriptiveOptions = field(factory=DescriptiveOptions)

    @property
    def attributes(self) -> frozenset[str]:
        """Name what the file names need of each image."""
        return self.files.attributes

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        """Give the series' directory: collection, patient, study part, series part."""
        date = series.study_date
        study = (
            f"{date.month:02}-{date.day:02}-{date.year:04}-" if date else "",
            self._part(_usual(series.study_id)),
            self._part(_description(series.study_description)),
            series.study_uid[-_UID_DIGITS:],
        )
        number = _six_decimals(series.series_number)
        of_series = (
            f"{number}-" if number else "",
            self._part(_description(series.series_description)),
            series.series_uid[-_UID_DIGITS:],
        )
        return relative(series.collection, series.patient_id, "".join(study), "".join(of_series))

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:  # noqa: ARG002 - the port's
        """Give each image its name."""
        return self.files.names(images)

    def _part(self, text: str) -> str:
        part = text or self.options.missing
        return f"{part}-" if part else ""


def _usual(text: str | None) -> str:
    usual = _UNUSUAL.sub("", text or "")
    return usual if usual.strip() else ""


def _description(text: str | None) -> str:
    usual = _usual(text)
    return "" if usual == "-" else usual[:_MOST_OF_A_DESCRIPTION]


def _six_decimals(number: str | None) -> str:
    """Write a series number as NBIA's database does; what is no number stays what it is."""
    text = _usual(number)
    return f"{Decimal(text):.6f}" if _NUMBER.fullmatch(text) else text
