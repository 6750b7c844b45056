from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import License, SeriesRecord, SeriesUID, StudyUID
from cartload_plugins.transports.records import Records, present, shortest_decimal

NEEDED = {
    "series_uid": "1.2.3",
    "study_uid": "1.2",
    "patient_id": "P 1",
    "collection": "DEMO",
    "image_count": "2",
    "image_bytes": "1000",
}
OPTIONAL = (
    "study_id",
    "study_description",
    "series_number",
    "series_description",
    "modality",
    "manufacturer",
    "sop_class_uid",
    "sop_class_name",
    "third_party_analysis",
    "data_description_uri",
)


def made(**fields: str) -> SeriesRecord:
    return Records().make({**NEEDED, **fields})


def test_a_record_of_what_is_needed_has_nothing_else() -> None:
    assert made() == SeriesRecord(
        series_uid=SeriesUID("1.2.3"),
        study_uid=StudyUID("1.2"),
        patient_id="P 1",
        collection="DEMO",
        image_count=2,
        image_bytes=1000,
    )


@pytest.mark.parametrize("name", [*OPTIONAL, "study_date", "license_name", "annotation_bytes"])
@pytest.mark.parametrize("missing", ["", "null", "NA", "  "])
def test_every_spelling_of_missing_is_the_same(name: str, missing: str) -> None:
    assert made(**{name: missing}) == made()


@pytest.mark.parametrize("name", OPTIONAL)
def test_texts_are_kept_without_blanks_around_them(name: str) -> None:
    assert getattr(made(**{name: " 5 x "}), name) == "5 x"


@pytest.mark.parametrize(
    "text", ["01-31-2000", "2000-01-31", "2000-01-31 00:00:00.0", "2000-01-31T00:00:00", "20000131"]
)
def test_dates_are_read_in_every_spelling(text: str) -> None:
    assert made(study_date=text).study_date == date(2000, 1, 31)


@pytest.mark.parametrize("text", ["31-01-2000", "2000", "02-30-2000", "1/31/2000", "01-31-20001", "x"])
def test_what_is_no_date_counts_as_missing(text: str) -> None:
    assert made(study_date=text).study_date is None


@pytest.mark.parametrize(
    ("text", "expected"), [("Yes", True), ("true", True), ("No", False), ("null", False)]
)
def test_annotations_are_told_in_several_words(text: str, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert made(has_annotations=text).has_annotations is expected


def test_a_license_has_a_name_and_perhaps_an_address() -> None:
    assert made(license_name="CC BY", license_uri="null").license == License("CC BY")
    assert made(license_name="CC BY", license_uri="https://x").license == License("CC BY", "https://x")
    assert made(license_uri="https://x").license is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3000566.000000", "3000566"),
        ("5.500", "5.5"),
        ("007", "7"),
        ("0.0", "0"),
        ("-0.0", "0"),
        ("-3.10", "-3.1"),
        ("+4", "4"),
        ("0.5", "0.5"),
        ("3.", "3"),
        ("A7", "A7"),
        ("1e3", "1e3"),
        ("1.2.3", "1.2.3"),
        ("9" * 50, "9" * 50),
    ],
)
def test_numbers_are_written_as_briefly_as_they_can_be(text: str, expected: str) -> None:
    assert shortest_decimal(text) == expected


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6))
def test_a_shortened_number_is_the_same_number(number: Decimal) -> None:
    assert Decimal(shortest_decimal(f"{number:f}")) == number


@given(st.text(max_size=30))
def test_shortening_twice_changes_nothing_more(text: str) -> None:
    assert shortest_decimal(shortest_decimal(text)) == shortest_decimal(text)


@given(st.text(max_size=10))
def test_a_text_is_present_or_not(text: str) -> None:
    assert present(text) in {None, text.strip()}


@pytest.mark.parametrize("name", ["series_uid", "study_uid", "image_count", "image_bytes"])
@pytest.mark.parametrize("value", ["", "null", "x", "-1", "1..2", "٣"])
def test_a_record_without_what_is_needed_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"missing|identifiers"):
        made(**{name: value})


def test_equal_texts_are_one_text() -> None:
    records = Records()
    one, two = (records.make({**NEEDED, "modality": "CTx"[:length]}) for length in (2, 2))
    assert one.modality is two.modality
    assert one.collection is two.collection
