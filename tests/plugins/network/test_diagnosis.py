from __future__ import annotations

import socket
import time
from threading import Event
from typing import TYPE_CHECKING, NoReturn

import pytest

from cartload.errors import StoppedError
from cartload.network import Condition, Finding
from cartload_plugins.network.certificates import told_of
from cartload_plugins.network.diagnosis import look
from cartload_plugins.network.options import NetworkOptions
from cartload_plugins.network.resolving import addresses
from plugins.network.scripted_server import Hang, ScriptedServer, Switch, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
THEN = 1_700_000_000.0
QUICK = NetworkOptions(connect_timeout=0.2, read_timeout=0.2, proxy="direct")


@pytest.fixture
def silent_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a name server that says nothing."""
    over = Event()

    def wait(*_: object, **__: object) -> NoReturn:
        over.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield
    over.set()


def found_at(url: str, clock: Callable[[], float] = time.time) -> dict[str, Finding]:
    return {found.check: found for found in look(url, QUICK, Switch(), clock)}


@pytest.mark.parametrize(
    ("ahead", "condition", "told"),
    [
        (0, Condition.WELL, "agrees"),
        (299, Condition.WELL, "agrees"),
        (-299, Condition.WELL, "agrees"),
        (720, Condition.DOUBTFUL, "12 minutes ahead of the server's"),
        (-720, Condition.DOUBTFUL, "12 minutes behind the server's"),
    ],
)
def test_the_clock_is_compared_with_the_servers(ahead: int, condition: Condition, told: str) -> None:
    with ScriptedServer(lambda _: [answer(b"", headers={"Date": DATE})]) as server:
        found = found_at(f"{server.url}/", lambda: THEN + ahead)["clock"]
    assert found.condition is condition
    assert told in found.what
    assert bool(found.advice) is (condition is Condition.DOUBTFUL)


@pytest.mark.parametrize("headers", [{}, {"Date": "noon"}])
def test_a_server_that_does_not_tell_the_time_is_not_held_against_it(headers: dict[str, str]) -> None:
    with ScriptedServer(lambda _: [answer(b"", headers=headers)]) as server:
        assert "clock" not in found_at(f"{server.url}/")


def test_a_server_that_keeps_silent_is_told() -> None:
    with ScriptedServer(lambda _: [Hang()]) as server:
        found = found_at(f"{server.url}/")["answer"]
    assert found.is_bad


def test_an_address_in_the_clear_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer(lambda _: [answer(b"")]) as server:
        port = server.url.rpartition(":")[2]
        plain = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **more: plain("127.0.0.1", *rest, **more))
        found = found_at(f"http://archive.example.org:{port}/")
    assert found["TLS"].condition is Condition.DOUBTFUL
    assert found["name"].what == "archive.example.org is 127.0.0.1."
    assert not found["answer"].is_bad


@pytest.mark.usefixtures("silent_names")
def test_a_name_server_that_keeps_silent_is_told() -> None:
    found = found_at("https://archive.example.org/")
    assert list(found) == ["proxy", "name"]
    assert found["name"].is_bad


@pytest.mark.usefixtures("silent_names")
def test_a_stop_ends_the_wait_for_a_name() -> None:
    stop = Switch()
    stop.request()
    with pytest.raises(StoppedError):
        list(look("https://archive.example.org/", QUICK, stop))


def test_a_name_that_cannot_be_one_is_an_error() -> None:
    with pytest.raises(OSError, match=r"."):
        addresses("a" * 70 + ".example.org", 20, Switch())


def test_a_certificate_that_is_none_cannot_be_read() -> None:
    with pytest.raises(ValueError, match=r"."):
        told_of(b"nonsense")
