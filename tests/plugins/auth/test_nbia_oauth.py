"""Tokens of a real (local) archive: got, renewed in time, and renewed once however many find them refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Self

import pytest

from cartload.credentials import NoLogin
from cartload.errors import LoginError, StoppedError, TransportError, UnsupportedError
from cartload.ports import Request
from cartload.testing.fakes import FakeClock, FakeLogin
from cartload.workers import StopSignal
from cartload_archive import ArchiveOptions, ArchiveServer, Fault
from cartload_plugins.auth.nbia_oauth import NbiaOAuth
from cartload_plugins.auth.options import OAuthOptions
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.nbia_rest.transport import NbiaRestTransport
from plugins.auth.logins import (
    CATALOGUE,
    GOOD,
    JANE,
    JOHN,
    LIMITED,
    WRONG,
    a_call,
    context,
    grants,
    token_requests,
)
from plugins.network.scripted_server import Hang, ScriptedServer, Switch, answer
from plugins.transports.archives import contents, described, got, stored
from plugins.transports.archives import context as transport_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.ports import Login

WORKERS = 8


class Archive:
    """An archive whose tokens live two seconds of a clock that stands still, and who asks it."""

    def __init__(self, login: Login | None = None, **faults: Fault) -> None:
        self.clock = FakeClock()
        options = ArchiveOptions(token_seconds=2, clock=self.clock.time)
        self.server = ArchiveServer(CATALOGUE, options, faults)
        self.login = login or FakeLogin(GOOD)
        self.options = OAuthOptions()

    def __enter__(self) -> Self:
        self.server.__enter__()
        self.asking = NbiaOAuth(context(self.server, self.login, self.clock), self.options)
        self.client = HttpClient(self.server.url, self.asking, NetworkOptions())
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__(None, None, None)

    def ask(self) -> str:
        """Ask for what only a login gives."""
        return self.client.text(a_call(self.server), Switch())

    @property
    def statuses(self) -> list[int]:
        return [request.status for request in self.server.requests if "/services/" in request.path]


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive() as archive:
        yield archive


def test_a_login_gets_what_a_guest_does_not(archive: Archive) -> None:
    assert LIMITED[0].images[0].sop_uid in archive.ask()
    assert grants(archive.server) == ["password"]
    assert archive.asking.user == JANE.name


def test_nothing_is_asked_before_something_is_signed(archive: Archive) -> None:
    assert archive.server.requests == ()


def test_the_request_for_a_token_is_the_one_that_is_documented(archive: Archive) -> None:
    archive.ask()
    (request,) = token_requests(archive.server)
    assert (request.method, request.path) == ("POST", "/nbia-api/oauth/token")
    assert dict(request.form) == {
        "grant_type": "password",
        "username": JANE.name,
        "password": JANE.password,
        "scope": "openid",
        "client_id": "NBIA",
        "client_secret": "",
    }
    assert request.query == ()


def test_other_clients_can_be_named() -> None:
    archive = Archive()
    archive.options = OAuthOptions(client_id="nbiaRestAPIClient", client_secret="published")
    with archive:
        archive.ask()
    (request,) = token_requests(archive.server)
    assert (request.value("client_id"), request.value("client_secret")) == ("nbiaRestAPIClient", "published")
    assert "published" not in repr(archive.options)


def test_a_token_is_used_while_it_lives(archive: Archive) -> None:
    for _ in range(4):
        archive.ask()
        archive.clock.advance(0.39)
    assert grants(archive.server) == ["password"]


def test_a_token_is_renewed_before_it_ends(archive: Archive) -> None:
    archive.ask()
    for _ in range(3):
        archive.clock.advance(1.7)
        archive.ask()
    assert grants(archive.server) == ["password", "refresh_token", "refresh_token", "refresh_token"]
    assert archive.statuses == [200, 200, 200, 200]


def test_a_token_that_ended_early_is_renewed_and_the_request_repeated(archive: Archive) -> None:
    archive.ask()
    archive.server.expire_tokens()
    assert LIMITED[0].images[0].sop_uid in archive.ask()
    assert grants(archive.server) == ["password", "refresh_token"]
    assert archive.statuses == [200, 401, 200]


def test_eight_workers_that_meet_a_401_at_once_renew_once(archive: Archive) -> None:
    archive.ask()
    signed = archive.asking.sign(a_call(archive.server), Switch())
    archive.server.expire_tokens()
    together = Barrier(WORKERS)

    def renew() -> bool:
        together.wait(30)
        return archive.asking.renew(signed, Switch())

    with ThreadPoolExecutor(WORKERS) as threads:
        assert all(one.result(30) for one in [threads.submit(renew) for _ in range(WORKERS)])
    assert grants(archive.server) == ["password", "refresh_token"]


def test_eight_downloads_go_on_when_their_token_ends_in_the_middle(archive: Archive) -> None:
    transport = NbiaRestTransport(
        transport_context(archive.server.servlet_url, archive.asking), NetworkOptions()
    )
    records = [described(transport, series) for series in LIMITED[:WORKERS]]
    archive.server.expire_tokens()
    together = Barrier(WORKERS)

    def fetch(number: int) -> list[bytes]:
        together.wait(30)
        return contents(got(transport.fetch(records[number], (), Switch())))

    with ThreadPoolExecutor(WORKERS) as threads:
        fetched = list(threads.map(fetch, range(WORKERS)))
    assert fetched == [stored(series) for series in LIMITED[:WORKERS]]
    assert grants(archive.server) == ["password", "refresh_token"]
    assert 401 in archive.statuses


def test_eight_workers_that_begin_at_once_log_in_once(archive: Archive) -> None:
    together = Barrier(WORKERS)

    def ask(_: int) -> str:
        together.wait(30)
        return archive.ask()

    with ThreadPoolExecutor(WORKERS) as threads:
        assert len(set(threads.map(ask, range(WORKERS)))) == 1
    assert grants(archive.server) == ["password"]


def test_a_refresh_that_is_refused_falls_back_to_the_password() -> None:
    with Archive() as archive:
        archive.ask()
        archive.server.expire_tokens()
        archive.server._archive.accounts._refreshers.clear()  # the refresh tokens ended, too
        archive.ask()
    assert grants(archive.server) == ["password", "refresh_token", "password"]


def test_wrong_credentials_are_reported_and_others_asked_for() -> None:
    login = FakeLogin(WRONG, WRONG, GOOD)
    with Archive(login) as archive:
        archive.ask()
        archive.ask()
    assert (login.refusals, login.acceptances) == (["jane", "jane"], ["jane"])
    assert len(token_requests(archive.server)) == 3


def test_wrong_credentials_alone_are_a_login_error_without_them() -> None:
    with Archive(FakeLogin(WRONG)) as archive, pytest.raises(LoginError, match="does not accept") as caught:
        archive.ask()
    assert caught.value.subject == archive.server.url
    assert WRONG[1] not in str(caught.value)
    assert archive.statuses == []


def test_without_credentials_nothing_is_asked() -> None:
    with Archive(NoLogin()) as archive, pytest.raises(LoginError, match="no user name"):
        archive.ask()
    assert archive.server.requests == ()


def test_a_user_without_the_right_is_denied_not_asked_again() -> None:
    login = FakeLogin((JOHN.name, JOHN.password))
    with Archive(login) as archive:
        transport = NbiaRestTransport(
            transport_context(archive.server.servlet_url, archive.asking), NetworkOptions()
        )
        (told,) = transport.describe([LIMITED[0].uid])
    assert "This user" not in repr(told)
    assert login.refusals == []


def test_the_token_service_is_below_the_archive_s_own_path() -> None:
    replies = {"/a/nbia-api/oauth/token": answer(b'{"access_token": "t"}')}
    with ScriptedServer(lambda heard: [replies[heard.target]]) as server:
        signed = NbiaOAuth(context(server.url), OAuthOptions()).sign(
            Request("GET", f"{server.url}/a/nbia-download/servlet/DownloadServletV4"), Switch()
        )
    assert signed.headers["Authorization"] == "Bearer t"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_password_is_not_redirected_to_another_origin(status: int) -> None:
    with ScriptedServer(lambda _: [answer(b'{"access_token": "t"}')]) as other:
        elsewhere = answer(b"", status, {"Location": f"{other.url}/nbia-api/oauth/token"})
        with (
            ScriptedServer(lambda _: [elsewhere]) as home,
            pytest.raises(TransportError, match="must not go"),
        ):
            NbiaOAuth(context(home.url), OAuthOptions()).sign(Request("GET", home.url), Switch())
    assert other.heard == []


def test_a_password_follows_a_redirect_at_home() -> None:
    def script(heard: object) -> list[bytes]:
        if getattr(heard, "target", "") == "/nbia-api/oauth/token/":
            return [answer(b'{"access_token": "t"}')]
        return [answer(b"", 307, {"Location": "/nbia-api/oauth/token/"})]

    with ScriptedServer(script) as server:
        signed = NbiaOAuth(context(server.url), OAuthOptions()).sign(Request("GET", server.url), Switch())
    assert signed.headers["Authorization"] == "Bearer t"
    assert b"c4n4ry" in server.heard[1].body


def test_nobody_is_asked_for_a_password_that_could_be_read_on_the_way() -> None:
    class Asked(NoLogin):
        def credentials(self) -> None:
            raise AssertionError

    with pytest.raises(LoginError, match="not encrypted"):
        NbiaOAuth(context("http://archive.example.org", Asked()), OAuthOptions())


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [(404, UnsupportedError, False), (500, TransportError, True), (503, TransportError, True),
     (429, TransportError, True), (403, TransportError, False)],
)  # fmt: skip
def test_a_token_service_in_trouble_is_no_wrong_password(
    status: int, kind: type[TransportError], *, retryable: bool
) -> None:
    login = FakeLogin(GOOD)
    with (
        ScriptedServer(lambda heard: [answer(b"you sent: " + heard.body, status)]) as server,
        pytest.raises(kind) as caught,
    ):
        NbiaOAuth(context(server.url, login), OAuthOptions()).sign(Request("GET", server.url), Switch())
    assert caught.value.retryable is retryable
    assert "c4n4ry" not in str(caught.value)
    assert login.refusals == []


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "unsupported_grant_type"])
def test_a_client_that_is_not_accepted_is_no_wrong_password(error: str) -> None:
    login, reply = FakeLogin(GOOD), answer(f'{{"error": "{error}"}}'.encode(), 401)
    with ScriptedServer(lambda _: [reply]) as server, pytest.raises(LoginError, match=error) as caught:
        NbiaOAuth(context(server.url, login), OAuthOptions()).sign(Request("GET", server.url), Switch())
    assert "client_id" in caught.value.advice
    assert login.refusals == []


def test_an_archive_that_refuses_its_own_tokens_is_not_asked_for_ever() -> None:
    def script(heard: object) -> list[bytes]:
        if "oauth" in getattr(heard, "target", ""):
            return [answer(b'{"access_token": "t%d", "refresh_token": "r"}' % len(server.heard))]
        return [answer(b"I do not like Bearer t1", 401)]

    with ScriptedServer(script) as server:
        asking = NbiaOAuth(context(server.url), OAuthOptions())
        client = HttpClient(server.url, asking, NetworkOptions())
        with pytest.raises(LoginError):
            client.text(Request("GET", server.url), Switch())
    assert len(server.heard) == 4


def test_a_refresh_without_another_refresh_token_means_the_old_one() -> None:
    def script(heard: object) -> list[bytes]:
        rest = b', "refresh_token": "r1"' if b"password" in getattr(heard, "body", b"") else b""
        return [answer(b'{"access_token": "t%d"%s}' % (len(server.heard), rest))]

    with ScriptedServer(script) as server:
        asking = NbiaOAuth(context(server.url), OAuthOptions())
        request = Request("GET", server.url)
        for _ in range(3):
            assert asking.renew(asking.sign(request, Switch()), Switch())
    assert [b"refresh_token=r1" in heard.body for heard in server.heard] == [False, True, True, True]


def test_a_stop_ends_a_login_that_hangs() -> None:
    hang, stop = Hang(), StopSignal()
    with ScriptedServer(lambda _: [hang]) as server, ThreadPoolExecutor(1) as threads:
        asking = NbiaOAuth(context(server.url), OAuthOptions())
        waiting = threads.submit(asking.sign, Request("GET", server.url), stop)
        assert hang.reached.wait(30)
        stop.request()
        assert isinstance(waiting.exception(30), StoppedError)


def test_a_request_to_another_origin_is_not_renewed() -> None:
    with Archive() as archive:
        assert not archive.asking.renew(Request("GET", "https://elsewhere.invalid/nbia-api/x"), Switch())
    assert archive.server.requests == ()
