from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cartload.testing.catalogue import DEMO_USER
from cartload_archive import ArchiveOptions, ArchiveServer
from plugins.archive.client import Client

if TYPE_CHECKING:
    from cartload.testing.archive import Catalogue


def granted(client: Client) -> dict[str, Any]:
    found = json.loads(client.login(DEMO_USER.name, DEMO_USER.password).data)
    assert isinstance(found, dict)
    return found


def test_a_login_gives_a_token_that_lives_two_hours(client: Client) -> None:
    answer = granted(client)
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 7200)
    assert client.rest("v2/getCollectionValues", answer["access_token"]).status == 200


def test_a_wrong_password_is_refused_in_json(client: Client) -> None:
    answer = client.login(DEMO_USER.name, "wrong")
    assert answer.status == 401
    assert json.loads(answer.data)["error"] == "invalid_grant"


def test_another_grant_is_refused(client: Client) -> None:
    assert client.post(f"{client.server.api_url}/oauth/token", [("grant_type", "implicit")]).status == 400


def test_a_token_is_had_by_post_alone(client: Client) -> None:
    assert client.pool.request("GET", f"{client.server.api_url}/oauth/token").status == 405


def test_a_guest_logs_in_without_a_password(client: Client) -> None:
    names = client.rest("v2/getCollectionValues", client.token("nbia_guest", ""), format="csv").data.decode()
    assert "DEMO-LIMITED" not in names


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_refresh_token_gives_a_new_token_once(client: Client, slash: str) -> None:
    form = [("grant_type", "refresh_token"), ("refresh_token", granted(client)["refresh_token"])]
    first, second = (client.post(f"{client.server.api_url}/oauth/token{slash}", form) for _ in range(2))
    assert (first.status, second.status) == (200, 400)
    assert client.rest("v2/getCollectionValues", json.loads(first.data)["access_token"]).status == 200


def test_v2_needs_a_token(client: Client) -> None:
    answer = client.rest("v2/getCollectionValues")
    assert (answer.status, json.loads(answer.data)["error"]) == (401, "unauthorized")


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_a_made_up_token_is_refused(client: Client, version: str) -> None:
    assert client.rest(f"{version}/getCollectionValues", "made-up").status == 401


def test_a_token_called_undefined_is_a_guest(client: Client) -> None:
    assert client.rest("v2/getCollectionValues", "undefined").status == 200


def test_a_token_expires_by_the_clock(catalogue: Catalogue) -> None:
    now = [0.0]
    options = ArchiveOptions(token_seconds=60, clock=lambda: now[0])
    with ArchiveServer(catalogue, options) as server, Client(server) as client:
        token = client.token(DEMO_USER.name, DEMO_USER.password)
        assert client.rest("v4/getCollectionValues", token).status == 200
        now[0] = 60.0
        assert client.rest("v4/getCollectionValues", token).status == 401


def test_tokens_can_be_made_to_expire(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue) as server, Client(server) as client:
        token = client.token(DEMO_USER.name, DEMO_USER.password)
        server.expire_tokens()
        assert client.rest("v4/getCollectionValues", token).status == 401


def test_one_can_log_out(client: Client) -> None:
    assert client.post(f"{client.server.api_url}/logout").status == 200
