"""What the mock archive holds and what goes wrong with it; light, for it is imported to list plugins."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from attrs import field, frozen, validators

from cartload.model import SeriesUID

if TYPE_CHECKING:
    from typing import Self

    from attrs import Attribute

ROOT = "1.2.826.0.1.3680043.10.1713.7"
"""All identifiers of the mock archive begin so."""

SMALLEST_IMAGE = 1024
"""Bytes that hold any header the mock writes."""

_TROUBLE = re.compile(r"(?P<kind>[a-z]+):(?P<series>[1-9][0-9]{0,8})(?:x(?P<times>[1-9][0-9]{0,5}))?")
_SERIES = re.compile(re.escape(ROOT) + r"\.([1-9][0-9]{0,8})")


class Kind(Enum):
    """A kind of trouble."""

    FAIL = "fail"
    """The request fails before anything comes; it may be repeated."""
    CUT = "cut"
    """The connection breaks inside the last image."""
    STALL = "stall"
    """Nothing comes after the first member, until somebody asks for the end."""
    CORRUPT = "corrupt"
    """The last image has other bytes than its checksum says."""
    DROP = "drop"
    """The last image does not come, and nobody says so."""
    REFUSE = "refuse"
    """The series is described, and refused when it is fetched."""
    DENY = "deny"
    """The series is denied when it is described."""
    UNKNOWN = "unknown"
    """The archive does not have the series."""


@frozen
class Trouble:
    """Trouble with one series, by its number from 1; ``times`` is how many fetches it strikes (None: all)."""

    kind: Kind
    series: int
    times: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``<kind>:<series>`` or ``<kind>:<series>x<times>``; raises ValueError."""
        found = _TROUBLE.fullmatch(text)
        kinds = {kind.value: kind for kind in Kind}
        if found is None or found["kind"] not in kinds:
            known = ", ".join(kinds)
            raise ValueError(f"{text!r} is no trouble: write <kind>:<series>[x<times>], of {known}")
        times = found["times"]
        return cls(kinds[found["kind"]], int(found["series"]), int(times) if times else None)


def _parsed(_: object, __: Attribute[tuple[str, ...]], values: tuple[str, ...]) -> None:
    for value in values:
        Trouble.parse(value)


@frozen(kw_only=True)
class MockOptions:
    """What the mock archive holds."""

    series: int = field(default=12, validator=[validators.ge(0), validators.le(1_000_000)])
    """How many series there are."""
    images: int = field(default=3, validator=validators.ge(0))
    """How many images each series has."""
    acquisitions: int = field(default=1, validator=validators.ge(1))
    """Over how many acquisitions the images of a series are dealt out."""
    image_bytes: int = field(default=2048, validator=validators.ge(SMALLEST_IMAGE))
    """How long each image is; an odd number is made even."""
    annotations: int = field(default=0, validator=validators.ge(0))
    """How many annotation files each series has."""
    policy: str | None = None
    """The text of the data usage policy."""
    troubles: tuple[str, ...] = field(default=(), validator=_parsed)
    """What goes wrong, such as ``fail:3`` (series 3, always) or ``cut:5x2`` (series 5, twice)."""

    def script(self) -> tuple[Trouble, ...]:
        """Give the troubles as values."""
        return tuple(Trouble.parse(text) for text in self.troubles)


def series_uid(number: int) -> SeriesUID:
    """Give the identifier of series *number*, from 1."""
    return SeriesUID(f"{ROOT}.{number}")


def series_number(uid: str) -> int | None:
    """Give the number of a series of the mock archive; None for any other identifier."""
    found = _SERIES.fullmatch(uid)
    return int(found[1]) if found else None
