from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cartload.errors import LoginError
from cartload.ports import Request
from cartload_plugins.auth.bearer import Bearer
from cartload_plugins.auth.options import BearerOptions
from plugins.auth.logins import context
from plugins.network.scripted_server import Switch

if TYPE_CHECKING:
    from pathlib import Path

ARCHIVE = "https://archive.example.org"
REQUEST = Request("GET", f"{ARCHIVE}/nbia-api/services/v4/getSeries", {"Accept": "text/csv"})


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CARTLOAD_TOKEN", "t0ken")
    return "t0ken"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("f1le-token\n")
    path.chmod(0o600)
    return path


def bearer(url: str = ARCHIVE, origin: str | None = ARCHIVE, **options: str) -> Bearer:
    return Bearer(context(url), BearerOptions(origin=origin, **options))


def test_a_token_is_taken_from_the_environment(token: str) -> None:
    signed = bearer().sign(REQUEST, Switch())
    assert signed.headers == {"Accept": "text/csv", "Authorization": f"Bearer {token}"}


def test_the_variable_can_have_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", " mine\n")
    signed = bearer(variable="MY_TOKEN").sign(REQUEST, Switch())
    assert signed.headers["Authorization"] == "Bearer mine"


def test_a_token_is_taken_from_a_file(path: Path) -> None:
    assert bearer(file=str(path)).sign(REQUEST, Switch()).headers["Authorization"] == "Bearer f1le-token"


@pytest.mark.skipif(os.name != "posix", reason="permissions are otherwise there")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_can_read_is_not_used(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(LoginError, match="others than you") as caught:
        bearer(file=str(path))
    assert caught.value.advice == f"Make it yours alone: chmod 600 {path}"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LoginError, match="cannot be read"):
        bearer(file=str(tmp_path / "nowhere"))


@pytest.mark.parametrize("text", ["", " \n"])
def test_no_token_is_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CARTLOAD_TOKEN", text)
    with pytest.raises(LoginError, match="no token") as caught:
        bearer()
    assert caught.value.subject == "the variable CARTLOAD_TOKEN"


@pytest.mark.parametrize("text", ["t0ken two", "t0ken\r\nHost: evil", "t0kén"])
def test_what_cannot_stand_in_a_header_is_refused_unquoted(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("CARTLOAD_TOKEN", text)
    with pytest.raises(LoginError) as caught:
        bearer()
    assert "t0k" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (ARCHIVE, None),
        (ARCHIVE, "https://other.example.org"),
        (f"{ARCHIVE}:8443", ARCHIVE),
        ("https://archive.example.org.evil.org", ARCHIVE),
        ("http://127.0.0.1:80", "http://127.0.0.1:81"),
    ],
)
@pytest.mark.usefixtures("token")
def test_a_token_is_for_the_archive_that_it_was_given_for(url: str, origin: str | None) -> None:
    with pytest.raises(LoginError, match="not sent") as caught:
        bearer(url, origin)
    assert "bearer.origin" in caught.value.advice


@pytest.mark.parametrize("origin", ["http://archive.example.org", "a b", ""])
@pytest.mark.usefixtures("token")
def test_an_origin_that_is_none_is_told(origin: str) -> None:
    with pytest.raises(LoginError) as caught:
        bearer(origin=origin)
    assert "option origin" in caught.value.subject


@pytest.mark.usefixtures("token")
def test_plain_http_gets_no_token() -> None:
    with pytest.raises(LoginError, match="not encrypted"):
        bearer("http://archive.example.org", "http://archive.example.org")


@pytest.mark.parametrize("origin", ["archive.example.org", "https://Archive.Example.Org:443/nbia-api"])
@pytest.mark.usefixtures("token")
def test_the_archive_may_be_named_in_several_ways(origin: str) -> None:
    assert bearer(origin=origin).user


@pytest.mark.usefixtures("token")
def test_the_same_token_is_no_fresh_proof() -> None:
    made = bearer()
    assert not made.renew(made.sign(REQUEST, Switch()), Switch())


def test_a_token_that_another_program_renewed_is(path: Path) -> None:
    made = bearer(file=str(path))
    refused = made.sign(REQUEST, Switch())
    path.write_text("other")
    assert made.renew(refused, Switch())
    assert made.renew(refused, Switch())
    assert made.sign(REQUEST, Switch()).headers["Authorization"] == "Bearer other"


@pytest.mark.usefixtures("token")
def test_what_was_not_signed_is_not_renewed() -> None:
    assert not bearer().renew(Request("GET", "https://elsewhere.invalid"), Switch())


@pytest.mark.usefixtures("token")
def test_a_token_is_not_shown() -> None:
    assert "t0ken" not in repr(bearer())
