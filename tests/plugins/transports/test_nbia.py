from __future__ import annotations

import io
import tarfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from cartload.errors import (
    AccessDeniedError,
    CartloadError,
    DamagedError,
    LoginError,
    StoppedError,
    TransportError,
    UnsupportedError,
)
from cartload.model import (
    Denied,
    MemberKind,
    SeriesRecord,
    SeriesUID,
    SOPInstanceUID,
    StudyUID,
    Unknown,
)
from cartload.testing.catalogue import (
    DEMO_POLICY,
    DEMO_USER,
    DEMO_USER_WITHOUT_RIGHTS,
    Catalogue,
    demo_catalogue,
)
from cartload_archive import ArchiveOptions, ArchiveServer, Ending, Fault, Stall
from cartload_archive.passwords import encrypted
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.nbia.transport import NbiaTransport
from plugins.network.scripted_server import Hang, Heard, ScriptedServer, Switch, answer, chunked
from plugins.transports.archives import (
    Login,
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
    from collections.abc import Callable, Collection, Iterator

    from cartload.ports import Authenticator
    from cartload.testing.archive import ArchiveSeries
    from plugins.network.scripted_server import Part
    from plugins.transports.archives import Got

CATALOGUE = demo_catalogue()
ANNOTATED = one_of(CATALOGUE, has_annotations=True)
PLAIN = one_of(CATALOGUE, series_description="AXIAL 2.5")
LIMITED = one_of(CATALOGUE, collection="DEMO-LIMITED")
NOWHERE = SeriesUID("1.2.3.4.5")


def transport(
    url: str, authenticator: Authenticator | None = None, *, annotations: bool = True, checksums: bool = True
) -> NbiaTransport:
    made = context(url, authenticator, annotations=annotations, checksums=checksums)
    return NbiaTransport(made, NetworkOptions(read_timeout=20))


@pytest.fixture
def server() -> Iterator[ArchiveServer]:
    with ArchiveServer(CATALOGUE) as running:
        yield running


def login(user: str, password: str) -> Login:
    return Login(user, encrypted(password, ArchiveOptions().password_key))


def test_the_policy_is_the_archives(server: ArchiveServer) -> None:
    policy = transport(server.servlet_url).policy()
    assert policy is not None
    assert policy.text == DEMO_POLICY.strip("\n")
    assert policy.archive == server.url


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_an_archive_may_have_no_policy(text: str | None) -> None:
    with ArchiveServer(Catalogue((), text)) as server:
        assert transport(server.servlet_url).policy() is None


def test_a_policy_that_cannot_be_had_is_not_taken_for_none() -> None:
    with ScriptedServer(lambda _: [answer(b"later", 503)]) as server, pytest.raises(TransportError):
        transport(server.url).policy()


def test_every_series_of_the_cart_is_described(server: ArchiveServer) -> None:
    found = {
        one.series_uid: one for one in transport(server.servlet_url).describe([*CATALOGUE.series, NOWHERE])
    }
    assert found.keys() == CATALOGUE.series.keys() | {NOWHERE}
    public = {uid for uid, one in found.items() if isinstance(one, SeriesRecord)}
    assert public == set(CATALOGUE.public)
    assert all(isinstance(found[uid], Denied) for uid in found.keys() - public)


def test_a_record_says_what_the_archive_knows(server: ArchiveServer) -> None:
    record = described(transport(server.servlet_url), ANNOTATED)
    known = ANNOTATED.record
    for name in ("study_uid", "patient_id", "collection", "image_count", "image_bytes", "annotation_bytes",
                 "has_annotations", "study_date", "study_id", "series_number", "modality", "sop_class_uid",
                 "sop_class_name", "third_party_analysis", "license"):  # fmt: skip
        assert getattr(record, name) == getattr(known, name), name


def test_a_series_listed_twice_is_asked_for_once(server: ArchiveServer) -> None:
    found = list(transport(server.servlet_url).describe([PLAIN.uid, PLAIN.uid]))
    assert [one.series_uid for one in found] == [PLAIN.uid]
    assert len([request for request in server.requests if "Servlet" in request.path]) == 1


def test_records_come_as_the_batches_do() -> None:
    asked = [SeriesUID(f"1.2.{number}") for number in range(5001)]
    with ScriptedServer(lambda heard: [answer(_rows(heard))]) as server:
        told = transport(server.url).describe(asked)
        assert isinstance(next(told), SeriesRecord)
        assert len(server.heard) == 1
        assert sum(1 for _ in told) == 5000
        assert len(server.heard) == 2


def test_a_user_asks_for_smaller_batches() -> None:
    asked = [SeriesUID(f"1.2.{number}") for number in range(2001)]
    with ScriptedServer(lambda heard: [answer(_rows(heard))]) as server:
        list(transport(server.url, Login("me", "00")).describe(asked))
    forms = [dict(parse_qsl(heard.body.decode())) for heard in server.heard]
    assert [form["numberOfSeries"] for form in forms] == ["2000", "1"]
    assert forms[0]["userId"] == "me"


def _rows(heard: Heard) -> bytes:
    form = dict(parse_qsl(heard.body.decode()))
    uids = [form[f"series{number}"] for number in range(1, int(form["numberOfSeries"]) + 1)]
    return "".join(
        f"C|P|1.2|{uid}|No|1|1000|0|url|displayName|true|01-01-2000|NA|NA|1.0|NA\n" for uid in uids
    ).encode()


def test_a_user_sees_more_than_a_guest(server: ArchiveServer) -> None:
    asked = transport(server.servlet_url, login(DEMO_USER.name, DEMO_USER.password))
    assert isinstance(next(asked.describe([LIMITED.uid])), SeriesRecord)
    assert contents(got(asked.fetch(LIMITED.record, (), Switch()))) == stored(LIMITED)


def test_a_user_without_rights_is_denied(server: ArchiveServer) -> None:
    user = DEMO_USER_WITHOUT_RIGHTS
    found = list(
        transport(server.servlet_url, login(user.name, user.password)).describe([LIMITED.uid, PLAIN.uid])
    )
    assert {one.series_uid: type(one) for one in found} == {LIMITED.uid: Denied, PLAIN.uid: SeriesRecord}


def test_a_wrong_password_is_a_login_error(server: ArchiveServer) -> None:
    with pytest.raises(LoginError):
        list(transport(server.servlet_url, login(DEMO_USER.name, "wrong")).describe([PLAIN.uid]))


@pytest.mark.parametrize("servlets", ["V4", "V3"])
@pytest.mark.parametrize("series", [ANNOTATED, PLAIN])
def test_a_series_is_fetched_whole(servlets: str, series: ArchiveSeries) -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(servlets="V4" if servlets == "V4" else "V3")) as server:
        asked = transport(server.servlet_url)
        found = got(asked.fetch(described(asked, series), (), Switch()))
    assert contents(found) == stored(series)
    assert contents(found, MemberKind.ANNOTATION) == sorted(one.content for one in series.annotations)
    assert {one.sop_uid for one in found} - {None} == {image.sop_uid for image in series.images}
    assert all(one.size == len(one.content) for one in found)


def test_checksums_come_with_the_images(server: ArchiveServer) -> None:
    found = got(transport(server.servlet_url).fetch(PLAIN.record, (), Switch()))
    assert checksums_of(found) == computed(found)


def test_checksums_and_annotations_come_only_if_wanted(server: ArchiveServer) -> None:
    asked = transport(server.servlet_url, annotations=False, checksums=False)
    kinds = {one.kind for one in got(asked.fetch(ANNOTATED.record, (), Switch()))}
    assert kinds == {MemberKind.IMAGE}


def test_the_series_request_is_the_original_retrievers(server: ArchiveServer) -> None:
    got(transport(server.servlet_url).fetch(ANNOTATED.record, (), Switch()))
    request = server.requests[-1]
    assert [name for name, _ in request.form] == [
        "userId", "sopUids", "seriesUid", "includeAnnotation", "hasAnnotation", "Range", "password",
        "newFileNames", "getMD5Hash",
    ]  # fmt: skip
    assert request.headers["password"] == ""


def held_of(series: ArchiveSeries, count: int) -> list[SOPInstanceUID]:
    return [image.sop_uid for image in series.images[:count]]


@pytest.mark.parametrize("count", [1, 20, 47])
def test_held_images_are_not_sent_again(server: ArchiveServer, count: int) -> None:
    held = held_of(PLAIN, count)
    found = got(transport(server.servlet_url).fetch(PLAIN.record, held, Switch()))
    assert contents(found) == sorted(image.read() for image in PLAIN.images[count:])
    assert len(server.requests) == 1


def test_a_series_that_is_held_whole_needs_no_request(server: ArchiveServer) -> None:
    held = held_of(PLAIN, 48)
    assert got(transport(server.servlet_url).fetch(PLAIN.record, held, Switch())) == []
    assert server.requests == ()


def test_annotations_come_also_when_every_image_is_held(server: ArchiveServer) -> None:
    held = [image.sop_uid for image in ANNOTATED.images]
    found = got(transport(server.servlet_url).fetch(ANNOTATED.record, held, Switch()))
    assert contents(found) == []
    assert len(contents(found, MemberKind.ANNOTATION)) == 2


def small(uids: Collection[str], size: int = 10) -> SeriesRecord:
    return SeriesRecord(
        series_uid=SeriesUID("1.2.3"),
        study_uid=StudyUID("1.2"),
        patient_id="P",
        collection="C",
        image_count=len(uids),
        image_bytes=size * len(uids),
    )


def tar(*names: str, content: bytes = b"0123456789") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def test_images_excluded_by_mistake_are_fetched_in_a_second_request() -> None:
    """The servlet looks for each UID anywhere in the excluded text, so 1.2.3.1 is in '1.2.3.10'."""
    uids = ["1.2.3.1", "1.2.3.10", "1.2.3.2"]

    def script(heard: Heard) -> list[bytes]:
        excluded = dict(parse_qsl(heard.body.decode())).get("sopUids", "")
        sent = [f"{uid}^1-{place}.dcm" for place, uid in enumerate(uids, start=1) if uid not in excluded]
        return [answer(tar(*sent)) if sent else answer(status=403)]

    with ScriptedServer(script) as server:
        found = got(
            transport(server.url, checksums=False).fetch(small(uids), [SOPInstanceUID("1.2.3.10")], Switch())
        )
    assert [one.sop_uid for one in found] == ["1.2.3.2", "1.2.3.1"]
    assert len(server.heard) == 2


def test_a_second_request_follows_when_the_first_excludes_everything_by_mistake() -> None:
    def script(heard: Heard) -> list[bytes]:
        return [answer(status=403) if b"1.2.3.10" in heard.body else answer(tar("1.2.3.1^1-1.dcm"))]

    with ScriptedServer(script) as server:
        record = small(["1.2.3.1", "1.2.3.10"])
        found = got(
            transport(server.url, checksums=False).fetch(record, [SOPInstanceUID("1.2.3.10")], Switch())
        )
    assert [one.sop_uid for one in found] == ["1.2.3.1"]


def test_more_held_images_than_a_form_can_tell_are_passed_over_when_they_come() -> None:
    uids = [f"1.2.3.{number:058}" for number in range(30_000)]
    missing = uids[17]

    def script(heard: Heard) -> list[bytes]:
        assert len(heard.body) < 2 * 1024 * 1024
        return [answer(tar(f"{uids[-1]}^1-1.dcm", f"{missing}^1-2.dcm"))]

    held = [SOPInstanceUID(uid) for uid in uids if uid != missing]
    with ScriptedServer(script) as server:
        found = got(transport(server.url, checksums=False).fetch(small(uids), held, Switch()))
    assert [one.sop_uid for one in found] == [missing]


def test_images_without_the_md5_list_that_was_asked_for_are_not_believed() -> None:
    with ScriptedServer(lambda _: [answer(tar("1.2.3.1^1-1.dcm"))]) as server:
        fetching = transport(server.url).fetch(small(["1.2.3.1"]), (), Switch())
        with pytest.raises(DamagedError, match="MD5 list"):
            got(fetching)


def fetch_from(*parts: Part) -> list[Got]:
    with ScriptedServer(lambda _: parts) as server:
        return got(transport(server.url, checksums=False).fetch(small(["1.2.3.1"]), (), Switch()))


def fetch_error(*parts: Part) -> CartloadError:
    with pytest.raises(CartloadError) as caught:
        fetch_from(*parts)
    return caught.value


def test_no_permission_and_no_images_cannot_be_told_apart() -> None:
    error = fetch_error(answer(status=403))
    assert isinstance(error, AccessDeniedError)
    assert "no permission" in str(error)
    assert "no image" in str(error)
    assert "1.2.3" in str(error)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/html;charset=utf-8", "<p>Down for repairs</p>"),
        ("application/json", '{"error": "Down for repairs"}'),
    ],
)
def test_a_text_instead_of_images_is_quoted(kind: str, text: str) -> None:
    error = fetch_error(answer(text.encode(), headers={"Content-Type": kind}))
    assert isinstance(error, DamagedError)
    assert "Down for repairs" in str(error)


@pytest.mark.parametrize("body", [b"", b"Down for repairs", bytes(512), b"PK\x03\x04" + bytes(2000)])
def test_what_is_no_archive_yields_nothing(body: bytes) -> None:
    assert isinstance(fetch_error(answer(body)), DamagedError)


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_passing_trouble_can_be_tried_again(status: int) -> None:
    assert fetch_error(answer(status=status)).retryable


def test_names_that_tell_no_identifier_are_images_all_the_same() -> None:
    with ScriptedServer(
        lambda _: [answer(tar("000000.dcm", "x^1-2.dcm", "069.xml", "1.2.3.4.dcm"))]
    ) as server:
        found = got(transport(server.url, checksums=False).fetch(small(["1"] * 3), (), Switch()))
    assert [(one.name, one.kind, one.sop_uid) for one in found] == [
        ("000000.dcm", MemberKind.IMAGE, None),
        ("1-2.dcm", MemberKind.IMAGE, None),
        ("069.xml", MemberKind.ANNOTATION, None),
        ("1.2.3.4.dcm", MemberKind.IMAGE, "1.2.3.4"),
    ]


WHOLE = tar("1.2.3.1^1-1.dcm", content=b"x" * 600)[:2560]

FRAMES: dict[str, Callable[[bytes], bytes]] = {
    "a length that is a lie": lambda body: answer(body).replace(
        b"Content-Length: %d" % len(body), b"Content-Length: %d" % len(WHOLE)
    ),
    "a length that fits": answer,
    "the end of the connection": lambda body: answer(body, length=False),
    "chunks without the last": lambda body: chunked([body], ended=False),
    "chunks with the last": lambda body: chunked([body]),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("cut", [0, 1, 511, 512, 700, 1111, 1112, 1535, 1536, 1600, 2048, 2559])
def test_a_series_cut_anywhere_is_never_whole(frame: Callable[[bytes], bytes], cut: int) -> None:
    error = fetch_error(frame(WHOLE[:cut]))
    assert isinstance(error, TransportError)
    assert error.retryable


@pytest.mark.parametrize("frame", ["a length that fits", "the end of the connection", "chunks with the last"])
def test_a_series_that_is_not_cut_is_whole(frame: str) -> None:
    assert len(fetch_from(FRAMES[frame](WHOLE))) == 1


@pytest.mark.parametrize("ending", list(Ending))
def test_a_stream_that_ends_early_is_an_error_however_it_ends(ending: Ending) -> None:
    fault = Fault(cut_after=100_000, ending=ending)
    with ArchiveServer(CATALOGUE, faults={PLAIN.uid: fault}) as server, pytest.raises(TransportError):
        got(transport(server.servlet_url).fetch(PLAIN.record, (), Switch()))


def test_a_stop_wakes_a_fetch_from_a_silent_server() -> None:
    stall, stop = Stall(after=100_000), Switch()
    with (
        ArchiveServer(CATALOGUE, faults={PLAIN.uid: Fault(stall=stall)}) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        fetching = transport(server.servlet_url).fetch(PLAIN.record, (), stop)
        waiting = pool.submit(got, fetching)
        assert stall.reached.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


def test_a_stop_wakes_a_query_to_a_silent_server() -> None:
    hang, stop = Hang(), Switch()
    with ScriptedServer(lambda _: [hang]) as server, ThreadPoolExecutor(1) as pool:
        asked = NbiaTransport(context(server.url, stop=stop), NetworkOptions())
        waiting = pool.submit(list, asked.describe([PLAIN.uid]))
        assert hang.reached.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


def test_an_abandoned_fetch_lets_go_of_its_connection(server: ArchiveServer) -> None:
    asked = transport(server.servlet_url)
    stop = Switch()
    fetching = asked.fetch(PLAIN.record, (), stop)
    next(next(fetching).content)
    fetching.close()  # type: ignore[attr-defined]  # a generator, as the engine closes it
    assert stop.closers == 0
    assert contents(got(asked.fetch(PLAIN.record, (), stop))) == stored(PLAIN)


def test_connections_are_kept_from_series_to_series(server: ArchiveServer) -> None:
    asked = transport(server.servlet_url)
    for _ in range(4):
        got(asked.fetch(PLAIN.record, (), Switch()))
    assert server.connections == 1


def test_series_can_be_fetched_by_several_threads(server: ArchiveServer) -> None:
    asked = transport(server.servlet_url)
    public = [CATALOGUE.series[uid] for uid in CATALOGUE.public]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda series: got(asked.fetch(series.record, (), Switch())), public))
    assert [contents(one) for one in found] == [stored(series) for series in public]


def test_the_third_version_is_asked_where_there_is_no_fourth() -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(servlets="V3")) as server:
        asked = transport(server.servlet_url)
        described(asked, PLAIN)
        described(asked, PLAIN)
        paths = [request.path.rpartition("/")[2] for request in server.requests]
    assert paths == ["DownloadServletV4", "DownloadServletV3", "DownloadServletV3"]


def test_an_archive_without_servlets_is_not_supported() -> None:
    with ArchiveServer(CATALOGUE, ArchiveOptions(servlets=None)) as server:
        asked = transport(server.servlet_url)
        with pytest.raises(UnsupportedError):
            list(asked.describe([PLAIN.uid]))
        with pytest.raises(UnsupportedError):
            got(asked.fetch(PLAIN.record, (), Switch()))


def test_a_page_instead_of_lines_means_that_there_is_no_servlet() -> None:
    page = answer(b"<h1>Welcome to the portal</h1>", headers={"Content-Type": "text/html; charset=utf-8"})
    with ScriptedServer(lambda _: [page]) as server, pytest.raises(UnsupportedError, match="Welcome"):
        list(transport(server.url).describe([SeriesUID("1.2.3"), SeriesUID("1.2.4")]))
    assert len(server.heard) == 1


def test_a_page_is_no_policy() -> None:
    page = answer(b"<h1>Welcome to the portal</h1>", headers={"Content-Type": "text/html"})
    with ScriptedServer(lambda _: [page]) as server:
        assert transport(server.url).policy() is None


def test_an_answer_that_cannot_be_used_is_unknown() -> None:
    line = b"C|P|1.2|1.2.3|No|many|1000|0|url|displayName|true|01-01-2000|NA|NA|1.0|NA\n"
    with ScriptedServer(lambda _: [answer(line)]) as server:
        (found,) = transport(server.url).describe([SeriesUID("1.2.3")])
    assert isinstance(found, Unknown)
