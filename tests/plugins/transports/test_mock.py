from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pydicom
import pytest

from cartload.errors import (
    AccessDeniedError,
    CartloadError,
    DamagedError,
    SettingsError,
    StoppedError,
    TransportError,
)
from cartload.model import Denied, MemberKind, SeriesRecord, SeriesUID, SOPInstanceUID, Unknown
from cartload.settings import structure_options
from cartload_plugins.transports.mock.images import Instance, image
from cartload_plugins.transports.mock.script import Kind, MockOptions, Trouble, series_number, series_uid
from cartload_plugins.transports.mock.transport import MockTransport
from plugins.network.scripted_server import Switch
from plugins.transports.archives import Got, checksums_of, computed, contents, context, got


def transport(options: MockOptions | None = None, *troubles: Trouble) -> MockTransport:
    return MockTransport(context("http://mock.invalid"), options or MockOptions(), script=troubles or None)


def record(asked: MockTransport, number: int = 1) -> SeriesRecord:
    (found,) = asked.describe([series_uid(number)])
    assert isinstance(found, SeriesRecord)
    return found


def fetched(asked: MockTransport, number: int = 1) -> list[Got]:
    return got(asked.fetch(record(asked, number), (), Switch()))


def test_a_series_holds_what_its_record_says() -> None:
    asked = transport(MockOptions(images=5, image_bytes=3001, annotations=2))
    told, found = record(asked), fetched(asked)
    assert len(contents(found)) == told.image_count == 5
    assert sum(map(len, contents(found))) == told.image_bytes
    assert sum(map(len, contents(found, MemberKind.ANNOTATION))) == told.annotation_bytes
    assert checksums_of(found) == computed(found)


def test_images_are_dicom() -> None:
    asked = transport(MockOptions(images=5, acquisitions=2))
    told = record(asked, 7)
    orders = []
    for one in fetched(asked, 7):
        if one.kind is MemberKind.IMAGE:
            read = pydicom.dcmread(io.BytesIO(one.content))
            assert (read.SOPInstanceUID, read.SeriesInstanceUID) == (one.sop_uid, told.series_uid)
            assert (read.StudyInstanceUID, read.PatientID) == (told.study_uid, told.patient_id)
            orders.append((read.AcquisitionNumber, read.InstanceNumber))
    assert orders == [(1, 1), (2, 1), (1, 2), (2, 2), (1, 3)]


def test_an_image_without_room_for_its_header_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        image(Instance("1.2.3.4", "1.2.3", "1.2", "P", 1, 1), 200)


def test_the_largest_cart_is_described_without_being_held() -> None:
    asked = transport(MockOptions(series=1_000_000))
    told = asked.describe([series_uid(number) for number in range(200_000)])
    assert isinstance(next(told), Unknown)  # series are numbered from 1
    assert isinstance(next(told), SeriesRecord)


def test_held_images_do_not_come() -> None:
    asked = transport(MockOptions(images=3))
    held = [SOPInstanceUID(f"{series_uid(1)}.2")]
    found = got(asked.fetch(record(asked), held, Switch()))
    assert [one.name for one in found] == ["1-001.dcm", "1-003.dcm", "md5hashes.csv"]


def test_what_is_not_wanted_does_not_come() -> None:
    options = MockOptions(annotations=1)
    asked = MockTransport(context("http://mock.invalid", annotations=False, checksums=False), options)
    assert {one.kind for one in got(asked.fetch(record(asked), (), Switch()))} == {MemberKind.IMAGE}


@pytest.mark.parametrize("uid", ["1.2.3", series_uid(0), series_uid(13), f"{series_uid(1)}.1", "x"])
def test_other_series_are_unknown(uid: str) -> None:
    (found,) = transport(MockOptions(series=12)).describe([SeriesUID(uid)])
    assert isinstance(found, Unknown)


def test_numbers_and_identifiers_belong_together() -> None:
    assert series_number(series_uid(200_000)) == 200_000


def test_the_policy_is_what_the_options_say() -> None:
    assert transport().policy() is None
    policy = transport(MockOptions(policy="Be kind.")).policy()
    assert policy is not None
    assert policy.text == "Be kind."


@pytest.mark.parametrize(("kind", "verdict"), [(Kind.DENY, Denied), (Kind.UNKNOWN, Unknown)])
def test_a_series_may_be_denied_or_unknown(kind: Kind, verdict: type[Denied | Unknown]) -> None:
    asked = transport(None, Trouble(kind, 2))
    found = list(asked.describe([series_uid(1), series_uid(2)]))
    assert isinstance(found[0], SeriesRecord)
    assert isinstance(found[1], verdict)


@pytest.mark.parametrize(
    ("kind", "error"),
    [(Kind.FAIL, TransportError), (Kind.REFUSE, AccessDeniedError), (Kind.CUT, DamagedError)],
)
def test_a_fetch_may_fail(kind: Kind, error: type[CartloadError]) -> None:
    asked = transport(None, Trouble(kind, 2))
    with pytest.raises(error):
        fetched(asked, 2)
    assert fetched(asked, 1)


def test_trouble_may_pass() -> None:
    asked = transport(None, Trouble(Kind.FAIL, 1, times=2))
    for _ in range(2):
        with pytest.raises(TransportError) as caught:
            fetched(asked)
        assert caught.value.retryable
    assert fetched(asked)


def test_a_corrupt_image_does_not_fit_its_checksum() -> None:
    found = fetched(transport(None, Trouble(Kind.CORRUPT, 1)))
    wrong = {name for name, md5 in checksums_of(found).items() if computed(found)[name] != md5}
    assert wrong == {"1-003.dcm"}


def test_a_dropped_image_is_listed_and_does_not_come() -> None:
    found = fetched(transport(None, Trouble(Kind.DROP, 1)))
    assert checksums_of(found).keys() - computed(found).keys() == {"1-003.dcm"}


def test_a_stalled_fetch_waits_for_the_stop() -> None:
    asked, stop = transport(None, Trouble(Kind.STALL, 1)), Switch()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(got, asked.fetch(record(asked), (), stop))
        assert stop.waited.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


def test_a_stop_ends_a_fetch_and_a_description() -> None:
    stop = Switch()
    asked = MockTransport(context("http://mock.invalid", stop=stop), MockOptions())
    told = record(asked)
    stop.request()
    with pytest.raises(StoppedError):
        got(asked.fetch(told, (), stop))
    with pytest.raises(StoppedError):
        record(asked)


def test_each_member_is_announced_to_whoever_sets_the_pace() -> None:
    heard: list[tuple[str, str]] = []
    asked = MockTransport(
        context("http://mock.invalid"),
        MockOptions(images=1),
        pace=lambda uid, name: heard.append((uid, name)),
    )
    fetched(asked)
    assert heard == [(series_uid(1), "1-001.dcm"), (series_uid(1), "md5hashes.csv")]


def test_troubles_are_written_as_texts_in_the_settings() -> None:
    options = structure_options("mock", MockOptions, {"troubles": ["fail:3", "cut:5x2"], "series": 9})
    assert options.script() == (Trouble(Kind.FAIL, 3), Trouble(Kind.CUT, 5, 2))


@pytest.mark.parametrize("text", ["", "fail", "fail:0", "fail:x", "burn:1", "fail:1x0", "fail:1 "])
def test_a_trouble_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="no trouble"):
        structure_options("mock", MockOptions, {"troubles": [text]})


@pytest.mark.parametrize(
    "options", [{"series": -1}, {"image_bytes": 10}, {"images": "3"}, {"acquisitions": 0}]
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        structure_options("mock", MockOptions, options)
