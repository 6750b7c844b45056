"""An archive in this process: scans as it has them, and a transport that sends them, or plays a script.

A ``Scan`` is a series as the archive has it. ``FakeTransport`` sends scans honestly, but for the fetches for
which a test scripts a play.
"""

from __future__ import annotations

import hashlib
import struct
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen, mutable

from cartload.errors import TransportError
from cartload.model import (
    Denied,
    Member,
    MemberKind,
    SeriesRecord,
    SeriesUID,
    SOPInstanceUID,
    StudyUID,
    Unknown,
    UsagePolicy,
)

if TYPE_CHECKING:
    from cartload.ports import Stop, TransportContext

PATIENCE = 60.0
"""Seconds after which a test that waits for ever is given up."""


def dicom(series_uid: str, sop_uid: str, instance: int, pixels: bytes = b"\0" * 64) -> bytes:
    """Make the smallest image that has an identity, a number and pixels (explicit VR, little endian)."""
    meta = _element(0x0002, 0x0010, b"UI", b"1.2.840.10008.1.2.1\0")
    return b"".join(
        [
            bytes(128),
            b"DICM",
            _element(0x0002, 0x0000, b"UL", struct.pack("<I", len(meta))),
            meta,
            _element(0x0008, 0x0018, b"UI", _padded(sop_uid, b"\0")),
            _element(0x0020, 0x000E, b"UI", _padded(series_uid, b"\0")),
            _element(0x0020, 0x0013, b"IS", _padded(str(instance), b" ")),
            struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, len(pixels)),
            pixels,
        ]
    )


def _element(group: int, element: int, vr: bytes, value: bytes) -> bytes:
    return struct.pack("<HH2sH", group, element, vr, len(value)) + value


def _padded(text: str, pad: bytes) -> bytes:
    return text.encode() + pad * (len(text) % 2)


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@frozen(eq=False)
class Scan:
    """A series: its record, its images by UID in order, its annotations by name."""

    record: SeriesRecord = field(repr=lambda record: record.series_uid)
    images: Mapping[SOPInstanceUID, bytes] = field(repr=False)
    annotations: Mapping[str, bytes] = field(factory=dict, repr=False)

    @property
    def uid(self) -> SeriesUID:
        return self.record.series_uid

    @property
    def uids(self) -> tuple[SOPInstanceUID, ...]:
        return tuple(self.images)

    @property
    def size(self) -> int:
        return sum(map(len, (*self.images.values(), *self.annotations.values())))

    @property
    def files(self) -> dict[str, bytes]:
        """Give what is to be on disk: the names that ``FakeNaming`` gives, and the contents."""
        images = {f"{number:03}.dcm": image for number, image in enumerate(self.images.values(), start=1)}
        return {**images, **self.annotations}

    def image(self, number: int, *, content: bytes | None = None) -> Member:
        """Send image *number* (from 1) under the name that the archive gives it."""
        uid = self.uids[number - 1]
        content = self.images[uid] if content is None else content
        return Member(f"i{number}.dcm", MemberKind.IMAGE, chunks(content), len(content), uid)

    def sums(self, numbers: Iterable[int] | None = None) -> Member:
        """Send the MD5 list of some images, or of all."""
        numbers = range(1, len(self.images) + 1) if numbers is None else numbers
        return sums_member({f"i{number}.dcm": md5(self.images[self.uids[number - 1]]) for number in numbers})

    def altered(self, number: int) -> Member:
        """Send image *number* with another pixel: its size and identity are right, its digest is not."""
        made = self.image(number, content=self.images[self.uids[number - 1]][:-1] + b"\xff")
        return evolve(made, sop_uid=None)


def a_scan(number: int = 1, images: int = 3, annotations: Mapping[str, bytes] | None = None) -> Scan:
    uid = SeriesUID(f"1.2.3.{number}")
    made = {
        SOPInstanceUID(f"{uid}.{image}"): dicom(
            uid, f"{uid}.{image}", image, bytes([number % 256, image % 256] * 40)
        )
        for image in range(1, images + 1)
    }
    kept = dict(annotations or {})
    record = SeriesRecord(
        series_uid=uid,
        study_uid=StudyUID("1.2"),
        patient_id="P-1",
        collection="Kidney",
        series_description=f"Scan {number}",
        image_count=images,
        image_bytes=sum(map(len, made.values())),
        annotation_bytes=sum(map(len, kept.values())),
        has_annotations=bool(kept),
    )
    return Scan(record, made, kept)


def chunks(content: bytes, size: int = 50) -> Iterator[memoryview]:
    """Give *content* piece by piece in one buffer that is used over and over, as transports may."""
    buffer = bytearray(size)
    for start in range(0, len(content), size):
        piece = content[start : start + size]
        buffer[: len(piece)] = piece
        yield memoryview(buffer)[: len(piece)]


def sums_member(sums: Mapping[str, str]) -> Member:
    rows = "".join(f"{name},{digest}\n" for name, digest in sums.items())
    return Member("md5hashes.csv", MemberKind.CHECKSUMS, chunks(f"Filename,MD5Hash\n{rows}".encode()))


def annotation(name: str, content: bytes) -> Member:
    return Member(name, MemberKind.ANNOTATION, chunks(content), len(content))


@frozen(eq=False)
class Fetching:
    """One fetch as it is played: what is sent, what need not be, and how it may be stopped."""

    scan: Scan
    held: frozenset[SOPInstanceUID]
    stop: Stop

    def wanted(self) -> list[int]:
        """Give the numbers of the images that are not held."""
        return [number for number, uid in enumerate(self.scan.uids, start=1) if uid not in self.held]


Play = Callable[[Fetching], Iterator[Member]]


def honestly(fetching: Fetching) -> Iterator[Member]:
    """Send annotations, what is not held, and the MD5 list of what was sent."""
    for name, content in fetching.scan.annotations.items():
        yield annotation(name, content)
    for number in fetching.wanted():
        yield fetching.scan.image(number)
    yield fetching.scan.sums(fetching.wanted())


def failing(error: BaseException, after: int = 0) -> Play:
    """Send so many images, then raise."""

    def play(fetching: Fetching) -> Iterator[Member]:
        for number in fetching.wanted()[:after]:
            yield fetching.scan.image(number)
        raise error

    return play


def sending(*members: Member) -> Play:
    """Send exactly these, whatever is held."""
    return lambda _: iter(members)


def stalling(then: Callable[[], object], after: int = 0, error: BaseException | None = None) -> Play:
    """Send so many images, do *then* (command something), and hang until the stop closes the connection."""
    closing = error or TransportError("the connection was closed.", retryable=True)

    def play(fetching: Fetching) -> Iterator[Member]:
        for number in fetching.wanted()[:after]:
            yield fetching.scan.image(number)
        closed = threading.Event()
        with fetching.stop.closing(closed.set):
            then()
            if not closed.wait(PATIENCE):
                raise AssertionError("nobody closed the connection")
        raise closing

    return play


def meanwhile(then: Callable[[], object], play: Play = honestly, after: int = 0) -> Play:
    """Do *then* once so many members were taken, and go on."""

    def played(fetching: Fetching) -> Iterator[Member]:
        members = play(fetching)
        for number, member in enumerate(members):
            if number == after:
                then()
            yield member

    return played


@mutable(eq=False)
class FakeTransport:
    """Sends what its scans hold; ``plays`` are the next fetches of a series, then all is as it should be."""

    scans: dict[SeriesUID, Scan] = field(factory=dict)
    name: str = "fake"
    policies: deque[UsagePolicy | Exception | None] = field(factory=deque)
    says: dict[SeriesUID, Denied | Unknown | BaseException] = field(factory=dict)
    limited: set[SeriesUID] = field(factory=set)
    """What only users may have."""
    describing: Callable[[Stop], None] | None = None
    described: list[tuple[SeriesUID, ...]] = field(factory=list)
    plays: defaultdict[SeriesUID, deque[Play]] = field(factory=lambda: defaultdict(deque))
    fetches: list[tuple[SeriesUID, frozenset[SOPInstanceUID]]] = field(factory=list)
    closed: int = 0
    """How many fetches were closed."""
    sent: Counter[str] = field(factory=Counter)
    """How often each image was sent, whole and unaltered."""
    context: TransportContext | None = None

    @classmethod
    def of(cls, *scans: Scan, name: str = "fake") -> FakeTransport:
        return cls({scan.uid: scan for scan in scans}, name)

    def plan(self, scan: Scan, *plays: Play) -> None:
        """Play these for the next fetches of a scan."""
        self.plays[scan.uid].extend(plays)

    def held(self, scan: Scan) -> list[set[SOPInstanceUID]]:
        """Give what each fetch of a scan said it held."""
        return [set(held) for uid, held in self.fetches if uid == scan.uid]

    def policy(self) -> UsagePolicy | None:
        said = self.policies.popleft() if self.policies else None
        if isinstance(said, Exception):
            raise said
        return said

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        self.described.append(tuple(uids))
        if self.describing is not None and self.context is not None:
            self.describing(self.context.stop)
        for uid in uids:
            said = self.says.get(uid)
            if isinstance(said, BaseException):
                raise said
            if uid in self.limited and self._user is None:
                said = Denied(uid, "a guest may not have it")
            yield said or self.scans[uid].record

    @property
    def _user(self) -> str | None:
        return None if self.context is None else self.context.authenticator.user

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        uid = series.series_uid
        self.fetches.append((uid, frozenset(held)))
        waiting = self.plays[uid]
        play = waiting.popleft() if waiting else honestly
        try:
            for member in play(Fetching(self.scans[uid], frozenset(held), stop)):
                yield evolve(member, content=self._counted(member))
        finally:
            self.closed += 1

    def _counted(self, member: Member) -> Iterator[memoryview | bytes]:
        yield from member.content
        if member.kind is MemberKind.IMAGE and member.sop_uid is not None:
            self.sent[member.sop_uid] += 1
