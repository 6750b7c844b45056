from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import AccessDeniedError
from cartload.model import MemberKind, SeriesRecord, SeriesUID, Unknown, UsagePolicy
from cartload.testing.catalogue import demo_catalogue
from cartload.testing.contracts import TransportContract
from cartload.testing.fakes import FakeTransport
from cartload.workers import StopSignal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cartload.model import Denied, Member, SOPInstanceUID
    from cartload.ports import Stop, Transport

CATALOGUE = demo_catalogue()
SERIES = CATALOGUE.public[:3]
UNKNOWN = SeriesUID("1.2.3.404")


class TestFakeTransport(TransportContract):
    @pytest.fixture
    def transport(self) -> Transport:
        return FakeTransport(CATALOGUE)

    @pytest.fixture
    def series(self) -> Sequence[SeriesUID]:
        return SERIES


class Resends(FakeTransport):
    """Leaves no image out, as some protocols cannot."""

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        del held
        return super().fetch(series, (), stop)


class TestTransportThatCannotExclude(TransportContract):
    excludes_held = False

    @pytest.fixture
    def transport(self) -> Transport:
        return Resends(CATALOGUE)

    @pytest.fixture
    def series(self) -> Sequence[SeriesUID]:
        return SERIES


class EmptyPolicy(FakeTransport):
    def policy(self) -> UsagePolicy | None:
        return UsagePolicy("an archive", " \n")


class SaysItTwice(FakeTransport):
    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        yield from super().describe(uids)
        yield from super().describe(uids[:1])


class SaysNothingOfWhatItLacks(FakeTransport):
    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        return (answer for answer in super().describe(uids) if not isinstance(answer, Unknown))


class AnswersTheEmptyQuestion(FakeTransport):
    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        return super().describe(uids or SERIES)


class AnnouncesNoImages(FakeTransport):
    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        for answer in super().describe(uids):
            yield evolve(answer, image_count=0) if isinstance(answer, SeriesRecord) else answer


class LosesTheFirst(FakeTransport):
    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        members = super().fetch(series, held, stop)
        next(members)
        return members


class WrongSizes(FakeTransport):
    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        for member in super().fetch(series, held, stop):
            yield evolve(member, size=1 + (member.size or 0))


class WrongUids(FakeTransport):
    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        uids = [image.sop_uid for image in CATALOGUE.series[series.series_uid].images]
        for member in super().fetch(series, held, stop):
            yield evolve(member, sop_uid=uids[0])


class WrongList(FakeTransport):
    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        for member in super().fetch(series, held, stop):
            if member.kind is MemberKind.CHECKSUMS:
                text = b"".join(bytes(chunk) for chunk in member.content)
                last = text[:-1] + (b"0" if text[-1:] != b"0" else b"1")
                yield evolve(member, content=iter([last]))
            else:
                yield member


class Alternates(FakeTransport):
    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        images = CATALOGUE.series[series.series_uid].images
        left_out = {images[self.fetched[series.series_uid] % 2].sop_uid}
        return super().fetch(series, left_out | set(held), stop)


class NeverStops(FakeTransport):
    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        del stop
        return super().fetch(series, held, StopSignal())


class WorksOnce(FakeTransport):
    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        images = CATALOGUE.series[series.series_uid].images
        left_out = {images[0].sop_uid} if self.fetched[series.series_uid] else set()
        return super().fetch(series, left_out | set(held), stop)


class MixesThreadsUp(FakeTransport):
    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        other = CATALOGUE.series[SERIES[1]].record
        return super().fetch(other if series.series_uid == SERIES[0] else series, held, stop)


class TellsNoSizes(FakeTransport):
    """Announces nothing but a count, as some protocols do."""

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        for answer in super().describe(uids):
            yield evolve(answer, image_bytes=0) if isinstance(answer, SeriesRecord) else answer


def test_sizes_that_are_not_told_are_not_demanded() -> None:
    _run(TellsNoSizes(CATALOGUE), "test_all_images_come_and_each_once")


def _run(transport: Transport, test: str) -> None:
    """Call one test of the contract as pytest would."""
    method = getattr(TransportContract(), test)
    wanted = method.__code__.co_varnames[1 : method.__code__.co_argcount]
    fixtures = {"transport": transport, "series": SERIES, "unknown": UNKNOWN}
    if "record" in wanted:
        (fixtures["record"],) = transport.describe(SERIES[:1])
    method(**{name: fixtures[name] for name in wanted})


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (EmptyPolicy, "test_a_policy_has_a_text"),
        (SaysItTwice, "test_every_series_is_answered_exactly_once"),
        (SaysNothingOfWhatItLacks, "test_every_series_is_answered_exactly_once"),
        (AnswersTheEmptyQuestion, "test_of_no_series_nothing_is_said"),
        (AnnouncesNoImages, "test_a_record_says_what_is_to_come"),
        (LosesTheFirst, "test_all_images_come_and_each_once"),
        (WrongSizes, "test_every_member_is_as_large_as_announced"),
        (WrongUids, "test_an_announced_uid_is_the_image_s_own"),
        (WrongList, "test_the_md5_list_is_of_these_images"),
        (Alternates, "test_the_same_comes_again"),
        (Resends, "test_held_images_are_left_out"),
        (Resends, "test_nothing_is_missing_when_all_is_held"),
        (NeverStops, "test_a_stop_before_the_start_is_honoured"),
        (NeverStops, "test_a_stop_on_the_way_is_honoured"),
        (WorksOnce, "test_a_fetch_can_be_abandoned"),
        (MixesThreadsUp, "test_several_threads_may_fetch_at_once"),
    ],
)
def test_the_contract_finds_what_is_wrong(broken: type[FakeTransport], test: str) -> None:
    _run(FakeTransport(CATALOGUE), test)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        _run(broken(CATALOGUE), test)


def test_a_series_without_a_record_is_told() -> None:
    with pytest.raises(AssertionError, match="The archive does not have it"):
        TransportContract().test_a_record_says_what_is_to_come(FakeTransport(CATALOGUE), [UNKNOWN])


def test_a_fake_can_be_made_to_fail_and_counts() -> None:
    refusal = AccessDeniedError("no.")
    transport = FakeTransport(CATALOGUE, {SERIES[0]: [refusal]})
    (record, *_) = (answer for answer in transport.describe(SERIES) if isinstance(answer, SeriesRecord))
    received: list[str] = []
    with pytest.raises(AccessDeniedError):
        received.extend(member.name for member in transport.fetch(record, (), StopSignal()))
    assert len(received) == 1
    assert len(list(transport.fetch(record, (), StopSignal()))) > record.image_count
    assert transport.fetched == {SERIES[0]: 2}


def test_a_fake_answers_as_a_guest_is_answered() -> None:
    answers = list(FakeTransport(CATALOGUE).describe(list(CATALOGUE.series)))
    granted = [answer.series_uid for answer in answers if isinstance(answer, SeriesRecord)]
    assert tuple(granted) == CATALOGUE.public


def test_a_fake_of_an_archive_without_a_policy_has_none() -> None:
    assert FakeTransport(evolve(CATALOGUE, policy=None)).policy() is None


def test_annotations_come_when_they_are_wanted() -> None:
    def kinds(*, annotations: bool) -> list[MemberKind]:
        transport = FakeTransport(CATALOGUE, annotations=annotations)
        record = CATALOGUE.series[SERIES[0]].record
        return [member.kind for member in transport.fetch(record, (), StopSignal())]

    assert kinds(annotations=True).count(MemberKind.ANNOTATION) == 2
    assert MemberKind.ANNOTATION not in kinds(annotations=False)
