"""One bit of a stream turns over on its way: what is published is what the archive holds, or nothing is.

A thousand flips, each in a stream of its own: 500 TAR streams, and 500 ZIP streams of both kinds.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from threading import Lock
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, frozen

from cartload.model import SOPInstanceUID
from cartload.state import TaskState
from cartload.testing.archive import ArchiveImage, ArchiveSeries
from cartload_archive import ArchiveOptions, ArchiveServer
from cartload_archive.zips import Compression
from fake_archive import dicom
from in_process import Way, bring_home, cart_of
from no_network import SERVLET, without_network
from small_carts import a_catalogue, a_record, a_series
from toxics import Door, ToxicProxy

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.testing.archive import Catalogue
    from in_process import Ended
    from toxics import Passing

SEED = 20261122
IMAGES = 3


@frozen
class Stream:
    """A way in which series come, and in how many of them a bit is turned over."""

    name: str
    transport: str
    flips: int
    options: ArchiveOptions

    def __str__(self) -> str:
        return self.name


STREAMS = [
    Stream("TAR", "nbia", 500, ArchiveOptions()),
    Stream("ZIP-deflated", "nbia-rest", 250, ArchiveOptions()),
    Stream("ZIP-stored", "nbia-rest", 250, ArchiveOptions(compression=Compression.STORE)),
]
every_stream = pytest.mark.parametrize("stream", STREAMS, ids=str)


def series_of_noise(number: int) -> ArchiveSeries:
    """Make a series of the smallest images, with pixels that no other has."""
    record, chance = a_record(number), Random(number)  # noqa: S311 - the same pixels each time
    images = []
    for instance in range(1, IMAGES + 1):
        uid = SOPInstanceUID(f"{record.series_uid[:-4]}.{instance}")
        content = dicom(record.series_uid, uid, instance, chance.randbytes(400))
        images.append(ArchiveImage(uid, 1, instance, content))
    return ArchiveSeries.of(record, images)


class Flips:
    """Turns over one bit of the first *most* answers for each series; which one, the seed decides."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self.counts: Counter[str] = Counter()

    def __call__(self, uid: str, body: bytes) -> bytes:
        with self._lock:
            self.counts[uid] += 1
            number = self.counts[uid]
        if number > self._most or not body:
            return body
        bit = Random(f"{SEED} {uid} {number}").randrange(8 * len(body))  # noqa: S311 - the same flip each time
        return flipped(body, bit)


def flipped(body: bytes, bit: int) -> bytes:
    changed = bytearray(body)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def published(ended: Ended, catalogue: Catalogue) -> dict[str, list[bytes]]:
    """Give what is at the final place of each series, by series; nothing may be elsewhere."""
    found = {}
    for folder, files in ended.series.items():
        (uid,) = (uid for uid in catalogue.public if f"/{patient_of(catalogue, uid)}/" in folder)
        found[str(uid)] = sorted(files.values())
    return found


def patient_of(catalogue: Catalogue, uid: str) -> str:
    return next(series.record.patient_id for key, series in catalogue.series.items() if key == uid)


def held(catalogue: Catalogue) -> dict[str, list[bytes]]:
    """Give what the archive holds, by series."""
    return {
        str(uid): sorted(image.read() for image in catalogue.series[uid].images) for uid in catalogue.public
    }


@every_stream
def test_a_flipped_bit_is_noticed_and_the_series_comes_home_exact(
    stream: Stream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = a_catalogue((series_of_noise(number) for number in range(stream.flips)), policy=None)
    flips = Flips(most=1)
    without_network(monkeypatch, catalogue, flips, stream.options)
    ended = bring_home(cart_of(catalogue, SERVLET), tmp_path, Way(transport=stream.transport))
    assert published(ended, catalogue) == held(catalogue)
    assert ended.exit_code == 0
    assert len(flips.counts) == stream.flips
    assert max(flips.counts.values()) > 1  # flips that matter were noticed


@every_stream
def test_where_every_answer_is_flipped_a_series_is_exact_or_failed_and_named(
    stream: Stream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = evolve(stream, flips=stream.flips // 4)
    catalogue = a_catalogue((series_of_noise(number) for number in range(stream.flips)), policy=None)
    without_network(monkeypatch, catalogue, Flips(most=1000), stream.options)
    ended = bring_home(cart_of(catalogue, SERVLET), tmp_path, Way(transport=stream.transport, attempts=2))
    there, whole = published(ended, catalogue), held(catalogue)
    assert {uid: content for uid, content in there.items() if content != whole[uid]} == {}
    assert there.keys() | ended.shortfalls.keys() == whole.keys()
    assert there.keys() & ended.shortfalls.keys() == set()
    assert all(one.state is TaskState.FAILED and one.reason for one in ended.shortfalls.values())


@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"])
def test_flips_on_a_real_connection_framing_included_change_nothing_that_is_published(
    transport: str, tmp_path: Path
) -> None:
    catalogue = a_catalogue(a_series(a_record(number), 2) for number in range(1, 13))
    seen: Counter[str] = Counter()

    def alter(passing: Passing) -> bytes:
        seen[passing.series_uid] += 1
        if passing.door is not Door.ARCHIVE or seen[passing.series_uid] > 1:
            return passing.answer
        start = passing.body_start - 8  # the chunk's length is hit now and then
        chance = Random(f"{SEED} {passing.series_uid}")  # noqa: S311 - the same flip each time
        return flipped(passing.answer, chance.randrange(8 * start, 8 * len(passing.answer)))

    with ArchiveServer(catalogue) as server, ToxicProxy(server.url, alter=alter) as proxy:
        way = Way(transport=transport, read_timeout=1.0)
        ended = bring_home(cart_of(catalogue, proxy.servlet_url), tmp_path, way)
    assert published(ended, catalogue) == held(catalogue)
    assert ended.exit_code == 0


def test_a_flipped_bit_in_an_answer_that_is_cut_before_its_md5_list_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = a_catalogue([series_of_noise(1)], policy=None)
    (series,) = catalogue.series.values()
    asked: list[str] = []

    def alter(uid: str, body: bytes) -> bytes:
        asked.append(uid)
        if len(asked) > 1:
            return body
        first = series.images[0].read()
        at = body.index(first) + len(first) - 1
        return flipped(body, 8 * at)[: body.index(b"md5hashes.csv")]

    without_network(monkeypatch, catalogue, alter)
    ended = bring_home(cart_of(catalogue, SERVLET), tmp_path, Way(transport=None))
    assert published(ended, catalogue) == held(catalogue)
    assert len(asked) == 2  # in the second only the image that was wrong
