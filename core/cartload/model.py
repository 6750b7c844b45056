"""What an archive holds, in the field's own words: identifiers, series records, members, licences."""

from __future__ import annotations

import hashlib
import re
from datetime import date  # noqa: TC003 - cattrs reads the annotations
from enum import Enum
from typing import TYPE_CHECKING, NewType
from urllib.parse import urlsplit

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

SeriesUID = NewType("SeriesUID", str)
StudyUID = NewType("StudyUID", str)
SOPInstanceUID = NewType("SOPInstanceUID", str)

_UID = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_LONGEST_UID = 64


def is_uid(text: str) -> bool:
    """Tell whether *text* is a DICOM unique identifier (PS3.5 section 9.1).

    Leading zeros in a component are against the standard and common in real archives: accepted.
    """
    return len(text) <= _LONGEST_UID and _UID.fullmatch(text) is not None


@frozen
class Origin:
    """The scheme, host and port that credentials and policies belong to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """Take the origin of *url*, its host in lower case; raises ValueError if it has none."""
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
        if parts.scheme not in {"http", "https"} or not host:
            raise ValueError(f"{url!r} is not an absolute http(s) address")
        default = 443 if parts.scheme == "https" else 80
        return cls(parts.scheme, host, parts.port or default)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = 443 if self.scheme == "https" else 80
        return f"{self.scheme}://{host}" + ("" if self.port == default else f":{self.port}")


@frozen
class License:
    """The licence of one series as the archive names it; ``uri`` may be empty."""

    name: str
    uri: str = ""


@frozen
class UsagePolicy:
    """The data usage policy that an archive asks every user to accept."""

    archive: str
    text: str

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the text in hex, by which an acceptance is remembered."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@frozen(kw_only=True, weakref_slot=False)
class SeriesRecord:
    """All that the archive says of one series before any image is fetched.

    Missing values are None, however the archive spells "missing" (``NA``, ``null``, nothing).
    ``series_number`` is the shortest decimal text (``3000566``, not ``3000566.000000``); sizes are in
    bytes. The same series has the same record whatever the protocol, as far as the protocol tells.
    """

    series_uid: SeriesUID
    study_uid: StudyUID
    patient_id: str
    collection: str
    image_count: int
    image_bytes: int
    annotation_bytes: int = 0
    has_annotations: bool = False
    study_date: date | None = None
    study_id: str | None = None
    study_description: str | None = None
    series_number: str | None = None
    series_description: str | None = None
    modality: str | None = None
    manufacturer: str | None = None
    sop_class_uid: str | None = None
    sop_class_name: str | None = None
    third_party_analysis: str | None = None
    data_description_uri: str | None = None
    license: License | None = None


@frozen
class Denied:
    """A series that exists as far as anyone can tell, and that this user may not have."""

    series_uid: SeriesUID
    reason: str


@frozen
class Unknown:
    """A series that the archive does not have, or no longer shows."""

    series_uid: SeriesUID
    reason: str


class MemberKind(Enum):
    """What a member of a series is."""

    IMAGE = "image"
    ANNOTATION = "annotation"
    CHECKSUMS = "checksums"
    LICENSE = "license"


@frozen(eq=False)
class Member:
    """One file inside a series as it arrives; its content can be read once, in order, and now.

    ``name`` is what the server calls it and is never used as a path. ``size`` is what the server
    announced, None where the protocol does not say beforehand. Each chunk of ``content`` is valid only until
    the next one is asked for: transports read into one buffer over and over.
    """

    name: str
    kind: MemberKind
    content: Iterator[memoryview | bytes]
    size: int | None = None
    sop_uid: SOPInstanceUID | None = None


@frozen
class ImageHeader:
    """What naming and verification need of one image.

    ``attributes`` maps DICOM keywords to their values as text (several values joined by a
    backslash); an absent or empty attribute is not in it. ``server_name`` is the member's name.
    """

    sop_uid: SOPInstanceUID
    series_uid: SeriesUID
    attributes: dict[str, str] = field(factory=dict)
    server_name: str = ""
