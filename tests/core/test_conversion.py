"""The converter: values survive the way to plain data and back, and nothing is taken for what it is not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from attrs import field, frozen, validators
from hypothesis import given
from hypothesis import strategies as st

from cartload.conversion import structure, unstructure
from cartload.errors import CartloadError
from cartload.model import License, SeriesRecord, SeriesUID, StudyUID

if TYPE_CHECKING:
    from collections.abc import Callable

texts = st.text(st.characters(codec="utf-8"), max_size=20)
perhaps = st.none() | texts
records = st.builds(
    SeriesRecord,
    series_uid=texts.map(SeriesUID),
    study_uid=texts.map(StudyUID),
    patient_id=texts,
    collection=texts,
    image_count=st.integers(),
    image_bytes=st.integers(),
    annotation_bytes=st.integers(),
    has_annotations=st.booleans(),
    study_date=st.none() | st.dates(),
    study_id=perhaps,
    study_description=perhaps,
    series_number=perhaps,
    series_description=perhaps,
    modality=perhaps,
    manufacturer=perhaps,
    sop_class_uid=perhaps,
    sop_class_name=perhaps,
    third_party_analysis=perhaps,
    data_description_uri=perhaps,
    license=st.none() | st.builds(License, texts, texts),
)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@frozen
class Inner:
    number: int = 1


@frozen
class Sample:
    flag: bool = False
    count: int = 0
    ratio: float = 0.0
    text: str = ""
    day: date = date(2000, 1, 1)
    place: Path = Path()
    inside: PurePosixPath = field(factory=PurePosixPath)
    names: tuple[str, ...] = ()
    numbers: list[int] = field(factory=list)
    pair: tuple[int, str] = (0, "")
    colour: Colour = Colour.RED
    inner: Inner = Inner()


@given(records)
def test_a_record_survives_the_way_through_json(record: SeriesRecord) -> None:
    text = json.dumps(unstructure(record))
    assert structure(json.loads(text), SeriesRecord, CartloadError) == record


def test_every_kind_of_value_survives_the_way_through_json() -> None:
    sample = Sample(
        flag=True,
        count=2,
        ratio=0.5,
        text="a",
        day=date(2024, 5, 28),
        place=Path("data", "cart"),
        inside=PurePosixPath("a/b"),
        names=("a", "b"),
        numbers=[1, 2],
        pair=(1, "b"),
        colour=Colour.BLUE,
        inner=Inner(7),
    )
    assert structure(json.loads(json.dumps(unstructure(sample))), Sample, CartloadError) == sample


def test_a_whole_number_will_do_for_any_number() -> None:
    assert structure({"ratio": 2}, Sample, CartloadError).ratio == 2.0


def test_a_date_may_be_one_already_as_it_is_in_toml() -> None:
    assert structure({"day": date(2024, 5, 28)}, Sample, CartloadError).day == date(2024, 5, 28)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"flag": 1}, "flag: 1 is not true or false"),
        ({"flag": "yes"}, "flag: 'yes' is not true or false"),
        ({"count": True}, "count: True is not a whole number"),
        ({"count": "5"}, "count: '5' is not a whole number"),
        ({"count": 5.0}, "count: 5.0 is not a whole number"),
        ({"ratio": "0.5"}, "ratio: '0.5' is not a number"),
        ({"ratio": True}, "ratio: True is not a number"),
        ({"text": 5}, "text: 5 is not a text"),
        ({"text": None}, "text: None is not a text"),
        ({"day": 20240528}, "day: 20240528 is not a date"),
        ({"day": "28.5.2024"}, "day: Invalid isoformat string: '28.5.2024'"),
        ({"names": "abc"}, "names: 'abc' is not a list"),
        ({"names": {"a": 1}}, "names: {'a': 1} is not a list"),
        ({"names": ["a", 1]}, "names[1]: 1 is not a text"),
        ({"numbers": "12"}, "numbers: '12' is not a list"),
        ({"colour": "green"}, "colour: 'green' is not one of red, blue"),
        ({"colour": []}, "colour: [] is not one of red, blue"),
        ({"inner": 5}, "inner: 5 is not a table"),
        ({"inner": []}, "inner: [] is not a table"),
        ({"inner": {"number": "1"}}, "inner.number: '1' is not a whole number"),
        ({"inner": {"other": 1}}, "inner: unknown: other"),
        ({"zebra": 1, "ape": 2}, "unknown: ape, zebra"),
        ([], "[] is not a table"),
    ],
)
def test_what_is_wrong_is_refused_and_its_place_named(data: object, fault: str) -> None:
    with pytest.raises(CartloadError) as raised:
        structure(data, Sample, CartloadError)
    assert raised.value.what == fault


def test_a_moment_is_no_date() -> None:
    with pytest.raises(CartloadError, match="is not a date"):
        structure({"day": datetime(2024, 5, 28, tzinfo=UTC)}, Sample, CartloadError)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(CartloadError) as raised:
        structure({"count": "x", "flag": 2, "other": 3}, Sample, CartloadError)
    assert raised.value.what == (
        "flag: 2 is not true or false; count: 'x' is not a whole number; unknown: other"
    )


def test_what_is_missing_is_named() -> None:
    with pytest.raises(CartloadError, match="name: it is missing"):
        structure({"uri": ""}, License, CartloadError)


@pytest.mark.parametrize(("value", "kind"), [("5", int), (5, str), ("x", Colour), ({}, list[int])])
def test_a_bare_value_is_refused_likewise(value: object, kind: Any) -> None:  # noqa: ANN401 - any type
    with pytest.raises(CartloadError, match=r"is not "):
        structure(value, kind, CartloadError)


@given(st.recursive(st.none() | st.booleans() | st.integers() | texts, st.lists))
def test_any_plain_data_is_taken_or_refused_and_nothing_else_happens(data: object) -> None:
    refuse: Callable[[str], CartloadError] = CartloadError
    for name in ("flag", "count", "ratio", "text", "day", "names", "numbers", "pair", "colour", "inner"):
        try:
            structure({name: data}, Sample, refuse)
        except CartloadError as error:
            assert error.what.startswith(name)  # noqa: PT017 - either outcome is right


@frozen
class Choosy:
    word: str = field(default="a", validator=validators.in_(("a", "b")))


def test_what_a_validator_refuses_is_told_in_its_words_alone() -> None:
    with pytest.raises(CartloadError) as caught:
        structure({"word": "c"}, Choosy, CartloadError)
    assert str(caught.value) == "'word' must be in ('a', 'b') (got 'c')"
