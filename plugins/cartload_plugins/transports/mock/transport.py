"""The mock transport: a scripted archive inside the process, computed as it is asked for."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from threading import Event, Lock
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.errors import AccessDeniedError, DamagedError, StoppedError, TransportError
from cartload.model import (
    Denied,
    License,
    Member,
    MemberKind,
    SeriesRecord,
    SOPInstanceUID,
    StudyUID,
    Unknown,
    UsagePolicy,
)
from cartload_plugins.transports.mock.images import SOP_CLASS, SOP_CLASS_NAME, Instance, image
from cartload_plugins.transports.mock.script import ROOT, Kind, series_number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from cartload.model import SeriesUID
    from cartload.ports import Stop, TransportContext
    from cartload_plugins.transports.mock.script import MockOptions, Trouble

_SERIES_IN_A_STUDY = 4
_STUDIES_OF_A_PATIENT = 2
_PIECE = 64 * 1024
_LICENSE = License("Creative Commons Attribution 4.0 International License", "https://example.org/by/4.0/")
_MARKS = b'<?xml version="1.0" encoding="UTF-8"?>\n<Marks/>\n'


@frozen
class _File:
    """A member before it is handed out."""

    name: str
    kind: MemberKind
    content: bytes
    sop_uid: SOPInstanceUID | None = None


class MockTransport:
    """Holds as many series as its options say, and troubles those that its script names.

    *script* is used instead of the options' own where a test has one. *pace* is called before each
    member with the series and the member's name: the place to wait, to count, or to break in.
    """

    def __init__(
        self,
        context: TransportContext,
        options: MockOptions,
        *,
        script: Sequence[Trouble] | None = None,
        pace: Callable[[SeriesUID, str], None] = lambda _uid, _name: None,
    ) -> None:
        self._context = context
        self._options = options
        self._troubles = {one.series: one for one in (options.script() if script is None else script)}
        self._pace = pace
        self._fetches: Counter[int] = Counter()
        self._lock = Lock()
        self._size = options.image_bytes + options.image_bytes % 2

    def policy(self) -> UsagePolicy | None:
        """Give the policy of the options."""
        text = self._options.policy
        return UsagePolicy("mock", text) if text else None

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        """Compute each record from its number, one at a time."""
        for uid in uids:
            if self._context.stop.requested:
                raise StoppedError("stopped.", subject="mock")
            yield self._describe(uid)

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        """Give the members of one series, without the images in *held*."""
        kind = self._strike(series.series_uid)
        if kind is Kind.FAIL:
            raise TransportError("the mock archive failed.", subject=series.series_uid, retryable=True)
        if kind is Kind.REFUSE:
            raise AccessDeniedError("the mock archive refuses it.", subject=series.series_uid)
        for place, file in enumerate(self._files(series, held, kind)):
            if kind is Kind.STALL and place:
                _wait(stop)
            self._pace(series.series_uid, file.name)
            cut = kind is Kind.CUT and file.name == self._name(series.image_count)
            yield Member(file.name, file.kind, _pieces(file, stop, cut=cut), len(file.content), file.sop_uid)

    def _describe(self, uid: SeriesUID) -> SeriesRecord | Denied | Unknown:
        number = series_number(uid)
        trouble = None if number is None else self._troubles.get(number)
        if number is None or number > self._options.series or (trouble and trouble.kind is Kind.UNKNOWN):
            return Unknown(uid, "The mock archive does not have this series.")
        if trouble and trouble.kind is Kind.DENY:
            return Denied(uid, "The mock archive does not give this series to this user.")
        return self._record(uid, number)

    def _record(self, uid: SeriesUID, number: int) -> SeriesRecord:
        study = (number - 1) // _SERIES_IN_A_STUDY + 1
        patient = (study - 1) // _STUDIES_OF_A_PATIENT + 1
        options = self._options
        return SeriesRecord(
            series_uid=uid,
            study_uid=StudyUID(f"{ROOT}.0.{study}"),
            patient_id=f"MOCK-{patient:05d}",
            collection="MOCK",
            image_count=options.images,
            image_bytes=options.images * self._size,
            annotation_bytes=options.annotations * len(_MARKS),
            has_annotations=options.annotations > 0,
            study_date=date(2000, 1 + study % 12, 1 + study % 28),
            study_id=str(study),
            study_description="Mock study",
            series_number=str(number),
            series_description=f"Mock series {number}",
            modality="OT",
            manufacturer="Mock",
            sop_class_uid=SOP_CLASS,
            sop_class_name=SOP_CLASS_NAME,
            third_party_analysis="NO",
            data_description_uri="https://example.org/mock",
            license=_LICENSE,
        )

    def _strike(self, uid: SeriesUID) -> Kind | None:
        """Count a fetch, and tell the trouble that strikes it."""
        number = series_number(uid) or 0
        trouble = self._troubles.get(number)
        with self._lock:
            self._fetches[number] += 1
            fetch = self._fetches[number]
        if trouble is None or (trouble.times is not None and fetch > trouble.times):
            return None
        return trouble.kind

    def _files(
        self, series: SeriesRecord, held: Collection[SOPInstanceUID], kind: Kind | None
    ) -> Iterator[_File]:
        if self._context.annotations:
            for number in range(1, self._options.annotations + 1):
                yield _File(f"marks-{number}.xml", MemberKind.ANNOTATION, _MARKS)
        lines = ["Filename,MD5Hash\n"]
        for number in range(1, series.image_count + 1):
            sop_uid = SOPInstanceUID(f"{series.series_uid}.{number}")
            if sop_uid in held:
                continue
            content = image(self._instance(series, sop_uid, number), self._size)
            name = self._name(number)
            digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
            lines.append(f"{name},{digest}\n")
            if number == series.image_count and kind is Kind.DROP:
                continue
            if number == series.image_count and kind is Kind.CORRUPT:
                content = content[:-1] + bytes([content[-1] ^ 0xFF])
            yield _File(name, MemberKind.IMAGE, content, sop_uid)
        if self._context.checksums:
            yield _File("md5hashes.csv", MemberKind.CHECKSUMS, "".join(lines).encode())

    def _instance(self, series: SeriesRecord, sop_uid: SOPInstanceUID, number: int) -> Instance:
        acquisition, place = self._place(number)
        return Instance(sop_uid, series.series_uid, series.study_uid, series.patient_id, acquisition, place)

    def _name(self, number: int) -> str:
        acquisition, place = self._place(number)
        return f"{acquisition}-{place:03d}.dcm"

    def _place(self, number: int) -> tuple[int, int]:
        """Give the acquisition and instance number of the image that comes at *number*, from 1."""
        place, acquisition = divmod(number - 1, self._options.acquisitions)
        return acquisition + 1, place + 1


def _pieces(file: _File, stop: Stop, *, cut: bool) -> Iterator[bytes]:
    content = file.content[: len(file.content) // 2] if cut else file.content
    for start in range(0, len(content), _PIECE):
        if stop.requested:
            raise StoppedError("stopped.", subject=file.name)
        yield content[start : start + _PIECE]
    if cut:
        raise DamagedError("the mock archive broke off inside a file.", subject=file.name)


def _wait(stop: Stop) -> None:
    """Wait as for a server that says nothing more, until the stop is requested."""
    asked = Event()
    with stop.closing(asked.set):
        asked.wait()
    raise StoppedError("stopped.", subject="mock")
