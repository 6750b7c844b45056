from __future__ import annotations

import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from cartload.errors import StoppedError, UnreachableError
from cartload.guest import Guest
from cartload.ports import Request
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.connections import Exchange
from cartload_plugins.network.options import NetworkOptions
from plugins.network.scripted_server import Switch

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems refuse where Linux keeps silent"
)


@pytest.fixture
def silent_url() -> Iterator[str]:
    """A port whose queue is full: what connects to it gets no answer at all."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@needs_linux
def test_a_connection_that_is_not_answered_is_given_up(silent_url: str) -> None:
    client = HttpClient(silent_url, Guest(), NetworkOptions(connect_timeout=0.3))
    with pytest.raises(UnreachableError, match="in time") as caught:
        client.text(Request("GET", f"{silent_url}/"), Switch())
    assert caught.value.retryable


@needs_linux
def test_a_stop_ends_the_wait_for_a_connection(silent_url: str) -> None:
    client = HttpClient(silent_url, Guest(), NetworkOptions(connect_timeout=60))
    stop = Switch()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.text, Request("GET", f"{silent_url}/"), stop)
        assert stop.waited.wait(30)
        stop.request()
        with pytest.raises(StoppedError):
            waiting.result(timeout=30)


def test_an_exchange_that_was_aborted_before_shuts_what_it_gets() -> None:
    here, there = socket.socketpair()
    with here, there, Exchange() as exchange:
        exchange.abort()
        exchange.watch(here)
        assert here.recv(1) == b""


def test_an_exchange_leaves_the_connection_alone_once_it_is_released() -> None:
    here, there = socket.socketpair()
    with here, there, Exchange() as exchange:
        exchange.watch(here)
        exchange.release()
        exchange.abort()
        there.sendall(b"x")
        assert here.recv(1) == b"x"


def test_an_exchange_may_be_aborted_after_the_other_side_has_gone() -> None:
    here, there = socket.socketpair()
    with here, Exchange() as exchange:
        exchange.watch(here)
        there.close()
        exchange.abort()
        exchange.abort()
        assert here.recv(1) == b""
