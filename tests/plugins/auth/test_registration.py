from __future__ import annotations

import subprocess
import sys

import pytest

import cartload_plugins.auth
import cartload_plugins.transports
from cartload.origins import origin_of
from cartload.ports import Authenticator, AuthenticatorContext
from cartload.registry import Source, load, make
from cartload.testing.fakes import FakeClock

REGISTRY = load([Source("auth", cartload_plugins.auth), Source("transports", cartload_plugins.transports)])
NAMES = ("guest", "nbia-oauth", "nbia-servlet", "bearer")


def test_the_bundled_authenticators_are_these() -> None:
    assert REGISTRY.failures == ()
    assert set(REGISTRY.authenticators) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_made_without_asking_anybody(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTLOAD_TOKEN", "a-token")
    context = AuthenticatorContext(origin_of("https://archive.invalid"), FakeClock().time)
    made = make(REGISTRY.authenticators, name, context, {"bearer": {"origin": "archive.invalid"}})
    assert isinstance(made, Authenticator)


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is(name: str) -> None:
    assert REGISTRY.authenticators[name].factory.summary


def test_each_transport_names_an_authenticator_that_is_there() -> None:
    named = {name: found.factory.authenticator for name, found in REGISTRY.transports.items()}
    assert named == {"nbia": "nbia-servlet", "nbia-rest": "nbia-oauth", "mock": "guest"}
    assert set(named.values()) <= set(REGISTRY.authenticators)


def test_listing_them_loads_neither_the_network_nor_cryptography() -> None:
    program = (
        "import sys, cartload_plugins.auth as auth; auth.authenticators();"
        "print(*[name for name in ('urllib3', 'truststore', 'cryptography') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - this interpreter
    assert done.stdout.split() == []
