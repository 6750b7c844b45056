"""Requests that go through a proxy: in the clear and through a tunnel, to a proxy in the clear or by TLS."""

from __future__ import annotations

import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from cartload.errors import SettingsError, StoppedError, TransportError, UnreachableError
from cartload.guest import Guest
from cartload.network import Network
from cartload.ports import Request
from cartload.testing.catalogue import Catalogue
from cartload_archive import ArchiveServer
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.network.trust import trusting
from loopback_proxy import LoopbackProxy
from own_authority import Authority
from plugins.network.scripted_server import Hang, Ignore, Reset, ScriptedServer, Switch, answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plugins.network.scripted_server import Part

HOST = "archive.example.org"
PASSWORD = "c4n4ry-4711"
LOGIN = f"me:{PASSWORD}"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.in_folder(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def secure(authority: Authority) -> Iterator[ScriptedServer]:
    with ScriptedServer(lambda _: [answer(b"yes")], authority.server(HOST)) as server:
        yield server


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def client(url: str, proxy: str, authority: Authority | None = None, **options: float) -> HttpClient:
    ca_file = None if authority is None else str(authority.ca_file)
    return HttpClient(url, Guest(), NetworkOptions(proxy=proxy, ca_file=ca_file, **options))


def get(asked: HttpClient, path: str = "/") -> str:
    return asked.text(Request("GET", f"{asked.home}{path}"), Switch())


def test_plain_http_is_asked_with_the_whole_address() -> None:
    with ScriptedServer(lambda _: [answer(b"yes")]) as server, LoopbackProxy(server.url) as proxy:
        asked = client(f"http://{HOST}", proxy.url)
        assert get(asked, "/a?b=1") == "yes"
    assert [(seen.method, seen.target) for seen in proxy.seen] == [("GET", f"http://{HOST}/a?b=1")]
    assert (server.heard[0].target, server.heard[0].headers["host"]) == ("/a?b=1", HOST)


def test_https_goes_through_a_tunnel_that_the_proxy_cannot_look_into(
    secure: ScriptedServer, authority: Authority
) -> None:
    with LoopbackProxy(secure.url) as proxy:
        assert get(client(f"https://{HOST}", proxy.url, authority), "/secret") == "yes"
    (seen,) = proxy.seen
    assert (seen.method, seen.target) == ("CONNECT", f"{HOST}:443")
    assert seen.headers["host"] == f"{HOST}:443"
    assert secure.heard[0].target == "/secret"


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_tunnel_is_used_again(encrypted: bool, authority: Authority) -> None:  # noqa: FBT001 - parametrised
    context = authority.server("127.0.0.1") if encrypted else None
    with (
        ArchiveServer(Catalogue((), "the policy"), ssl_context=authority.server(HOST)) as server,
        LoopbackProxy(server.url, ssl_context=context) as proxy,
    ):
        asked = client(f"https://{HOST}", proxy.url, authority)
        for _ in range(3):
            assert get(asked, "/nbia-api/services/v1/getUserAgreementTxt") == "the policy"
    assert len(proxy.seen) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_may_itself_be_asked_by_tls(
    scheme: str, secure: ScriptedServer, authority: Authority
) -> None:
    context = authority.server("127.0.0.1")
    with (
        ScriptedServer(lambda _: [answer(b"yes")]) as plain,
        LoopbackProxy(secure.url if scheme == "https" else plain.url, ssl_context=context) as proxy,
    ):
        asked = client(f"{scheme}://{HOST}", proxy.url, authority)
        assert [get(asked), get(asked)] == ["yes", "yes"]


def test_a_proxy_that_is_not_trusted_hears_nothing(secure: ScriptedServer, authority: Authority) -> None:
    context = authority.server("127.0.0.1")
    with LoopbackProxy(secure.url, ssl_context=context, login=LOGIN) as proxy:
        asked = client(f"https://{HOST}", proxy.with_login(LOGIN))
        with pytest.raises(UnreachableError, match="certificate of the proxy") as caught:
            get(asked)
    assert proxy.seen == []
    assert not caught.value.retryable


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_login_of_a_proxy_goes_to_the_proxy_alone(
    scheme: str, secure: ScriptedServer, authority: Authority
) -> None:
    with (
        ScriptedServer(lambda _: [answer(b"yes")]) as plain,
        LoopbackProxy(secure.url if scheme == "https" else plain.url, login=LOGIN) as proxy,
    ):
        assert get(client(f"{scheme}://{HOST}", proxy.with_login(LOGIN), authority)) == "yes"
    heard = [*plain.heard, *secure.heard]
    assert len(heard) == 1
    assert not any(name.startswith("proxy-") for name in heard[0].headers)


def test_the_login_of_a_proxy_is_not_taken_along_on_the_direct_way(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer(lambda _: [answer(b"direct")]) as other:
        moved = answer(b"", 302, {"Location": f"{other.url}/there"})
        with ScriptedServer(lambda _: [moved]) as server, LoopbackProxy(server.url, login=LOGIN) as proxy:
            monkeypatch.setenv("no_proxy", other.url.removeprefix("http://"))
            assert get(client("http://127.0.0.1:9", proxy.with_login(LOGIN))) == "direct"
    assert not any(name.startswith("proxy-") for name in other.heard[0].headers)
    assert len(proxy.seen) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("given", [None, f"me:{PASSWORD}-wrong"])
def test_a_proxy_that_wants_a_login_is_told_apart_from_the_archive(
    scheme: str, given: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with LoopbackProxy("http://127.0.0.1:9", login=LOGIN) as proxy:
        asked = client(f"{scheme}://{HOST}", proxy.url if given is None else proxy.with_login(given))
        with pytest.raises(UnreachableError, match=r"the proxy .* user and password|a user and a") as caught:
            get(asked)
    assert not caught.value.retryable
    assert proxy.url in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    ("says", "told", "retryable"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "403", False),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "502", True),
        (b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n", "302", False),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "no answer that a proxy gives", True),
        (b"HTTP/1.1 200 OK\r\nX: ", "no answer that a proxy gives", True),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000, "no answer that a proxy gives", True),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + b"HTTP/1.1 403 no\r\n\r\n", "403", False),
    ],
)
def test_a_proxy_that_opens_no_way_is_told_with_its_reason(says: bytes, told: str, retryable: bool) -> None:  # noqa: FBT001 - parametrised
    with (
        LoopbackProxy("http://127.0.0.1:9", says=says) as proxy,
        pytest.raises(UnreachableError, match=told) as caught,
    ):
        get(client(f"https://{HOST}", proxy.url))
    assert caught.value.retryable is retryable
    assert HOST in str(caught.value)
    assert proxy.url in str(caught.value)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(scheme: str) -> None:
    with LoopbackProxy("http://127.0.0.1:9") as gone:
        pass
    with pytest.raises(UnreachableError, match=r"proxy .* could not be connected to") as caught:
        get(client(f"{scheme}://{HOST}", gone.with_login(LOGIN)))
    assert PASSWORD not in str(caught.value)


def test_a_proxy_whose_name_is_not_known_is_named() -> None:
    with pytest.raises(UnreachableError, match=r"proxy .* by its name"):
        get(client(f"https://{HOST}", "http://proxy.invalid:3128"))


def test_a_proxy_that_speaks_no_tls_is_named() -> None:
    with LoopbackProxy("http://127.0.0.1:9") as proxy:
        address = proxy.url.replace("http:", "https:")
        with pytest.raises(TransportError, match="proxy"):
            get(client(f"https://{HOST}", address, read_timeout=2, connect_timeout=2))


def test_a_proxy_that_keeps_silent_is_given_up() -> None:
    with (
        LoopbackProxy("http://127.0.0.1:9", says=b"") as proxy,
        pytest.raises(UnreachableError, match="no answer"),
    ):
        get(client(f"https://{HOST}", proxy.url, connect_timeout=0.2))


def test_a_stop_wakes_whoever_waits_for_a_tunnel() -> None:
    stop = Switch()
    with LoopbackProxy("http://127.0.0.1:9", says=b"") as proxy, ThreadPoolExecutor(1) as pool:
        asked = client(f"https://{HOST}", proxy.url, connect_timeout=60)
        waiting = pool.submit(asked.text, Request("GET", f"https://{HOST}/"), stop)
        assert proxy.reached.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_stop_wakes_whoever_waits_for_a_server_behind_a_tunnel(
    encrypted: bool,  # noqa: FBT001 - parametrised
    authority: Authority,
) -> None:
    stop, hang = Switch(), Hang()
    context = authority.server("127.0.0.1") if encrypted else None
    begun: list[Part] = [answer(b"x" * 100)[:-50], hang]
    with (
        ScriptedServer(lambda _: begun, authority.server(HOST)) as server,
        LoopbackProxy(server.url, ssl_context=context) as proxy,
        ThreadPoolExecutor(1) as pool,
    ):
        asked = client(f"https://{HOST}", proxy.url, authority)
        waiting = pool.submit(asked.text, Request("GET", f"https://{HOST}/"), stop)
        assert hang.reached.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_server_that_stalls_behind_a_tunnel_is_given_up(
    encrypted: bool,  # noqa: FBT001 - parametrised
    authority: Authority,
) -> None:
    context = authority.server("127.0.0.1") if encrypted else None
    with (
        ScriptedServer(lambda _: [answer(b"x" * 100)[:-50], Hang()], authority.server(HOST)) as server,
        LoopbackProxy(server.url, ssl_context=context) as proxy,
    ):
        asked = client(f"https://{HOST}", proxy.url, authority, read_timeout=0.3)
        with pytest.raises(TransportError, match="stopped sending"):
            get(asked)


def test_a_new_connection_that_breaks_is_not_taken_for_one_that_was_kept(authority: Authority) -> None:
    with ScriptedServer(lambda _: [Reset()], authority.server("127.0.0.1")) as server:
        asked = HttpClient(server.url, Guest(), NetworkOptions(ca_file=str(authority.ca_file)))
        with pytest.raises(TransportError, match="broke"):
            get(asked)
    assert len(server.heard) == 1


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_connection_that_the_proxy_closed_meanwhile_is_made_anew(
    encrypted: bool,  # noqa: FBT001 - parametrised
    authority: Authority,
) -> None:
    replies: list[list[Part]] = [[answer(b"1"), Ignore()], [answer(b"2")]]
    context = authority.server("127.0.0.1") if encrypted else None
    with ScriptedServer(lambda _: replies.pop(0), context) as proxy:
        asked = client(f"http://{HOST}", proxy.url, authority)
        assert [get(asked), get(asked)] == ["1", "2"]


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_tunnel_that_the_server_closed_meanwhile_is_made_anew(
    encrypted: bool,  # noqa: FBT001 - parametrised
    authority: Authority,
) -> None:
    replies: list[list[Part]] = [[answer(b"1"), Ignore()], [answer(b"2")]]
    context = authority.server("127.0.0.1") if encrypted else None
    with (
        ScriptedServer(lambda _: replies.pop(0), authority.server(HOST)) as server,
        LoopbackProxy(server.url, ssl_context=context) as proxy,
    ):
        asked = client(f"https://{HOST}", proxy.url, authority)
        assert [get(asked), get(asked)] == ["1", "2"]


def test_a_new_connection_that_breaks_is_not_called_one_that_could_not_be_made() -> None:
    with (
        ScriptedServer(lambda _: [Reset()]) as proxy,
        pytest.raises(UnreachableError, match="connection broke that goes through the proxy") as caught,
    ):
        get(client(f"http://{HOST}", proxy.url))
    assert caught.value.retryable
    assert len(proxy.heard) == 1


def test_a_certificate_file_of_windows_is_read(secure: ScriptedServer, authority: Authority) -> None:
    with LoopbackProxy(secure.url) as proxy:
        options = NetworkOptions(proxy=proxy.url, ca_file=str(authority.der_file))
        assert get(HttpClient(f"https://{HOST}", Guest(), options)) == "yes"


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_without_certificates_is_refused_before_anything_is_asked(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "file.pem"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"file\.pem: this file holds no certificate"):
        HttpClient(f"https://{HOST}", Guest(), NetworkOptions(ca_file=str(path)))


def test_a_wrong_proxy_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(SettingsError, match="SOCKS"):
        client(f"https://{HOST}", "socks5://127.0.0.1:1080")


def test_an_option_of_a_plugin_wins_over_what_holds_for_all() -> None:
    network = Network(proxy="http://all.example", ca_file="all.pem")
    assert NetworkOptions().within(network) == NetworkOptions(proxy="http://all.example", ca_file="all.pem")
    own = NetworkOptions(proxy="direct", ca_file="own.pem")
    assert own.within(network) == own


def test_nothing_turns_verification_off() -> None:
    context = trusting(None)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
