"""The last few images of a series, fetched one by one instead of the whole archive again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import UnsupportedError
from cartload.model import Member, MemberKind, SOPInstanceUID, is_uid
from cartload_plugins.transports.answers import check_archive
from cartload_plugins.transports.nbia_rest import calls
from cartload_plugins.transports.nbia_rest.tables import read_column
from cartload_plugins.transports.window import SIZE, Bounds, Tally, Window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cartload.model import SeriesRecord
    from cartload.ports import Stop
    from cartload_plugins.network.answer import Answer
    from cartload_plugins.transports.nbia_rest.services import RestServices

_MOST = 16
_MD5_DIGITS = 32


def few_missing(
    services: RestServices, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop
) -> tuple[SOPInstanceUID, ...] | None:
    """Name the images that are not held; None when there are too many, or no telling."""
    try:
        with services.get(calls.images(series.series_uid), stop) as answer:
            listed = tuple(dict.fromkeys(read_column(answer.text(), "SOPInstanceUID")))
    except UnsupportedError:
        return None
    missing = tuple(SOPInstanceUID(uid) for uid in listed if uid not in held)
    if not all(is_uid(uid) for uid in missing):
        return None
    return missing if len(missing) <= _MOST and 2 * len(missing) < len(listed) else None


def fetch_singly(
    services: RestServices, series: SeriesRecord, images: Sequence[SOPInstanceUID], stop: Stop
) -> Iterator[Member]:
    """Give one member for each of *images*, called ``<its identifier>.dcm``."""
    bounds = Bounds.around(series.image_bytes, len(images))
    for uid in images:
        call = calls.single_image(series.series_uid, uid)
        with services.get(call, stop) as answer:
            check_archive(answer)
            content = _content(answer, uid, bounds)
            yield Member(_name(uid), MemberKind.IMAGE, content, answer.length, sop_uid=uid)


def checksums_of(
    services: RestServices, images: Sequence[SOPInstanceUID], stop: Stop
) -> dict[SOPInstanceUID, str] | None:
    """Ask for the MD5 of each of *images*; None as soon as the archive does not tell one."""
    told = dict(told_checksums(services, images, stop))
    return told if len(told) == len(images) else None


def told_checksums(
    services: RestServices, images: Sequence[SOPInstanceUID], stop: Stop
) -> Iterator[tuple[SOPInstanceUID, str]]:
    """Ask for the MD5 of one image after the other, up to the first of which the archive does not tell it."""
    for uid in images:
        md5 = _checksum(services, uid, stop)
        if md5 is None:
            return
        yield uid, md5


def checksum_list(told: Mapping[SOPInstanceUID, str]) -> Member:
    """Put the MD5s of single images into one list, as archives send it."""
    lines = (f"{_name(uid)},{md5}\n" for uid, md5 in told.items())
    text = "".join(("Filename,MD5Hash\n", *lines)).encode()
    return Member("md5hashes.csv", MemberKind.CHECKSUMS, iter((text,)), len(text))


def _name(uid: SOPInstanceUID) -> str:
    return f"{uid}.dcm"


def _content(answer: Answer, uid: SOPInstanceUID, bounds: Bounds) -> Iterator[memoryview]:
    window = Window(answer.readinto, uid)
    tally = Tally(bounds, window)
    while piece := window.piece(SIZE):
        tally.content(len(piece))
        yield piece


def _checksum(services: RestServices, uid: SOPInstanceUID, stop: Stop) -> str | None:
    try:
        with services.get(lambda version: calls.checksum(version, uid), stop) as answer:
            text = answer.text(1024).strip().lower()
    except UnsupportedError:
        return None
    return text if len(text) == _MD5_DIGITS and text.isalnum() else None
