from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.errors import (
    AccessDeniedError,
    DamagedError,
    StoppedError,
    TransportError,
    UnsupportedError,
)
from cartload.model import Denied, MemberKind, SeriesRecord, SeriesUID, SOPInstanceUID, Unknown
from cartload.testing.catalogue import DEMO_POLICY, Catalogue, demo_catalogue
from cartload_archive import ArchiveOptions, ArchiveServer, Compression, Ending, Fault
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.nbia_rest.transport import NbiaRestTransport
from plugins.network.scripted_server import Heard, ScriptedServer, Switch, answer, chunked
from plugins.transports.archives import (
    checksums_of,
    computed,
    contents,
    context,
    described,
    got,
    one_of,
    stored,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cartload.ports import Authenticator
    from cartload.testing.archive import ArchiveSeries

CATALOGUE = demo_catalogue()
ANNOTATED = one_of(CATALOGUE, has_annotations=True)
PLAIN = one_of(CATALOGUE, series_description="AXIAL 2.5")
LIMITED = one_of(CATALOGUE, collection="DEMO-LIMITED")
NOWHERE = SeriesUID("1.2.3.4.5")
VERSIONS = [frozenset({"v1"}), frozenset({"v4"}), frozenset({"v1", "v2", "v4"})]


def transport(
    url: str, authenticator: Authenticator | None = None, *, annotations: bool = True, checksums: bool = True
) -> NbiaRestTransport:
    made = context(url, authenticator, annotations=annotations, checksums=checksums)
    return NbiaRestTransport(made, NetworkOptions(read_timeout=20))


@pytest.fixture
def server() -> Iterator[ArchiveServer]:
    with ArchiveServer(CATALOGUE) as running:
        yield running


def test_the_policy_is_the_archives(server: ArchiveServer) -> None:
    policy = transport(server.api_url).policy()
    assert policy is not None
    assert policy.text == DEMO_POLICY.strip("\n")


@pytest.mark.parametrize("address", ["servlet_url", "api_url", "url"])
def test_any_address_of_the_archive_will_do(server: ArchiveServer, address: str) -> None:
    assert described(transport(getattr(server, address)), PLAIN).series_uid == PLAIN.uid


@pytest.mark.parametrize("versions", VERSIONS, ids=sorted)
def test_every_series_of_the_cart_is_described(versions: frozenset[str]) -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(rest=versions)) as server:
        asked = [*CATALOGUE.series, NOWHERE]
        found = {one.series_uid: one for one in transport(server.api_url).describe(asked)}
    assert found.keys() == set(asked)
    assert {uid for uid, one in found.items() if isinstance(one, SeriesRecord)} == set(CATALOGUE.public)
    assert isinstance(found[LIMITED.uid], Denied)
    assert isinstance(found[NOWHERE], Unknown if "v4" in versions else Denied)


@pytest.mark.parametrize("versions", VERSIONS, ids=sorted)
def test_a_record_says_what_the_archive_knows(versions: frozenset[str]) -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(rest=versions)) as server:
        record = described(transport(server.api_url), ANNOTATED)
    known = ANNOTATED.record
    for name in ("study_uid", "patient_id", "collection", "image_count", "image_bytes", "has_annotations",
                 "study_date", "study_id", "series_number", "modality", "third_party_analysis",
                 "data_description_uri", "license"):  # fmt: skip
        assert getattr(record, name) == getattr(known, name), name


def test_a_thousand_series_are_described_at_once(server: ArchiveServer) -> None:
    uids = [SeriesUID(f"1.2.{number}") for number in range(1500)]
    assert len(list(transport(server.api_url).describe(uids))) == 1500
    assert [request.path.rpartition("/")[2] for request in server.requests] == ["getSeriesMetadata"] * 2


def test_the_version_is_looked_for_once() -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(rest=frozenset({"v1"}))) as server:
        list(transport(server.api_url).describe([PLAIN.uid, ANNOTATED.uid]))
        paths = [request.path.split("/")[3] for request in server.requests]
    assert paths == ["v4", "v1", "v1"]


def test_an_archive_without_rest_services_is_not_supported() -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(rest=frozenset())) as server:
        asked = transport(server.api_url)
        with pytest.raises(UnsupportedError):
            list(asked.describe([PLAIN.uid]))
        with pytest.raises(UnsupportedError):
            got(asked.fetch(PLAIN.record, (), Switch()))


@pytest.mark.parametrize("versions", VERSIONS, ids=sorted)
@pytest.mark.parametrize("compression", list(Compression))
@pytest.mark.parametrize("series", [ANNOTATED, PLAIN], ids=["annotated", "plain"])
def test_a_series_is_fetched_whole(
    versions: frozenset[str], compression: Compression, series: ArchiveSeries
) -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(rest=versions, compression=compression)) as server:
        found = got(transport(server.api_url).fetch(series.record, (), Switch()))
    assert contents(found) == stored(series)
    assert contents(found, MemberKind.ANNOTATION) == sorted(one.content for one in series.annotations)
    assert checksums_of(found) == computed(found)


def test_the_licence_comes_with_a_plain_series(server: ArchiveServer) -> None:
    found = got(transport(server.api_url).fetch(PLAIN.record, (), Switch()))
    (text,) = contents(found, MemberKind.LICENSE)
    assert b"CC BY" in text


@pytest.mark.parametrize("versions", VERSIONS, ids=sorted)
def test_checksums_and_annotations_come_only_if_wanted(versions: frozenset[str]) -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(rest=versions)) as server:
        asked = transport(server.api_url, annotations=False, checksums=False)
        kinds = {one.kind for one in got(asked.fetch(ANNOTATED.record, (), Switch()))}
    assert kinds == {MemberKind.IMAGE, MemberKind.LICENSE}


@pytest.mark.parametrize("versions", VERSIONS, ids=sorted)
def test_a_series_that_is_not_given_is_denied_in_the_archives_words(versions: frozenset[str]) -> None:
    with (
        ArchiveServer(CATALOGUE, ArchiveOptions(rest=versions)) as server,
        pytest.raises(AccessDeniedError) as caught,
    ):
        got(transport(server.api_url).fetch(LIMITED.record, (), Switch()))
    assert LIMITED.uid in str(caught.value)
    assert not caught.value.retryable


def held_but(series: ArchiveSeries, missing: int) -> list[SOPInstanceUID]:
    return [image.sop_uid for image in series.images[missing:]]


@pytest.mark.parametrize("versions", VERSIONS, ids=sorted)
@pytest.mark.parametrize("missing", [1, 16])
def test_a_few_missing_images_are_fetched_singly(versions: frozenset[str], missing: int) -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(rest=versions)) as server:
        found = got(transport(server.api_url).fetch(PLAIN.record, held_but(PLAIN, missing), Switch()))
        calls = {request.path.rpartition("/")[2] for request in server.requests}
    assert contents(found) == sorted(image.read() for image in PLAIN.images[:missing])
    assert {one.sop_uid for one in found} - {None} == {image.sop_uid for image in PLAIN.images[:missing]}
    assert not calls & {"getImage", "getDCMImage"}


@pytest.mark.parametrize("missing", [17, 24, 47])
def test_many_missing_images_are_fetched_with_the_whole(server: ArchiveServer, missing: int) -> None:
    found = got(transport(server.api_url).fetch(PLAIN.record, held_but(PLAIN, missing), Switch()))
    assert contents(found) == stored(PLAIN)


def test_missing_annotations_are_fetched_with_the_whole(server: ArchiveServer) -> None:
    found = got(transport(server.api_url).fetch(ANNOTATED.record, held_but(ANNOTATED, 1), Switch()))
    assert len(contents(found, MemberKind.ANNOTATION)) == 2


def test_nothing_is_fetched_when_nothing_is_missing(server: ArchiveServer) -> None:
    assert got(transport(server.api_url).fetch(PLAIN.record, held_but(PLAIN, 0), Switch())) == []


def test_single_images_come_without_checksums_if_those_are_not_wanted(server: ArchiveServer) -> None:
    asked = transport(server.api_url, checksums=False)
    (found,) = got(asked.fetch(PLAIN.record, held_but(PLAIN, 1), Switch()))
    assert found.kind is MemberKind.IMAGE


def zipped(*names: str, content: bytes = b"0123456789") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def single(heard: Heard, image: bytes, listed: bytes, md5: bytes = b"") -> list[bytes]:
    call = heard.target.partition("?")[0].rpartition("/")[2]
    bodies = {"getSOPInstanceUIDs": listed, "getSingleImage": image, "getMD5HashForImage": md5}
    return [answer(bodies[call])] if call in bodies else [answer(zipped("1-1.dcm"))]


LISTED = json.dumps([{"SOPInstanceUID": f"1.2.{number}"} for number in range(5)]).encode()
HELD = [SOPInstanceUID(f"1.2.{number}") for number in range(4)]


def test_a_single_image_whose_checksum_nobody_tells_comes_with_the_whole_series() -> None:
    with (
        ScriptedServer(lambda heard: single(heard, b"image", LISTED)) as server,
        pytest.raises(DamagedError, match="MD5 list"),
    ):
        got(transport(server.url).fetch(PLAIN.record, HELD, Switch()))
    assert not [heard for heard in server.heard if "getSingleImage" in heard.target]


def test_a_single_image_has_its_announced_size() -> None:
    with ScriptedServer(lambda heard: single(heard, b"image", LISTED)) as server:
        (found,) = got(transport(server.url, checksums=False).fetch(PLAIN.record, HELD, Switch()))
    assert (found.name, found.content, found.size, found.sop_uid) == ("1.2.4.dcm", b"image", 5, "1.2.4")


def test_single_images_come_with_their_checksums_where_the_archive_has_them() -> None:
    md5 = hashlib.md5(b"image", usedforsecurity=False).hexdigest().encode()
    with ScriptedServer(lambda heard: single(heard, b"image", LISTED, md5)) as server:
        found = got(transport(server.url).fetch(PLAIN.record, HELD, Switch()))
    assert checksums_of(found) == computed(found)


@pytest.mark.parametrize("listed", [b"", b"[]", b'[{"SOPInstanceUID": "../x"}]', b'[{"other": 1}, 2]'])
def test_a_list_that_helps_nothing_leads_to_the_whole(listed: bytes) -> None:
    with ScriptedServer(lambda heard: single(heard, b"image", listed)) as server:
        (found,) = got(transport(server.url, checksums=False).fetch(PLAIN.record, HELD, Switch()))
    assert found.name == "1-1.dcm"


def test_a_server_that_cannot_list_images_sends_the_whole() -> None:
    def script(heard: Heard) -> list[bytes]:
        listing = "getSOPInstanceUIDs" in heard.target
        return [answer(status=404)] if listing else [answer(zipped("1-1.dcm"))]

    with ScriptedServer(script) as server:
        (found,) = got(transport(server.url, checksums=False).fetch(PLAIN.record, HELD, Switch()))
    assert found.name == "1-1.dcm"


@pytest.mark.parametrize("listed", [b"<html>", b'{"SOPInstanceUID": "1.2"}', b"[" * 100_000])
def test_a_list_that_cannot_be_read_is_an_error(listed: bytes) -> None:
    with (
        ScriptedServer(lambda heard: single(heard, b"image", listed)) as server,
        pytest.raises(DamagedError, match="table"),
    ):
        got(transport(server.url).fetch(PLAIN.record, HELD, Switch()))


def test_a_single_image_of_endless_length_stops_at_the_bounds() -> None:
    record = evolve(PLAIN.record, image_bytes=0)
    huge = chunked([bytes(1 << 20)] * 300)

    def script(heard: Heard) -> list[bytes]:
        return [huge] if "getSingleImage" in heard.target else single(heard, b"", LISTED)

    come: list[int] = []
    with ScriptedServer(script) as server, pytest.raises(DamagedError, match="more bytes"):
        come.extend(
            len(chunk)
            for member in transport(server.url, checksums=False).fetch(record, HELD, Switch())
            for chunk in member.content
        )
    assert sum(come) <= 256 << 20


def test_an_empty_archive_is_asked_for_by_the_other_call() -> None:
    def script(heard: Heard) -> list[bytes]:
        return [answer(zipped("1-1.dcm") if "getDCMImage" in heard.target else zipped())]

    with ScriptedServer(script) as server:
        (found,) = got(transport(server.url, checksums=False).fetch(PLAIN.record, (), Switch()))
    assert found.kind is MemberKind.IMAGE
    assert len(server.heard) == 2


def test_images_without_the_md5_list_that_was_asked_for_are_not_believed() -> None:
    with (
        ScriptedServer(lambda _: [answer(zipped("1-1.dcm"))]) as server,
        pytest.raises(DamagedError, match="MD5 list"),
    ):
        got(transport(server.url).fetch(PLAIN.record, (), Switch()))


def test_an_archive_that_stays_empty_ends_so() -> None:
    with ScriptedServer(lambda _: [answer(zipped())]) as server:
        assert got(transport(server.url).fetch(PLAIN.record, (), Switch())) == []
    assert len(server.heard) == 2


def test_a_stop_ends_a_fetch_between_two_chunks(server: ArchiveServer) -> None:
    stop = Switch()
    fetching = transport(server.api_url).fetch(PLAIN.record, (), stop)
    next(fetching)
    stop.request()
    with pytest.raises(StoppedError):
        got(fetching)


def fetch_error(reply: bytes) -> TransportError:
    with ScriptedServer(lambda _: [reply]) as server, pytest.raises(TransportError) as caught:
        got(transport(server.url).fetch(PLAIN.record, (), Switch()))
    return caught.value


@pytest.mark.parametrize("body", [b"Image is not in public domain.", b""])
def test_a_400_is_a_denial_in_the_archives_words(body: bytes) -> None:
    error = fetch_error(answer(body, 400, {"Content-Type": "application/json"}))
    assert isinstance(error, AccessDeniedError)
    assert body.decode() in str(error)


def test_a_text_instead_of_an_archive_is_quoted() -> None:
    reply = answer(b"<h1>Sign in</h1>", headers={"Content-Type": "text/html"})
    assert "Sign in" in str(fetch_error(reply))


def test_an_error_page_without_a_type_is_no_archive() -> None:
    assert "not a ZIP" in str(fetch_error(answer(b"<h1>Sign in</h1>")))


@pytest.mark.parametrize("status", [500, 503])
def test_a_passing_trouble_can_be_tried_again(status: int) -> None:
    assert fetch_error(answer(status=status)).retryable


WHOLE = zipped("1-1.dcm", content=b"x" * 500)
FRAMES: dict[str, Callable[[bytes], bytes]] = {
    "the end of the connection": lambda body: answer(body, length=False),
    "a length that fits": answer,
    "chunks without the last": lambda body: chunked([body], ended=False),
    "chunks with the last": lambda body: chunked([body]),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("cut", range(0, len(WHOLE), 9))
def test_a_series_cut_anywhere_is_never_whole(frame: Callable[[bytes], bytes], cut: int) -> None:
    assert fetch_error(frame(WHOLE[:cut])).retryable


@pytest.mark.parametrize("ending", list(Ending))
def test_a_stream_that_ends_early_is_an_error_however_it_ends(ending: Ending) -> None:
    fault = Fault(cut_after=100_000, ending=ending)
    with ArchiveServer(CATALOGUE, faults={PLAIN.uid: fault}) as server, pytest.raises(TransportError):
        got(transport(server.api_url).fetch(PLAIN.record, (), Switch()))


def test_an_archive_may_have_no_policy() -> None:
    with ArchiveServer(Catalogue(())) as server:
        assert transport(server.api_url).policy() is None


HEADINGS = "Series UID,Study UID,Subject ID,Collection,Number of Images,File Size,Series Description"


def told(table: str) -> SeriesRecord | Denied | Unknown:
    with ScriptedServer(lambda _: [answer(table.encode())]) as server:
        (found,) = transport(server.url).describe([SeriesUID("1.2.3")])
    return found


def test_quoted_values_are_read_as_csv_says() -> None:
    found = told(f'{HEADINGS}\n"1.2.3","1.2","P","C","2","10","a ""b"", c\nd"\n')
    assert isinstance(found, SeriesRecord)
    assert found.series_description == 'a "b", c\nd'


def test_a_page_instead_of_a_table_means_that_there_are_no_services() -> None:
    page = answer(b"<h1>Welcome to the portal</h1>", headers={"Content-Type": "text/html"})
    with ScriptedServer(lambda _: [page]) as server, pytest.raises(UnsupportedError, match="Welcome"):
        list(transport(server.url).describe([SeriesUID("1.2.3")]))


def test_a_row_that_cannot_be_used_is_unknown() -> None:
    found = told(f"{HEADINGS}\n1.2.3,1.2,P,C,many,10,d\n")
    assert isinstance(found, Unknown)
    assert "count" in found.reason


def test_a_table_without_the_series_means_that_it_is_unknown() -> None:
    assert isinstance(told(f"{HEADINGS}\n9.9,1.2,P,C,1,10,d\n"), Unknown)
    assert isinstance(told(""), Unknown)


def test_a_table_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(DamagedError):
        told(f'{HEADINGS}\n"{"x" * 200_000}"\n')
