from __future__ import annotations

import ssl
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from attrs import define, evolve

from cartload.errors import (
    AccessDeniedError,
    CartloadError,
    DamagedError,
    LoginError,
    SettingsError,
    StoppedError,
    TransportError,
    UnreachableError,
    UnsupportedError,
)
from cartload.guest import Guest
from cartload.ports import Request
from cartload.testing.catalogue import Catalogue
from cartload_archive import ArchiveServer
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.options import NetworkOptions
from plugins.network.scripted_server import (
    Hang,
    Heard,
    Ignore,
    Reset,
    ScriptedServer,
    Switch,
    answer,
    chunked,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cartload.ports import Stop
    from plugins.network.scripted_server import Part

QUICK = NetworkOptions(connect_timeout=5, read_timeout=0.2)
NOW = 1_700_000_000.0
LOOPBACK_CERTIFICATE = Path(__file__).parent.parent / "archive" / "loopback.pem"


@define
class Signer:
    """Signs with a header and a form field; ``fresh`` is how often it can get a new proof."""

    user: str | None = "somebody"
    fresh: int = 0
    proof: str = "proof-0"

    def sign(self, request: Request, stop: Stop) -> Request:
        assert not stop.requested
        headers = {**request.headers, "password": self.proof, "Authorization": f"Bearer {self.proof}"}
        return evolve(request, headers=headers, form=(*request.form, ("userId", "somebody")))

    def renew(self, refused: Request, stop: Stop) -> bool:
        assert not stop.requested
        assert refused.headers["password"] == self.proof
        if not self.fresh:
            return False
        self.fresh -= 1
        self.proof = f"proof-{self.fresh}-renewed"
        return True


def client(
    url: str, signer: Signer | Guest | None = None, options: NetworkOptions | None = None
) -> HttpClient:
    return HttpClient(url, signer or Guest(), options or NetworkOptions(), clock=lambda: NOW)


def text_from(*parts: Part, path: str = "/") -> str:
    with ScriptedServer(lambda _: parts) as server:
        return client(server.url, options=QUICK).text(Request("GET", f"{server.url}{path}"), Switch())


def error_from(*parts: Part, path: str = "/", absent: type[TransportError] = TransportError) -> CartloadError:
    with ScriptedServer(lambda _: parts) as server, pytest.raises(CartloadError) as caught:
        client(server.url, options=QUICK).text(Request("GET", f"{server.url}{path}"), Switch(), absent=absent)
    return caught.value


def test_a_text_is_read_whole() -> None:
    assert text_from(answer("Größe\n".encode())) == "Größe\n"


def test_a_text_in_chunks_is_read_whole() -> None:
    assert text_from(chunked([b"one ", b"two"])) == "one two"


def test_no_content_is_an_empty_text() -> None:
    assert text_from(answer(status=204)) == ""


def test_requests_name_cartload_and_ask_for_no_compression() -> None:
    with ScriptedServer(lambda _: [answer(b"yes")]) as server:
        client(server.url).text(Request("GET", f"{server.url}/"), Switch())
    headers = server.heard[0].headers
    assert headers["user-agent"].startswith("cartload/")
    assert headers["accept-encoding"] == "identity"


def test_a_form_is_posted_in_its_order() -> None:
    form = (("b", "1&2"), ("a", "ü"), ("b", ""))
    with ScriptedServer(lambda _: [answer(b"yes")]) as server:
        client(server.url).text(Request("POST", f"{server.url}/", form=form), Switch())
    heard = server.heard[0]
    assert heard.method == "POST"
    assert tuple(parse_qsl(heard.body.decode(), keep_blank_values=True)) == form
    assert heard.headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("cut", range(20))
def test_a_body_that_is_cut_anywhere_is_an_error(cut: int) -> None:
    whole = answer(b"x" * 20)
    error = error_from(whole[: len(whole) - 20 + cut])
    assert isinstance(error, TransportError)
    assert error.retryable


@pytest.mark.parametrize("cut", [5, 6, 7, 8, 12, 17, 19])
def test_a_body_in_chunks_that_is_cut_is_an_error(cut: int) -> None:
    whole = chunked([b"x" * 10])
    error = error_from(whole[:-cut])
    assert isinstance(error, TransportError)
    assert error.retryable


def test_a_reset_connection_can_be_tried_again() -> None:
    error = error_from(answer(b"x" * 20)[:-10], Reset())
    assert isinstance(error, TransportError)
    assert error.retryable


def test_a_connection_closed_without_an_answer_can_be_tried_again() -> None:
    error = error_from()
    assert isinstance(error, TransportError)
    assert error.retryable


@pytest.mark.parametrize("parts", [[Hang()], [answer(b"x" * 20)[:-10], Hang()]])
def test_a_server_that_stops_sending_can_be_tried_again(parts: Iterable[Part]) -> None:
    error = error_from(*parts)
    assert isinstance(error, TransportError)
    assert error.retryable
    assert "stopped sending" in str(error)


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with ScriptedServer(lambda _: []) as server:
        gone = server.url
    with pytest.raises(UnreachableError) as caught:
        client(gone).text(Request("GET", f"{gone}/"), Switch())
    assert caught.value.retryable
    assert "firewall" in str(caught.value)


def test_a_name_that_is_not_there_is_unreachable() -> None:
    url = "http://archive.invalid"
    with pytest.raises(UnreachableError) as caught:
        client(url).text(Request("GET", f"{url}/"), Switch())
    assert "name" in str(caught.value)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_passing_troubles_of_a_server_can_be_tried_again(status: int) -> None:
    assert error_from(answer(status=status)).retryable


@pytest.mark.parametrize("status", [400, 405, 410, 460, 462])
def test_lasting_refusals_are_not_tried_again(status: int) -> None:
    error = error_from(answer(status=status))
    assert type(error) is TransportError
    assert not error.retryable


def test_the_seconds_of_retry_after_are_kept() -> None:
    assert error_from(answer(status=503, headers={"Retry-After": "17"})).retry_after == 17


def test_the_date_of_retry_after_is_counted_from_the_clock() -> None:
    date = formatdate(NOW + 90, usegmt=True)
    assert error_from(answer(status=429, headers={"Retry-After": date})).retry_after == 90


def test_a_date_of_retry_after_that_has_passed_asks_for_no_wait() -> None:
    date = formatdate(NOW - 90, usegmt=True)
    assert error_from(answer(status=429, headers={"Retry-After": date})).retry_after == 0


def test_a_retry_after_that_makes_no_sense_is_left_out() -> None:
    assert error_from(answer(status=503, headers={"Retry-After": "soon"})).retry_after is None


def test_forbidden_is_access_denied() -> None:
    assert isinstance(error_from(answer(status=403)), AccessDeniedError)


@pytest.mark.parametrize("status", [401, 461])
def test_a_refused_login_is_a_login_error(status: int) -> None:
    assert isinstance(error_from(answer(status=status)), LoginError)


def test_not_found_is_what_the_caller_says() -> None:
    assert isinstance(error_from(answer(status=404), absent=UnsupportedError), UnsupportedError)


def test_an_error_is_one_plain_line_with_the_servers_words() -> None:
    page = (
        "<html><head><title>no</title><style>b{}</style></head>"
        "<body><h1>Out of &amp; order</h1>\x1b]52;\u202egnp.exe</body>"
    )
    error = error_from(answer(page.encode(), 503), path="/services/v1/x?secret=1#frag")
    assert error.what == ('the archive answered 503 (Service Unavailable): "Out of & order ]52;gnp.exe".')


def test_an_error_never_holds_the_query() -> None:
    error = error_from(answer(status=500), path="/x?secret=canary")
    assert "canary" not in str(error)
    assert error.subject.endswith("/x")


def test_a_long_error_page_is_shortened() -> None:
    assert len(str(error_from(answer(b"word " * 5000, 500)))) < 300


def test_a_text_that_is_too_long_is_refused() -> None:
    with ScriptedServer(lambda _: [answer(b"x" * 5000)]) as server:
        asked = client(server.url).open(Request("GET", f"{server.url}/"), Switch())
        with asked as found, pytest.raises(DamagedError):
            found.text(most=4999)


def test_an_answer_that_is_compressed_unasked_is_refused() -> None:
    error = error_from(answer(b"x", headers={"Content-Encoding": "gzip"}))
    assert "compressed" in str(error)


def test_requests_to_its_home_are_signed() -> None:
    with ScriptedServer(lambda _: [answer(b"yes")]) as server:
        client(server.url, Signer()).text(Request("POST", f"{server.url}/"), Switch())
    assert server.heard[0].headers["password"] == "proof-0"
    assert server.heard[0].body == b"userId=somebody"


def test_requests_to_another_origin_are_not_signed() -> None:
    with ScriptedServer(lambda _: [answer(b"yes")]) as server:
        client("http://localhost:1", Signer()).text(Request("GET", f"{server.url}/"), Switch())
    assert "password" not in server.heard[0].headers


def test_a_login_is_never_sent_over_plain_http() -> None:
    asked = client("http://archive.example.org", Signer())
    with pytest.raises(LoginError, match="not encrypted"):
        asked.text(Request("GET", "http://archive.example.org/"), Switch())


def test_a_401_is_asked_again_with_a_fresh_proof() -> None:
    def script(heard: Heard) -> list[bytes]:
        return [answer(b"yes", 200 if "renewed" in heard.headers["password"] else 401)]

    with ScriptedServer(script) as server:
        assert client(server.url, Signer(fresh=1)).text(Request("GET", f"{server.url}/"), Switch()) == "yes"


def test_a_401_is_asked_again_only_once() -> None:
    with ScriptedServer(lambda _: [answer(status=401)]) as server, pytest.raises(LoginError):
        client(server.url, Signer(fresh=5)).text(Request("GET", f"{server.url}/"), Switch())
    assert len(server.heard) == 2


def test_a_401_without_a_fresh_proof_is_a_login_error() -> None:
    with ScriptedServer(lambda _: [answer(status=401)]) as server, pytest.raises(LoginError):
        client(server.url, Signer()).text(Request("GET", f"{server.url}/"), Switch())
    assert len(server.heard) == 1


def forwarding(target: str, status: int) -> ScriptedServer:
    def script(heard: Heard) -> list[bytes]:
        arrived = heard.target == "/there"
        return [answer(b"there") if arrived else answer(b"", status, {"Location": target})]

    return ScriptedServer(script)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_keeps_the_form(status: int) -> None:
    with forwarding("/there", status) as server:
        asked = Request("POST", f"{server.url}/", form=(("a", "1"),))
        assert client(server.url).text(asked, Switch()) == "there"
    assert server.heard[1].method == "POST"
    assert server.heard[1].body == b"a=1"


def test_see_other_turns_into_a_get() -> None:
    with forwarding("/there", 303) as server:
        client(server.url).text(Request("POST", f"{server.url}/", form=(("a", "1"),)), Switch())
    assert (server.heard[1].method, server.heard[1].body) == ("GET", b"")


def test_a_redirect_within_the_origin_stays_signed() -> None:
    with forwarding("/there", 302) as server:
        client(server.url, Signer()).text(Request("GET", f"{server.url}/"), Switch())
    assert server.heard[1].headers["password"] == "proof-0"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_origin_takes_no_proof_along(status: int) -> None:
    with (
        ScriptedServer(lambda _: [answer(b"there")]) as other,
        forwarding(f"{other.url}/elsewhere", status) as server,
    ):
        client(server.url, Signer()).text(Request("POST", f"{server.url}/"), Switch())
    heard = other.heard[0]
    assert not {"password", "authorization"} & heard.headers.keys()
    assert b"somebody" not in heard.body


@pytest.mark.parametrize(
    "target",
    [
        "http://archive.example.org/",
        "file:///etc/passwd",
        "http://user@127.0.0.1/",
        "ftp://127.0.0.1/",
        "http://[::1",
        "http://127.0.0.1\\@archive.example.org/",
    ],
)
def test_a_redirect_to_somewhere_unsafe_is_not_followed(target: str) -> None:
    with forwarding(target, 302) as server, pytest.raises(TransportError) as caught:
        client(server.url).text(Request("GET", f"{server.url}/"), Switch())
    assert not caught.value.retryable
    assert len(server.heard) == 1


@pytest.mark.parametrize("status", [401, 461])
def test_a_refused_login_is_renewed_and_the_request_repeated(status: int) -> None:
    replies = [[answer(b"no", status)], [answer(b"yes")]]
    with ScriptedServer(lambda _: replies.pop(0)) as server:
        text = client(server.url, Signer(fresh=1)).text(Request("POST", f"{server.url}/"), Switch())
    assert text == "yes"
    assert [heard.headers["password"] for heard in server.heard] == ["proof-0", "proof-0-renewed"]


@pytest.mark.parametrize("status", [401, 461])
def test_a_request_that_is_a_login_itself_hears_that_it_is_wrong(status: int) -> None:
    with ScriptedServer(lambda _: [answer(b"no", status)]) as server:
        asked = HttpClient(server.url, Signer(fresh=1), NetworkOptions(), for_login=True)
        with asked.open(Request("POST", f"{server.url}/"), Switch()) as found:
            assert found.status == status
    assert len(server.heard) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_request_that_is_a_login_itself_never_leaves_its_origin(status: int) -> None:
    with (
        ScriptedServer(lambda _: [answer(b"there")]) as other,
        forwarding(f"{other.url}/elsewhere", status) as server,
    ):
        asked = HttpClient(server.url, Guest(), NetworkOptions(), for_login=True)
        with pytest.raises(TransportError, match="must not go"):
            asked.text(Request("POST", f"{server.url}/", form=(("password", "c4n4ry"),)), Switch())
    assert other.heard == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_an_error_page_that_repeats_the_proof_is_quoted_without_it(status: int) -> None:
    def script(heard: Heard) -> list[Part]:
        return [answer(f"you sent {heard.headers} and {heard.body!r}".encode(), status)]

    with ScriptedServer(script) as server, pytest.raises(TransportError) as caught:
        client(server.url, Signer(proof="c4n4ry-t0ken")).text(Request("POST", f"{server.url}/"), Switch())
    assert "you sent" in str(caught.value)
    assert "c4n4ry" not in str(caught.value)


def test_redirects_in_circles_end() -> None:
    again = answer(b"", 302, {"Location": "/again"})
    with ScriptedServer(lambda _: [again]) as server, pytest.raises(TransportError, match="circles"):
        client(server.url).text(Request("GET", f"{server.url}/"), Switch())
    assert len(server.heard) == 6


def test_nothing_is_asked_once_the_stop_is_requested() -> None:
    stop = Switch()
    stop.request()
    with ScriptedServer(lambda _: [answer(b"yes")]) as server, pytest.raises(StoppedError):
        client(server.url).text(Request("GET", f"{server.url}/"), stop)
    assert server.heard == []


@pytest.mark.parametrize(
    "before", [b"", b"HTTP/1.1 200 OK\r\n", answer(b"x" * 9000)[:-100], chunked([b"x"], ended=False)]
)
def test_a_stop_wakes_whoever_waits_for_a_silent_server(before: bytes) -> None:
    hang, stop = Hang(), Switch()
    with ScriptedServer(lambda _: [before, hang]) as server, ThreadPoolExecutor(1) as pool:
        asked = client(server.url)
        waiting = pool.submit(asked.text, Request("GET", f"{server.url}/"), stop)
        assert hang.reached.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


def test_a_stop_while_a_body_ends_with_its_connection_is_no_whole_answer() -> None:
    hang, stop = Hang(), Switch()
    begun = answer(b"half of it", length=False)
    with ScriptedServer(lambda _: [begun, hang]) as server, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client(server.url).text, Request("GET", f"{server.url}/"), stop)
        assert hang.reached.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


def test_a_stop_between_two_pieces_of_such_a_body_is_no_end_of_it() -> None:
    hang, stop = Hang(), Switch()
    begun = answer(b"half of it", length=False)
    with (
        ScriptedServer(lambda _: [begun, hang]) as server,
        ThreadPoolExecutor(1) as pool,
        client(server.url).open(Request("GET", f"{server.url}/"), stop) as found,
    ):
        assert found.readinto(memoryview(bytearray(10))) == 10
        waiting = pool.submit(found.readinto, memoryview(bytearray(10)))
        assert hang.reached.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


def test_a_stop_after_the_last_byte_leaves_the_connection_to_others() -> None:
    with ArchiveServer(Catalogue((), "the policy")) as server:
        asked, stop = client(server.url), Switch()
        request = Request("GET", f"{server.api_url}/services/v1/getUserAgreementTxt")
        with asked.open(request, stop) as found:
            assert found.text() == "the policy"
            stop.request()
        assert asked.text(request, Switch()) == "the policy"
        assert server.connections == 1


def test_connections_are_used_again() -> None:
    with ArchiveServer(Catalogue(())) as server:
        asked = client(server.url)
        for _ in range(3):
            asked.text(Request("POST", f"{server.servlet_url}Version", form=(("os", "x"),)), Switch())
        assert server.connections == 1


def test_a_kept_connection_that_the_server_has_closed_by_now_is_replaced() -> None:
    replies: list[list[Part]] = [[answer(b"1"), Ignore()], [answer(b"2"), Ignore()], [answer(b"3")]]
    with ScriptedServer(lambda _: replies.pop(0)) as server:
        asked = client(server.url)
        texts = [asked.text(Request("GET", f"{server.url}/"), Switch()) for _ in range(3)]
    assert texts == ["1", "2", "3"]


def test_an_answer_that_is_left_unread_gives_up_its_connection() -> None:
    with ScriptedServer(lambda _: [answer(b"x" * 500_000)]) as server:
        asked = client(server.url)
        with asked.open(Request("GET", f"{server.url}/"), Switch()) as found:
            found.readinto(memoryview(bytearray(10)))
        assert asked.text(Request("GET", f"{server.url}/"), Switch()) == "x" * 500_000


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK_CERTIFICATE)
    with (
        ArchiveServer(Catalogue(()), ssl_context=context) as server,
        pytest.raises(UnreachableError, match="certificate") as caught,
    ):
        client(server.url).text(Request("GET", f"{server.url}/"), Switch())
    assert not caught.value.retryable
    assert "ca_file" in caught.value.advice


def test_a_certificate_that_the_user_vouches_for_is_accepted() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK_CERTIFICATE)
    options = NetworkOptions(ca_file=str(LOOPBACK_CERTIFICATE))
    with ArchiveServer(Catalogue(()), ssl_context=context) as server:
        asked = Request("POST", f"{server.servlet_url}Version", form=(("os", "x"),))
        assert client(server.url, options=options).text(asked, Switch())


def test_certificates_that_cannot_be_read_are_named() -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        client("https://archive.example.org", options=NetworkOptions(ca_file="nowhere.pem"))


@pytest.mark.parametrize(
    "url",
    ["", "archive.example.org", "ftp://a.org", "http://a.org:99999", "http://user:pw@a.org", "http://a b.org",
     "https://a.org\\@b.org", "https://a.org/\u00fc", "http://[::1"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(TransportError) as caught:
        client(url)
    assert "pw" not in str(caught.value)
