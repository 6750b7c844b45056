"""T9: an archive that sends requests on elsewhere gets them there without anything that proves who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve, field, frozen

from cartload.errors import CartloadError, TransportError
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.transports.nbia.transport import NbiaTransport
from cartload_plugins.transports.nbia_rest.transport import NbiaRestTransport
from plugins.network.scripted_server import ScriptedServer, Switch, answer
from plugins.transports.archives import context, got
from small_carts import a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.ports import Request, Stop, Transport
    from cartload.ports import TransportContext as Context
    from plugins.network.scripted_server import Heard

SERIES = a_series(a_record())
SECRET = "c4n4ry"
PLAIN_HEADERS = {
    "host",
    "user-agent",
    "accept-encoding",
    "content-type",
    "content-length",
    "accept",
    "password",
}
"""All that a guest sends; the servlet wants a ``password`` of everybody, which is then empty."""


@frozen
class Signed:
    """Puts the secret wherever a secret can be put."""

    user: str | None = "somebody"
    seen: list[Request] = field(factory=list)

    def sign(self, request: Request, stop: Stop) -> Request:
        assert not stop.requested
        self.seen.append(request)
        names = ("Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "password")
        headers = {**request.headers, **dict.fromkeys(names, SECRET)}
        return evolve(request, headers=headers, form=(*request.form, ("userId", SECRET)))

    def renew(self, refused: Request, stop: Stop) -> bool:
        assert SECRET in str(refused.headers)
        assert not stop.requested
        return False


def asking_policy(transport: Transport) -> None:
    transport.policy()


def asking_description(transport: Transport) -> None:
    list(transport.describe([SERIES.uid]))


def asking_images(transport: Transport) -> None:
    got(transport.fetch(SERIES.record, (), Switch()))


MADE: dict[str, Callable[[Context], Transport]] = {
    "nbia": lambda given: NbiaTransport(given, NetworkOptions()),
    "nbia-rest": lambda given: NbiaRestTransport(given, NetworkOptions()),
}
every_transport = pytest.mark.parametrize("make", MADE.values(), ids=MADE)
every_question = pytest.mark.parametrize("ask", [asking_policy, asking_description, asking_images])


def wire(heard: Heard) -> str:
    return f"{heard.target}\n{heard.headers}\n{heard.body.decode()}"


@every_transport
@every_question
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_another_origin_hears_no_credential_and_no_header_of_an_authenticator(
    make: Callable[[Context], Transport], ask: Callable[[Transport], None], status: int
) -> None:
    with ScriptedServer(lambda _: [answer(b"refused", 400)]) as other:
        elsewhere = answer(b"", status, {"Location": f"{other.url}/there", "Set-Cookie": f"session={SECRET}"})
        with ScriptedServer(lambda _: [elsewhere]) as home, pytest.raises(CartloadError):
            ask(make(context(home.url, Signed())))
    assert SECRET in wire(home.heard[0])
    assert other.heard
    assert not [heard for heard in other.heard if SECRET in wire(heard)]
    assert {name for heard in other.heard for name in heard.headers} <= PLAIN_HEADERS
    assert {heard.headers.get("password", "") for heard in other.heard} == {""}


@every_transport
@every_question
def test_the_same_origin_hears_the_proof_again(
    make: Callable[[Context], Transport], ask: Callable[[Transport], None]
) -> None:
    def script(heard: Heard) -> list[bytes]:
        return [answer(b"no", 400) if heard.target == "/there" else answer(b"", 307, {"Location": "/there"})]

    with ScriptedServer(script) as home, pytest.raises(CartloadError):
        ask(make(context(home.url, Signed())))
    assert [SECRET in wire(heard) for heard in home.heard] == [True, True]


@every_transport
@every_question
def test_whoever_comes_back_from_another_origin_proves_it_anew_and_only_there(
    make: Callable[[Context], Transport], ask: Callable[[Transport], None]
) -> None:
    back: list[str] = []
    with ScriptedServer(lambda _: [answer(b"", 307, {"Location": back[0]})]) as other:

        def script(heard: Heard) -> list[bytes]:
            if heard.target == "/back":
                return [answer(b"no", 400)]
            return [answer(b"", 307, {"Location": f"{other.url}/there"})]

        with ScriptedServer(script) as home:
            back.append(f"{home.url}/back")
            with pytest.raises(CartloadError):
                ask(make(context(home.url, Signed())))
    assert [SECRET in wire(heard) for heard in home.heard] == [True, True]
    assert [SECRET in wire(heard) for heard in other.heard] == [False]


@every_transport
@every_question
@pytest.mark.parametrize(
    "location",
    [
        "http://archive.example.org/",
        "http://169.254.169.254/latest/meta-data/",
        "http://user:pw@127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//archive.example.org/",
        "http://127.0.0.1\\@archive.example.org/",
        "https://[::1",
    ],
)
def test_where_a_request_must_not_go_nobody_is_asked(
    make: Callable[[Context], Transport], ask: Callable[[Transport], None], location: str
) -> None:
    with (
        ScriptedServer(lambda _: [answer(b"", 302, {"Location": location})]) as home,
        pytest.raises(TransportError) as caught,
    ):
        ask(make(context(home.url, Signed())))
    assert len(home.heard) == 1
    assert not caught.value.retryable
    assert SECRET not in str(caught.value)
    assert "pw@" not in str(caught.value)
