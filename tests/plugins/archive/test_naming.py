from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import SOPInstanceUID
from cartload.testing.archive import ArchiveImage
from cartload_archive.naming import Order, named

Numbers = Sequence[tuple[int | None, int | None]]


def images(numbers: Numbers) -> list[ArchiveImage]:
    return [
        ArchiveImage(SOPInstanceUID(f"1.2.{place}"), acquisition, instance, b"")
        for place, (acquisition, instance) in enumerate(numbers)
    ]


def names(numbers: Numbers, order: Order) -> list[str]:
    return [one.name.removesuffix(".dcm") for one in named(images(numbers), order)]


FAITHFUL: list[tuple[Numbers, list[str]]] = [
    ([(1, i) for i in range(1, 134)], [f"1-{i:03d}" for i in range(1, 134)]),
    ([(1, i) for i in range(1, 10)], [f"1-{i}" for i in range(1, 10)]),
    (
        [(1, i) for i in range(1, 43)] + [(2, i) for i in range(43, 85)],
        [f"{a}-{i:02d}" for a in (1, 2) for i in range(1, 43)],
    ),
    ([(a, i) for a in (1, 2) for i in range(1, 43)], [f"{a:02d}-01" for a in range(1, 85)]),
    ([(None, None)], ["1-1"]),
    ([(None, 1), (None, 2), (None, 3)], ["1-1", "1-2", "1-3"]),
    ([(None, 1), (3, 2), (3, 3)], ["1-1", "2-1", "2-2"]),
    ([(5, 1), (None, 2), (None, 3), (5, 4)], ["1-1", "2-1", "3-1", "4-1"]),
    ([(1, 1)] * 12, [f"1-{i}" for i in range(1, 13)]),
    ([(1, None), (1, None), (1, 5)], ["1-1", "1-2", "1-3"]),
]


@pytest.mark.parametrize(("numbers", "expected"), FAITHFUL)
def test_images_are_named_as_the_real_server_does(numbers: Numbers, expected: list[str]) -> None:
    assert names(numbers, Order.INSTANCE) == expected


DOCUMENTED: list[tuple[Numbers, list[str]]] = [
    ([(a, i) for i in range(1, 43) for a in (2, 1)], [f"{a}-{i:02d}" for a in (1, 2) for i in range(1, 43)]),
    ([(5, 1), (None, 2), (None, 3), (5, 4)], ["1-1", "1-2", "2-1", "2-2"]),
    ([(1, None), (1, 7)], ["1-1", "1-2"]),
    ([(a, 1) for a in range(10)], [f"{a:02d}-1" for a in range(1, 11)]),
    ([], []),
]


@pytest.mark.parametrize(("numbers", "expected"), DOCUMENTED)
def test_images_are_named_as_documented(numbers: Numbers, expected: list[str]) -> None:
    assert names(numbers, Order.DOCUMENTED) == expected


def test_an_empty_number_comes_first_in_both_orders() -> None:
    for order in Order:
        assert named(images([(1, 4), (1, None)]), order)[0].image.instance is None


_numbers = st.one_of(st.none(), st.integers(0, 4))


@given(st.lists(st.tuples(_numbers, _numbers), max_size=40), st.sampled_from(Order))
def test_names_are_distinct_and_no_image_is_lost(numbers: Numbers, order: Order) -> None:
    found = named(images(numbers), order)
    assert len({one.name for one in found}) == len(numbers)
    assert {one.image.sop_uid for one in found} == {image.sop_uid for image in images(numbers)}
