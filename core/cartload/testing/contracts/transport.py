"""What every transport promises: an answer for each series, whole members, and an end when asked for."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, cast

import pytest
from attrs import frozen

from cartload.errors import StoppedError
from cartload.headers import HEAD_BYTES, read_header
from cartload.model import Denied, MemberKind, SeriesRecord, SeriesUID, Unknown
from cartload.ports import Transport
from cartload.workers import StopSignal

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterator, Sequence

    from cartload.model import Member, SOPInstanceUID


@frozen
class _Received:
    name: str
    kind: MemberKind
    announced: int | None
    content: bytes
    announced_uid: SOPInstanceUID | None

    @property
    def md5(self) -> str:
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()

    @property
    def identity(self) -> tuple[SOPInstanceUID, SeriesUID]:
        """Give the image's own UIDs, as the session reads them."""
        header = read_header(
            self.content[:HEAD_BYTES], lambda: io.BytesIO(self.content), frozenset(), self.name
        )
        return header.sop_uid, header.series_uid


class TransportContract:
    """The tests of a transport, against an archive that is small and never changes.

    Give the fixtures ``transport`` and ``series``: UIDs that a guest may have, the first one with
    three images or more. ``unknown`` is a UID that the archive does not have; set ``excludes_held`` to
    False where the protocol cannot leave images out.
    """

    excludes_held = True

    @pytest.fixture
    def transport(self) -> Transport:
        """Give a transport that is connected to the archive."""
        raise NotImplementedError

    @pytest.fixture
    def series(self) -> Sequence[SeriesUID]:
        """Name series that the archive has."""
        raise NotImplementedError

    @pytest.fixture
    def unknown(self) -> SeriesUID:
        """Name a series that the archive does not have."""
        return SeriesUID("1.2.826.0.1.3680043.10.404")

    @pytest.fixture
    def record(self, transport: Transport, series: Sequence[SeriesUID]) -> SeriesRecord:
        """Give the record of the first series."""
        return _records(transport, series[:1])[0]

    def test_it_has_what_the_port_asks_for(self, transport: Transport) -> None:
        """``policy``, ``describe`` and ``fetch`` are there."""
        assert isinstance(transport, Transport)

    def test_a_policy_has_a_text(self, transport: Transport) -> None:
        """An empty policy is none: nobody can accept nothing."""
        policy = transport.policy()
        assert policy is None or policy.text.strip()

    def test_every_series_is_answered_exactly_once(
        self, transport: Transport, series: Sequence[SeriesUID], unknown: SeriesUID
    ) -> None:
        """Those that are not there, too."""
        asked = [*series, unknown]
        answers = Counter(answer.series_uid for answer in transport.describe(asked))
        assert answers == Counter(asked)

    def test_what_is_not_there_is_said_to_be(self, transport: Transport, unknown: SeriesUID) -> None:
        """Unknown, or Denied where the archive does not tell the two apart; and never an error."""
        (answer,) = transport.describe([unknown])
        assert isinstance(answer, Unknown | Denied)
        assert answer.reason

    def test_of_no_series_nothing_is_said(self, transport: Transport) -> None:
        """An empty question is no fault."""
        assert list(transport.describe([])) == []

    def test_a_record_says_what_is_to_come(self, transport: Transport, series: Sequence[SeriesUID]) -> None:
        """Counts and sizes are what the plan, the progress and the disk are measured by."""
        for record in _records(transport, series):
            assert record.image_count > 0
            assert record.image_bytes >= 0
            assert record.annotation_bytes >= 0

    def test_all_images_come_and_each_once(self, transport: Transport, record: SeriesRecord) -> None:
        """As many as announced, with as many bytes, all of this series."""
        images = _images(_all(transport, record))
        uids = [image.identity for image in images]
        assert len(set(uids)) == len(images) == record.image_count
        assert {series for _, series in uids} == {record.series_uid}
        if record.image_bytes:
            assert sum(len(image.content) for image in images) == record.image_bytes

    def test_every_member_is_as_large_as_announced(self, transport: Transport, record: SeriesRecord) -> None:
        """``size`` is None where the protocol does not say; otherwise it is true."""
        for member in _all(transport, record):
            assert member.announced in {None, len(member.content)}

    def test_an_announced_uid_is_the_image_s_own(self, transport: Transport, record: SeriesRecord) -> None:
        """``sop_uid`` is None where the protocol does not say; otherwise it is true."""
        for image in _images(_all(transport, record)):
            assert image.announced_uid in {None, image.identity[0]}

    def test_the_md5_list_is_of_these_images(self, transport: Transport, record: SeriesRecord) -> None:
        """Its names are the members' names, its digests those of their content."""
        members = _all(transport, record)
        digests = {member.name: member.md5 for member in _images(members)}
        for listed in (member for member in members if member.kind is MemberKind.CHECKSUMS):
            for name, digest in _rows(listed.content):
                assert digests.get(name, digest) == digest

    def test_the_same_comes_again(self, transport: Transport, record: SeriesRecord) -> None:
        """A second attempt gets the same bytes."""
        first, second = (
            {image.identity: image.md5 for image in _images(_all(transport, record))} for _ in range(2)
        )
        assert first == second

    def test_held_images_are_left_out(self, transport: Transport, record: SeriesRecord) -> None:
        """Only the missing ones come; where the protocol cannot do that, at least these come."""
        everything = {image.identity[0] for image in _images(_all(transport, record))}
        held = frozenset(sorted(everything)[::2])
        sent = {image.identity[0] for image in _images(_all(transport, record, held))}
        assert sent >= everything - held
        if self.excludes_held:
            assert not sent & held

    def test_nothing_is_missing_when_all_is_held(self, transport: Transport, record: SeriesRecord) -> None:
        """An attempt that only lacks an annotation fetches no image, and ends well."""
        held = frozenset(image.identity[0] for image in _images(_all(transport, record)))
        sent = _images(_all(transport, record, held))
        assert not (sent and self.excludes_held)

    def test_a_stop_before_the_start_is_honoured(self, transport: Transport, record: SeriesRecord) -> None:
        """StoppedError, and nothing received."""
        stop = StopSignal()
        stop.request()
        received: list[_Received] = []
        with pytest.raises(StoppedError):
            received.extend(map(_receive, _fetch(transport, record, (), stop)))
        assert not received

    def test_a_stop_on_the_way_is_honoured(self, transport: Transport, record: SeriesRecord) -> None:
        """StoppedError before all has come."""
        stop = StopSignal()
        with closing(_fetch(transport, record, (), stop)) as members:
            received = [_receive(next(members))]
            stop.request()
            with pytest.raises(StoppedError):
                received.extend(map(_receive, members))
        assert len(_images(received)) < record.image_count

    def test_a_fetch_can_be_abandoned(self, transport: Transport, record: SeriesRecord) -> None:
        """Whoever closes the iterator in the middle of a member leaves nothing behind."""
        for _ in range(3):
            with closing(_fetch(transport, record, (), StopSignal())) as members:
                next(iter(next(members).content))
        assert len(_images(_all(transport, record))) == record.image_count

    def test_several_threads_may_fetch_at_once(
        self, transport: Transport, series: Sequence[SeriesUID]
    ) -> None:
        """Each gets its own series, whole."""
        wanted = _records(transport, series) * 4
        with ThreadPoolExecutor(8) as threads:
            fetched = list(threads.map(lambda record: _images(_all(transport, record)), wanted))
        for record, images in zip(wanted, fetched, strict=True):
            assert {image.identity[1] for image in images} == {record.series_uid}
            assert len(images) == record.image_count


def _records(transport: Transport, series: Sequence[SeriesUID]) -> list[SeriesRecord]:
    answers = list(transport.describe(series))
    records = [answer for answer in answers if isinstance(answer, SeriesRecord)]
    assert len(records) == len(series), answers
    return records


def _fetch(
    transport: Transport, record: SeriesRecord, held: Collection[SOPInstanceUID], stop: StopSignal
) -> Generator[Member]:
    # The session closes an iterator that it abandons, where it can be closed: a generator.
    return cast("Generator[Member]", transport.fetch(record, held, stop))


def _all(
    transport: Transport, record: SeriesRecord, held: Collection[SOPInstanceUID] = ()
) -> list[_Received]:
    return [_receive(member) for member in _fetch(transport, record, held, StopSignal())]


def _receive(member: Member) -> _Received:
    content = b"".join(bytes(chunk) for chunk in member.content)
    return _Received(member.name, member.kind, member.size, content, member.sop_uid)


def _images(members: Sequence[_Received]) -> list[_Received]:
    return [member for member in members if member.kind is MemberKind.IMAGE]


def _rows(content: bytes) -> Iterator[tuple[str, str]]:
    for row in csv.reader(io.StringIO(content.decode())):
        if len(row) == 2 and len(row[1]) == 32:  # noqa: PLR2004 - a name and an MD5
            yield row[0], row[1].lower()
