"""The place of each image in its series, from the images themselves.

A server's word is not taken for it: the usual one orders by instance number alone, and numbers
interleaved acquisitions wrongly.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload.model import ImageHeader

ACQUISITION_NUMBER = "AcquisitionNumber"
INSTANCE_NUMBER = "InstanceNumber"
ATTRIBUTES = frozenset({ACQUISITION_NUMBER, INSTANCE_NUMBER})

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")

_Rank = tuple[bool, Decimal]
"""Sorts what is absent below every value."""

_ABSENT: _Rank = (False, Decimal(0))


@frozen
class Ordinal:
    """The place of one image: both parts count from 1 and are padded with zeros to one width."""

    acquisition: str
    instance: str

    def __str__(self) -> str:
        return f"{self.acquisition}-{self.instance}"


def ordinals(images: Sequence[ImageHeader]) -> list[Ordinal]:
    """Give each image its place, in the order given, on which the places do not depend.

    Images are grouped by acquisition number, and ordered within a group by instance number, then
    by SOP Instance UID. A value that is not a number counts as absent.
    """
    sorting = {
        position: (
            _rank(image.attributes.get(ACQUISITION_NUMBER)),
            _rank(image.attributes.get(INSTANCE_NUMBER)),
            image.sop_uid,
            image.server_name,
        )
        for position, image in enumerate(images)
    }
    in_order = sorted(sorting, key=sorting.__getitem__)
    groups = [list(group) for _, group in groupby(in_order, key=lambda position: sorting[position][0])]
    acquisition_width = len(str(len(groups)))
    instance_width = len(str(max(map(len, groups), default=0)))
    found: dict[int, Ordinal] = {}
    for acquisition, group in enumerate(groups, start=1):
        for instance, position in enumerate(group, start=1):
            found[position] = Ordinal(f"{acquisition:0{acquisition_width}}", f"{instance:0{instance_width}}")
    return [found[position] for position in range(len(images))]


def _rank(value: str | None) -> _Rank:
    if value is None or not _NUMBER.fullmatch(value.strip()):
        return _ABSENT
    try:
        return True, Decimal(value.strip())
    except InvalidOperation:  # an exponent beyond what decimals have
        return _ABSENT
