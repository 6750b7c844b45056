from __future__ import annotations

import json
import math

import pytest

from cartload.errors import DamagedError
from cartload.guest import Guest
from cartload.ports import Request
from cartload_plugins.auth.tokens import Token, error_of, read_token
from cartload_plugins.network.client import HttpClient
from cartload_plugins.network.options import NetworkOptions
from plugins.network.scripted_server import ScriptedServer, Switch, answer

NOW = 1_000.0
TOLD = {"access_token": "acc355", "refresh_token": "refr35h", "expires_in": 7200, "token_type": "bearer"}


def read(body: str, kind: str = "application/json") -> Token:
    reply = answer(body.encode(), headers={"Content-Type": kind})
    with ScriptedServer(lambda _: [reply]) as server:
        client = HttpClient(server.url, Guest(), NetworkOptions())
        with client.open(Request("GET", server.url), Switch()) as got:
            return read_token(got, NOW)


def test_a_token_is_read_from_json() -> None:
    token = read(json.dumps({**TOLD, "id_token": "x", "not-before-policy": 0}))
    assert token.header == "Bearer acc355"
    assert token.refresh is not None
    assert token.refresh.reveal() == "refr35h"


def test_a_token_is_read_from_a_form() -> None:
    token = read("access_token=acc355&expires_in=100", "application/x-www-form-urlencoded;charset=UTF-8")
    assert token.header == "Bearer acc355"
    assert token.refresh is None
    assert token.renew_at == NOW + 80


def test_a_token_is_not_shown() -> None:
    assert "acc355" not in repr(read(json.dumps(TOLD)))
    assert "refr35h" not in repr(read(json.dumps(TOLD)))


@pytest.mark.parametrize(
    ("life", "left"),
    [(7200, 60), ("7200", 60), (7199.5, 60), (300, 60), (100, 20), (2, 0.4), (1e-9, 0)],
)
def test_a_token_is_renewed_a_little_before_it_ends(life: float | str, left: float) -> None:
    token = read(json.dumps({**TOLD, "expires_in": life}))
    assert token.renew_at == pytest.approx(NOW + float(life) - left)


@pytest.mark.parametrize("life", [None, "soon", [], 0, -1, "-1", "nan", {}, "1e999"])
def test_a_token_whose_life_is_not_told_is_used_until_it_is_refused(life: object) -> None:
    assert read(json.dumps({**TOLD, "expires_in": life})).renew_at == math.inf


def test_a_life_beyond_any_number_is_endless() -> None:
    assert read(json.dumps({**TOLD, "expires_in": 10**400})).renew_at == math.inf


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '"acc355"',
        "{}",
        '{"access_token": ""}',
        '{"access_token": 7}',
        '{"access_token": null}',
        '{"access_token": "acc355 x"}',
        '{"access_token": "acc355\\r\\nHost: evil"}',
        '{"access_token": "acc355\\u00e9"}',
        "<html>acc355</html>",
    ],
)
def test_an_answer_without_a_token_that_can_be_sent_is_refused_unquoted(body: str) -> None:
    with pytest.raises(DamagedError, match="holds no token") as caught:
        read(body)
    assert "acc355" not in str(caught.value)
    assert not caught.value.retryable


@pytest.mark.parametrize("refresh", [None, "", 7, "two words", "x\ny"])
def test_a_refresh_token_that_cannot_be_sent_is_none(refresh: object) -> None:
    assert read(json.dumps({**TOLD, "refresh_token": refresh})).refresh is None


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('{"error": "invalid_grant", "error_description": "no"}', "invalid_grant"),
        ('{"error": "invalid_client"}', "invalid_client"),
        ('{"error": "your password is c4n4ry"}', ""),
        ('{"error": ["invalid_grant"]}', ""),
        ("<html>", ""),
    ],
)
def test_only_an_error_of_the_standard_is_told(body: str, error: str) -> None:
    with ScriptedServer(lambda _: [answer(body.encode(), 400)]) as server:
        client = HttpClient(server.url, Guest(), NetworkOptions())
        with client.open(Request("GET", server.url), Switch()) as got:
            assert error_of(got) == error
