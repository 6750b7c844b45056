"""T16: whatever a server sends without end, the client ends it, and says so."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DamagedError, TransportError
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.nbia.transport import NbiaTransport
from cartload_plugins.transports.nbia_rest.transport import NbiaRestTransport
from plugins.network.scripted_server import ScriptedServer, Switch, answer, chunked
from plugins.transports.archives import context, got
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cartload.ports import Transport

SERIES = a_series(a_record())
MADE: list[Callable[[str], Transport]] = [
    lambda url: NbiaTransport(context(url), NetworkOptions()),
    lambda url: NbiaRestTransport(context(url), NetworkOptions()),
]
every_transport = pytest.mark.parametrize("made", MADE, ids=["nbia", "nbia-rest"])


def forever(piece: bytes, before: bytes = b"") -> Iterator[bytes]:
    """Send *piece* over and over, in large parts."""
    yield before
    yield from itertools.repeat(piece * (1 + 65536 // len(piece)))


OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS: dict[str, Callable[[], Iterator[bytes]]] = {
    "interim answers": lambda: forever(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "interim headers": lambda: forever(b"X: y\r\n", b"HTTP/1.1 100 Continue\r\n"),
    "status line": lambda: forever(b"HTTP"),
    "headers": lambda: forever(b"X-Padding: y\r\n", OK),
    "one header": lambda: forever(b"y", OK + b"X: "),
    "continued header": lambda: forever(b" y\r\n", OK + b"X: y\r\n"),
    "chunk extension": lambda: forever(b"y", OK + b"Transfer-Encoding: chunked\r\n\r\n1;x="),
    "trailers": lambda: forever(b"X: y\r\n", OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"),
    "one trailer": lambda: forever(b"y", OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"),
    "chunk": lambda: forever(b"y", OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n"),
    "length": lambda: forever(b"y", OK + b"Content-Length: 999999999999999\r\n\r\n"),
    "body": lambda: forever(b"y", OK + b"\r\n"),
}
every_endless = pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)


@every_transport
@every_endless
def test_an_answer_without_end_to_a_fetch_is_an_error(
    made: Callable[[str], Transport], script: Callable[[], Iterator[bytes]]
) -> None:
    with ScriptedServer(lambda _: script()) as server, pytest.raises(TransportError) as caught:
        got(made(server.url).fetch(SERIES.record, (), Switch()))
    assert caught.value.subject


@every_endless
def test_an_answer_without_end_to_a_question_is_an_error(
    script: Callable[[], Iterator[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartload_plugins.network.answer.Answer.text.__defaults__", (1 << 20,))
    with ScriptedServer(lambda _: script()) as server, pytest.raises(TransportError) as caught:
        MADE[0](server.url).policy()
    assert server.url in caught.value.subject


@every_transport
def test_an_error_page_without_end_is_quoted_and_left(made: Callable[[str], Transport]) -> None:
    page = OK.replace(b"200 OK", b"500 Oops") + b"\r\n"
    with (
        ScriptedServer(lambda _: forever(b"sorry ", page)) as server,
        pytest.raises(TransportError) as caught,
    ):
        made(server.url).policy()
    assert "sorry sorry" in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_list_of_rows_nested_without_end_is_damaged() -> None:
    listed = chunked([b"[" * 4_000_000])
    with ScriptedServer(lambda _: [listed]) as server, pytest.raises(DamagedError):
        got(MADE[1](server.url).fetch(SERIES.record, [SERIES.images[0].sop_uid], Switch()))


def test_trailers_that_end_are_passed_over() -> None:
    whole = chunked([b"be kind"], ended=False) + b"0\r\nX: y\r\nZ: a\r\n\r\n"
    with ScriptedServer(lambda _: [whole]) as server:
        said = MADE[0](server.url).policy()
    assert said is not None
    assert said.text == "be kind"


def test_interim_answers_that_end_are_passed_over() -> None:
    with ScriptedServer(lambda _: [b"HTTP/1.1 100 Continue\r\n\r\n" * 5 + answer(b"be kind")]) as server:
        said = MADE[0](server.url).policy()
    assert said is not None
    assert said.text == "be kind"


def policy_error(sent: bytes) -> TransportError:
    with ScriptedServer(lambda _: [sent]) as server, pytest.raises(TransportError) as caught:
        MADE[0](server.url).policy()
    return caught.value


def test_headers_that_are_cut_off_anywhere_are_no_answer() -> None:
    """Else the length would be lost, and an answer that never came be taken for an empty one."""
    whole = answer(b"be kind", headers={"Content-Type": "text/plain"})
    for cut in range(whole.index(b"\r\n\r\n") + 3):
        assert policy_error(whole[:cut]).retryable


def test_a_long_error_page_leaves_nothing_behind_for_the_next_answer() -> None:
    said = [answer(b"sorry " * 50_000, 500), answer(b"be kind")]
    with ScriptedServer(lambda _: [said.pop(0)]) as server:
        asked = MADE[0](server.url)
        with pytest.raises(TransportError, match="sorry"):
            asked.policy()
        policy = asked.policy()
    assert policy is not None
    assert policy.text == "be kind"
