from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.credentials import Credentials, NoLogin, Secret
from cartload.errors import LoginError
from cartload.origins import origin_of
from cartload.ports import Request
from cartload.testing.fakes import FakeLogin
from cartload_plugins.auth.logins import base_of, log_in, user_of

if TYPE_CHECKING:
    from collections.abc import Callable

ARCHIVE = origin_of("https://archive.example.org")


def accepts(*passwords: str) -> Callable[[Credentials], str | None]:
    return lambda given: f"proof of {given.user}" if given.password.reveal() in passwords else None


def test_the_first_accepted_login_counts() -> None:
    login = FakeLogin(("jane", "right"))
    assert log_in(login, ARCHIVE, accepts("right")) == "proof of jane"
    assert (login.refusals, login.acceptances) == ([], ["jane"])


def test_a_wrong_one_is_reported_and_another_asked_for() -> None:
    login = FakeLogin(("jane", "wrong"), ("jane", "wrong"), ("john", "right"))
    assert log_in(login, ARCHIVE, accepts("right")) == "proof of john"
    assert (login.refusals, login.acceptances) == (["jane", "jane"], ["john"])


def test_the_user_is_named_without_being_asked_twice() -> None:
    login = FakeLogin(("jane", "right"))
    assert user_of(login) == "jane"
    assert log_in(login, ARCHIVE, accepts("right")) == "proof of jane"


def test_nobody_s_login_is_told_from_a_wrong_one() -> None:
    assert user_of(NoLogin()) is None
    with pytest.raises(LoginError, match="there is no user name and password") as none:
        log_in(NoLogin(), ARCHIVE, accepts())
    assert none.value.subject == str(ARCHIVE)
    with pytest.raises(LoginError, match="does not accept this user name and password"):
        log_in(FakeLogin(("jane", "wrong")), ARCHIVE, accepts("right"))


def test_a_login_that_gives_the_same_again_and_again_is_not_asked_for_ever() -> None:
    class Stubborn(NoLogin):
        def credentials(self) -> Credentials:
            return Credentials("jane", Secret("wrong"))

    tried: list[str] = []
    with pytest.raises(LoginError):
        log_in(Stubborn(), ARCHIVE, lambda given: tried.append(given.user))
    assert len(tried) == 5


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://archive.example.org", ""),
        ("https://archive.example.org/x/y?z=1", ""),
        ("https://archive.example.org/nbia-api", ""),
        ("https://archive.example.org/nbia-api/services/v4/getSeries?x=/y/nbia-api/", ""),
        ("https://archive.example.org/nbia-download/servlet/DownloadServletV4", ""),
        ("https://archive.example.org/a/b/nbia-api/services/v4/getSeries", "/a/b"),
        ("https://archive.example.org/a/nbia-download/servlet/nbia-api/", "/a"),
        ("https://archive.example.org/xnbia-api/services", ""),
        ("HTTPS://Archive.Example.Org:443/a/nbia-api/x", "/a"),
    ],
)
def test_an_archive_s_base_stands_before_its_services(url: str, base: str) -> None:
    assert base_of(Request("GET", url), ARCHIVE) == f"{ARCHIVE}{base}"


@pytest.mark.parametrize(
    "url",
    [
        "http://archive.example.org/nbia-api",
        "https://archive.example.org:8443/nbia-api",
        "https://archive.example.org@evil.org/nbia-api",
        "https://evil.org/archive.example.org/nbia-api",
        "https://archive.example.org\\@evil.org/",
    ],
)
def test_what_leads_elsewhere_has_no_base(url: str) -> None:
    assert base_of(Request("GET", url), ARCHIVE) is None
