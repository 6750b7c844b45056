from __future__ import annotations

import cartload_plugins.auth
from cartload.model import Origin
from cartload.ports import Authenticator, AuthenticatorContext, Request
from cartload.registry import Source, load, make
from cartload.testing.fakes import FakeClock
from plugins.network.scripted_server import Switch


def guest() -> Authenticator:
    registry = load([Source("auth", cartload_plugins.auth)])
    assert registry.failures == ()
    return make(
        registry.authenticators,
        "guest",
        AuthenticatorContext(Origin.of("https://nbia.example.org"), FakeClock().time),
        {},
    )


def test_a_guest_is_an_authenticator_without_a_name() -> None:
    assert isinstance(guest(), Authenticator)
    assert guest().user is None


def test_a_guest_signs_nothing() -> None:
    request = Request("POST", "https://nbia.example.org/x", {"password": ""}, (("a", "1"),))
    assert guest().sign(request, Switch()) is request


def test_a_guest_has_nothing_to_renew() -> None:
    assert not guest().renew(Request("GET", "https://nbia.example.org/x"), Switch())
