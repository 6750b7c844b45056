from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from cartload.model import ImageHeader, SeriesRecord, SeriesUID, SOPInstanceUID, StudyUID
from cartload_plugins.naming.descriptive import DescriptiveNaming
from cartload_plugins.naming.files import FileNaming
from cartload_plugins.naming.options import DescriptiveOptions
from docs.pages import rows, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = text_of("docs/explanation/naming.md")
_PAIR = re.compile(r"\((-|\d+),(-|\d+)\)(?: \.\.\. \((-|\d+),(-|\d+)\))?")
_VALUE = re.compile(r"`([^`]*)`")


def _series(study: str, series: str) -> SeriesRecord:
    """Read a record from the words of the table."""
    study_words, series_words = study.split(", "), series.split(", ")
    day, study_id, study_description, study_end = study_words
    number, description, series_end = series_words
    return SeriesRecord(
        series_uid=SeriesUID(f"1.2.{series_end.lstrip('.')}"),
        study_uid=StudyUID(f"1.2.{study_end.lstrip('.')}"),
        patient_id="P",
        collection="C",
        image_count=1,
        image_bytes=1,
        study_date=None if day == "no date" else date.fromisoformat(day),
        study_id=_value(study_id),
        study_description=_value(study_description),
        series_number=None if number == "no number" else number.removeprefix("number "),
        series_description=_value(description),
    )


def _value(words: str) -> str | None:
    found = _VALUE.search(words)
    return found[1] if found else None


def _images(words: str) -> Iterator[ImageHeader]:
    """Read images from the words of the table; their UIDs do not follow their order."""
    count = 0
    for first_acquisition, first, _, last in _PAIR.findall(words):
        numbers = range(int(first), int(last) + 1) if last else [first]
        for number in numbers:
            count += 1
            values = {"AcquisitionNumber": first_acquisition, "InstanceNumber": str(number)}
            present = {name: value for name, value in values.items() if value != "-"}
            yield ImageHeader(SOPInstanceUID(f"1.{count}"), SeriesUID("1"), present)


def _shown(names: list[str]) -> str:
    """Write names as the table does: the runs of a range by their ends."""
    return " ".join(name.removesuffix(".dcm") for name in names)


def _expected(words: str) -> list[str]:
    """Read names from the table, ranges spelt out."""
    names: list[str] = []
    for part in words.split(", "):
        first, dots, last = part.partition(" ... ")
        acquisition, _, number = first.partition("-")
        ends = int(number), int(last.rpartition("-")[2]) if dots else int(number)
        names += [f"{acquisition}-{each:0{len(number)}}" for each in range(ends[0], ends[1] + 1)]
    return names


@pytest.mark.parametrize(("study", "series", "folder"), list(rows(PAGE, "study")))
def test_a_folder_of_the_table_is_what_the_naming_gives(study: str, series: str, folder: str) -> None:
    naming = DescriptiveNaming(FileNaming(), DescriptiveOptions())
    assert f"`{naming.directory(_series(study, series)).relative_to('C/P')}`" == folder


@pytest.mark.parametrize(("images", "names"), list(rows(PAGE, "images as (acquisition, instance)")))
def test_names_of_the_table_are_what_the_naming_gives(images: str, names: str) -> None:
    assert _shown(FileNaming().names(list(_images(images)))) == " ".join(_expected(names))


def test_both_tables_are_there() -> None:
    assert len(list(rows(PAGE, "study"))) > 3
    assert len(list(rows(PAGE, "images as (acquisition, instance)"))) > 8
