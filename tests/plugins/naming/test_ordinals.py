"""The place of each image follows from the images alone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import ImageHeader, SeriesUID, SOPInstanceUID
from cartload_plugins.naming.ordinals import ordinals

if TYPE_CHECKING:
    from random import Random


def image(sop: str, acquisition: str | None = None, instance: str | None = None) -> ImageHeader:
    values = {"AcquisitionNumber": acquisition, "InstanceNumber": instance}
    present = {keyword: value for keyword, value in values.items() if value is not None}
    return ImageHeader(SOPInstanceUID(sop), SeriesUID("1.2"), present, "x.dcm")


def names(*pairs: tuple[str | None, str | None]) -> list[str]:
    return [str(each) for each in ordinals([image(f"1.{at:04}", *pair) for at, pair in enumerate(pairs)])]


def test_two_interleaved_acquisitions_of_42_images_are_numbered_one_after_the_other() -> None:
    pairs = [(acquisition, str(instance)) for instance in range(1, 43) for acquisition in ("1", "2")]
    expected = [f"{acquisition}-{instance:02}" for instance in range(1, 43) for acquisition in (1, 2)]
    assert names(*pairs) == expected


def test_133_images_of_one_acquisition_get_three_digits() -> None:
    assert names(*(("1", str(at)) for at in range(1, 134))) == [f"1-{at:03}" for at in range(1, 134)]


def test_a_hundred_acquisitions_get_three_digits() -> None:
    assert names(*((str(at), "1") for at in range(1, 101))) == [f"{at:03}-1" for at in range(1, 101)]


def test_all_acquisitions_have_the_digits_of_the_largest() -> None:
    pairs = [("1", "1"), *(("2", str(at)) for at in range(1, 11))]
    assert names(*pairs) == ["1-01", *(f"2-{at:02}" for at in range(1, 11))]


def test_instances_are_numbered_anew_in_each_acquisition() -> None:
    assert names(("1", "41"), ("1", "42"), ("2", "43"), ("2", "44")) == ["1-1", "1-2", "2-1", "2-2"]


def test_an_absent_value_sorts_below_every_value() -> None:
    assert names(("5", "-3"), (None, "2"), ("5", None), (None, None)) == ["2-2", "1-2", "2-1", "1-1"]


def test_equal_values_are_ordered_by_uid() -> None:
    found = ordinals([image("1.9", "1", "1"), image("1.5", "1", "1"), image("1.7", "1", "1")])
    assert [str(each) for each in found] == ["1-3", "1-1", "1-2"]


@pytest.mark.parametrize(
    "value", ["abc", "1\\2", "nan", "inf", "1_0", "\u0661", "0x1", "--1", "1e", "1e99999999999999999999"]
)
def test_a_value_that_is_no_number_counts_as_absent(value: str) -> None:
    assert names(("1", value), ("1", None), ("1", "-999")) == ["1-1", "1-2", "1-3"]


@pytest.mark.parametrize("other", ["2.0", "+2", "02", "2.", "20e-1"])
def test_numbers_that_are_equal_are_one_group(other: str) -> None:
    assert names(("2", "1"), (other, "2")) == ["1-1", "1-2"]


def test_numbers_are_compared_as_numbers() -> None:
    found = names(*(("1", value) for value in ["10", "9", "-1", "1.5", "999999999999999999999", "1e-3"]))
    assert found == ["1-5", "1-4", "1-1", "1-3", "1-6", "1-2"]


def test_no_image_has_no_place() -> None:
    assert ordinals([]) == []


numbers = st.one_of(
    st.none(),
    st.integers(-5, 300).map(str),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.sampled_from(["", "x", "1\\2", "1e400", "2.0"]),
)
uids = st.from_regex(r"1\.[1-9][0-9]{0,3}", fullmatch=True)
series = st.lists(st.builds(image, uids, numbers, numbers), max_size=60, unique_by=lambda each: each.sop_uid)


@given(series, st.randoms())
def test_the_order_of_arrival_is_of_no_account(images: list[ImageHeader], random: Random) -> None:
    placed = dict(zip((each.sop_uid for each in images), ordinals(images), strict=True))
    shuffled = images.copy()
    random.shuffle(shuffled)
    assert dict(zip((each.sop_uid for each in shuffled), ordinals(shuffled), strict=True)) == placed


@given(series)
def test_every_image_gets_a_place_of_its_own(images: list[ImageHeader]) -> None:
    places = [str(each) for each in ordinals(images)]
    assert len(places) == len(set(places)) == len(images)


def rank(value: str | None) -> tuple[bool, Decimal]:
    try:
        return True, Decimal(value or "")
    except ArithmeticError:
        return False, Decimal(0)


@given(series)
def test_sorting_by_name_is_sorting_by_acquisition_and_instance(images: list[ImageHeader]) -> None:
    by_name = [
        each
        for _, each in sorted(zip(map(str, ordinals(images)), images, strict=True), key=lambda pair: pair[0])
    ]
    by_number = sorted(
        images,
        key=lambda each: (
            rank(each.attributes.get("AcquisitionNumber")),
            rank(each.attributes.get("InstanceNumber")),
            each.sop_uid,
        ),
    )
    assert by_name == by_number


@given(series, st.builds(image, st.just("9.9"), numbers, numbers))
def test_another_image_never_makes_two_places_equal(images: list[ImageHeader], another: ImageHeader) -> None:
    places = [str(each) for each in ordinals([*images, another])]
    assert len(places) == len(set(places))


@given(st.integers(100, 400), st.randoms())
def test_hundreds_of_acquisitions_sort_by_name_too(count: int, random: Random) -> None:
    images = [image(f"1.{at}", str(at), "1") for at in range(count)]
    random.shuffle(images)
    by_name = sorted(zip(map(str, ordinals(images)), images, strict=True), key=lambda pair: pair[0])
    assert [each.attributes["AcquisitionNumber"] for _, each in by_name] == [str(at) for at in range(count)]
