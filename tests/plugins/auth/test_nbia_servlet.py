"""Logins at the download servlet of a real (local) archive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from cartload.credentials import NoLogin
from cartload.errors import LoginError, TransportError, UnsupportedError
from cartload.guest import Guest
from cartload.model import Denied
from cartload.ports import Request
from cartload.testing.fakes import FakeLogin
from cartload_archive import ArchiveOptions, ArchiveServer
from cartload_plugins.auth.nbia_servlet import NbiaServlet
from cartload_plugins.auth.servlet_key import password_key
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.nbia.transport import NbiaTransport
from plugins.auth.logins import CATALOGUE, GOOD, JANE, JOHN, LIMITED, PUBLIC, WRONG, a_list, context
from plugins.network.scripted_server import ScriptedServer, Switch, answer
from plugins.transports.archives import contents, described, got, stored
from plugins.transports.archives import context as transport_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.ports import Login
    from cartload_archive import Request as Heard
    from plugins.network.scripted_server import Heard as HeardBytes

WORKERS = 8


@pytest.fixture
def server() -> Iterator[ArchiveServer]:
    with ArchiveServer(CATALOGUE) as server:
        yield server


def asking(server: ArchiveServer | ScriptedServer, login: Login | None = None) -> NbiaServlet:
    return NbiaServlet(context(server.url, login), NetworkOptions())


def transport(server: ArchiveServer, authenticator: NbiaServlet) -> NbiaTransport:
    return NbiaTransport(transport_context(server.servlet_url, authenticator), NetworkOptions())


def lists(server: ArchiveServer) -> list[Heard]:
    return [request for request in server.requests if request.value("numberOfSeries")]


@pytest.mark.parametrize("servlets", ["V4", "V3"])
@pytest.mark.parametrize("lines", [3, 6])
def test_a_login_gets_what_a_guest_does_not(servlets: str, lines: int) -> None:
    options = ArchiveOptions(
        servlets="V4" if servlets == "V4" else "V3", version_lines=3 if lines == 3 else 6
    )
    with ArchiveServer(CATALOGUE, options) as server:
        made = transport(server, asking(server))
        record = described(made, LIMITED[0])
        assert contents(got(made.fetch(record, (), Switch()))) == stored(LIMITED[0])


def test_a_login_is_proved_by_a_list_before_it_is_used(server: ArchiveServer) -> None:
    authenticator = asking(server)
    authenticator.sign(a_list(server), Switch())
    version, listed = server.requests
    assert version.path.endswith("/DownloadServletVersion")
    assert (listed.value("userId"), listed.status) == (JANE.name, 462)
    assert authenticator.user == JANE.name


def test_the_user_goes_first_and_the_password_into_the_header_alone(server: ArchiveServer) -> None:
    form = (("userId", ""), ("sopUids", ""), ("password", ""))
    request = Request("POST", f"{server.servlet_url}V4", {"password": ""}, form)
    signed = asking(server).sign(request, Switch())
    assert signed.form == (("userId", JANE.name), *form[1:])
    assert len(signed.headers["password"]) == 64
    assert all(JANE.password not in str(heard) for heard in server.requests)


def test_what_does_not_go_to_the_servlet_goes_as_it_is(server: ArchiveServer) -> None:
    request = Request(
        "GET", f"{server.api_url}/services/v1/getUserAgreementTxt?x=/nbia-download/servlet/DownloadServlet"
    )
    authenticator = asking(server)
    assert authenticator.sign(request, Switch()) is request
    assert not authenticator.renew(request, Switch())
    assert server.requests == ()


def test_one_login_is_for_all_requests(server: ArchiveServer) -> None:
    made = transport(server, asking(server))
    for series in LIMITED[:3]:
        got(made.fetch(described(made, series), (), Switch()))
    assert len([request for request in lists(server) if request.status == 462]) == 1


def test_eight_workers_that_begin_at_once_log_in_once(server: ArchiveServer) -> None:
    authenticator, together = asking(server), Barrier(WORKERS)

    def sign(_: int) -> Request:
        together.wait(30)
        return authenticator.sign(a_list(server), Switch())

    with ThreadPoolExecutor(WORKERS) as threads:
        signed = list(threads.map(sign, range(WORKERS)))
    assert all(one == signed[0] for one in signed)
    assert len(lists(server)) == 1


def test_wrong_credentials_are_reported_and_others_asked_for(server: ArchiveServer) -> None:
    login = FakeLogin(WRONG, WRONG, GOOD)
    described(transport(server, asking(server, login)), LIMITED[0])
    assert (login.refusals, login.acceptances) == (["jane", "jane"], ["jane"])


def test_wrong_credentials_alone_are_a_login_error_without_them(server: ArchiveServer) -> None:
    with pytest.raises(LoginError, match="does not accept") as caught:
        described(transport(server, asking(server, FakeLogin(WRONG))), LIMITED[0])
    assert WRONG[1] not in str(caught.value)


def test_without_credentials_nothing_is_asked(server: ArchiveServer) -> None:
    with pytest.raises(LoginError, match="no user name"):
        asking(server, NoLogin()).sign(a_list(server), Switch())
    assert server.requests == ()


def test_a_user_without_the_right_is_denied_what_is_limited(server: ArchiveServer) -> None:
    login = FakeLogin((JOHN.name, JOHN.password))
    told = list(transport(server, asking(server, login)).describe([LIMITED[0].uid, PUBLIC.uid]))
    assert [type(one) for one in told if one.series_uid == LIMITED[0].uid] == [Denied]
    assert login.refusals == []


class ChangingServlet:
    """A servlet that changes its key; only the newest one opens the door."""

    def __init__(self) -> None:
        self.key = "first"
        self.accepted: dict[str, str] = {}
        self.keys_told = 0

    def __call__(self, heard: HeardBytes) -> list[bytes]:
        if heard.target.endswith("Version"):
            self.keys_told += 1
            return [answer(f"4.4\n\n{self.key}\n".encode())]
        shown = heard.headers["password"]
        if b"2.25.0" in heard.body:
            self.accepted.setdefault(self.key, shown)
        right = shown == self.accepted.get(self.key)
        return [answer(b"a|line", 200 if right else 461)]


def test_a_login_that_is_refused_later_is_renewed_once_with_the_key_of_that_time() -> None:
    servlet = ChangingServlet()
    with ScriptedServer(servlet) as server:
        login = FakeLogin(GOOD)
        client = HttpClient(server.url, asking(server, login), NetworkOptions())
        together = Barrier(WORKERS)
        request = Request("POST", f"{server.url}/nbia-download/servlet/DownloadServletV4")
        assert client.text(request, Switch()) == "a|line"
        servlet.key = "second"

        def ask(_: int) -> str:
            together.wait(30)
            return client.text(request, Switch())

        with ThreadPoolExecutor(WORKERS) as threads:
            assert set(threads.map(ask, range(WORKERS))) == {"a|line"}
    assert servlet.keys_told == 2
    assert login.refusals == []
    assert len(set(servlet.accepted.values())) == 2


def test_the_servlet_is_below_the_archive_s_own_path() -> None:
    with ScriptedServer(ChangingServlet()) as server:
        request = Request("POST", f"{server.url}/a/nbia-download/servlet/DownloadServletV4")
        asking(server).sign(request, Switch())
    assert {heard.target.partition("/nbia")[0] for heard in server.heard} == {"/a"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_password_is_not_redirected_to_another_origin(status: int) -> None:
    with ScriptedServer(lambda _: [answer(b"", 462)]) as other:

        def script(heard: HeardBytes) -> list[bytes]:
            if heard.target.endswith("Version"):
                return [answer(b"4.4\n\nkey\n")]
            return [answer(b"", status, {"Location": f"{other.url}{heard.target}"})]

        with ScriptedServer(script) as home, pytest.raises(TransportError, match="must not go"):
            asking(home).sign(
                Request("POST", f"{home.url}/nbia-download/servlet/DownloadServletV4"), Switch()
            )
    assert other.heard == []


def test_a_servlet_in_trouble_is_no_wrong_password() -> None:
    def script(heard: HeardBytes) -> list[bytes]:
        if heard.target.endswith("Version"):
            return [answer(b"4.4\n\nkey\n")]
        return [answer(heard.headers["password"].encode(), 503)]

    login = FakeLogin(GOOD)
    with ScriptedServer(script) as server, pytest.raises(TransportError) as caught:
        asking(server, login).sign(
            Request("POST", f"{server.url}/nbia-download/servlet/DownloadServletV4"), Switch()
        )
    assert caught.value.retryable
    assert server.heard[1].headers["password"] not in str(caught.value)
    assert login.refusals == []


def test_a_servlet_that_is_not_there_is_not_supported() -> None:
    def script(heard: HeardBytes) -> list[bytes]:
        return [answer(b"4.4\n\nkey\n") if heard.target.endswith("Version") else answer(status=404)]

    with ScriptedServer(script) as server, pytest.raises(UnsupportedError, match="no download servlet"):
        asking(server).sign(
            Request("POST", f"{server.url}/nbia-download/servlet/DownloadServletV4"), Switch()
        )


def test_nobody_is_asked_for_a_password_that_could_be_read_on_the_way() -> None:
    with pytest.raises(LoginError, match="not encrypted"):
        NbiaServlet(context("http://archive.example.org"), NetworkOptions())


def test_the_servlet_tells_the_key_of_passwords() -> None:
    with ArchiveServer(CATALOGUE) as server:
        client = HttpClient(server.url, Guest(), NetworkOptions())
        key = password_key(client, server.servlet_url, Switch())
    assert key == ArchiveOptions().password_key


@pytest.mark.parametrize("reply", [answer(b"4.4\n"), answer(b"4.4\n\n \n"), answer(status=404), answer(b"")])
def test_a_servlet_that_tells_no_key_is_not_supported(reply: bytes) -> None:
    with ScriptedServer(lambda _: [reply]) as server, pytest.raises(UnsupportedError):
        password_key(HttpClient(server.url, Guest(), NetworkOptions()), f"{server.url}/x", Switch())
