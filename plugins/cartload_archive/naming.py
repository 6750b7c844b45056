"""The names that an NBIA server gives to the images of a series: as documented, and as it does."""

from __future__ import annotations

from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cartload.testing.archive import ArchiveImage


class Order(Enum):
    """How images are ordered before they are named.

    ``INSTANCE`` is what the server's code does: by instance number alone, so acquisitions that number their
    instances alike come out interleaved. ``DOCUMENTED`` is what it is documented to do: by acquisition, then
    instance.
    """

    INSTANCE = "instance"
    DOCUMENTED = "documented"


@frozen
class NamedImage:
    """An image and the name that the server gives it within its series."""

    name: str
    image: ArchiveImage


def named(images: Sequence[ArchiveImage], order: Order) -> tuple[NamedImage, ...]:
    """Put the images in order and name each ``<acquisition>-<instance>.dcm``, both ordinals from 1."""
    return _NAMERS[order](images)


def _by_instance(images: Sequence[ArchiveImage]) -> tuple[NamedImage, ...]:
    """Name as the server's code does: a new acquisition ordinal at each change of acquisition number."""
    ordered = sorted(images, key=lambda image: _rank(image.instance))
    outer_width = len(str(_changes([image.acquisition for image in ordered])))
    inner_width = len(str(_changes([image.instance for image in ordered])))
    acquisition, instance = 0, 0
    before: int | None = None
    found: list[NamedImage] = []
    for image in ordered:
        number = image.acquisition or 0
        if number == before:
            instance += 1
        else:
            acquisition, instance = acquisition + 1, 1
            # An empty number is compared as 0 and kept as empty, so each one after the first group is new.
            before = image.acquisition if found else number
        found.append(NamedImage(f"{acquisition:0{outer_width}d}-{instance:0{inner_width}d}.dcm", image))
    return tuple(found)


def _changes(numbers: Sequence[int | None]) -> int:
    """Count the runs of equal numbers, empty ones passed over; at least 1."""
    known = [number for number in numbers if number is not None]
    return 1 + sum(first != second for first, second in pairwise(known))


def _by_acquisition(images: Sequence[ArchiveImage]) -> tuple[NamedImage, ...]:
    """Name as documented: acquisitions numbered in ascending order, instances within each."""
    groups = [
        sorted(
            (image for image in images if image.acquisition == number),
            key=lambda image: _rank(image.instance),
        )
        for number in sorted({image.acquisition for image in images}, key=_rank)
    ]
    outer_width = len(str(len(groups)))
    inner_width = len(str(max(map(len, groups), default=0)))
    return tuple(
        NamedImage(f"{acquisition:0{outer_width}d}-{instance:0{inner_width}d}.dcm", image)
        for acquisition, group in enumerate(groups, 1)
        for instance, image in enumerate(group, 1)
    )


def _rank(number: int | None) -> tuple[bool, int]:
    """Sort an empty number below every other."""
    return (number is not None, number or 0)


_NAMERS: dict[Order, Callable[[Sequence[ArchiveImage]], tuple[NamedImage, ...]]] = {
    Order.INSTANCE: _by_instance,
    Order.DOCUMENTED: _by_acquisition,
}
