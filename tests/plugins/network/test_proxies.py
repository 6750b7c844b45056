from __future__ import annotations

from base64 import b64decode
from traceback import format_exception

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import SettingsError
from cartload.origins import origin_of
from cartload_plugins.network.proxies import Proxy, Routes

ARCHIVE = "https://nbia.example.org"
PLAIN = "http://nbia.example.org"
ONE, TWO = "http://one.example:3128", "http://two.example:3128"


def route(environment: dict[str, str], url: str = ARCHIVE, chosen: str | None = None) -> str | None:
    proxy = Routes(chosen, environment).to(origin_of(url))
    return None if proxy is None else str(proxy)


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({"https_proxy": ONE, "http_proxy": TWO}, ARCHIVE),
        ({"http_proxy": ONE, "https_proxy": TWO}, PLAIN),
        ({"HTTPS_PROXY": ONE}, ARCHIVE),
        ({"HTTP_PROXY": ONE}, PLAIN),
        ({"https_proxy": ONE, "HTTPS_PROXY": TWO}, ARCHIVE),
        ({"https_proxy": ONE, "all_proxy": TWO}, ARCHIVE),
        ({"all_proxy": ONE}, ARCHIVE),
        ({"ALL_PROXY": ONE}, PLAIN),
        ({"https_proxy": "one.example:3128"}, ARCHIVE),
        ({"https_proxy": f" {ONE}/ "}, ARCHIVE),
        ({"http_proxy": ONE, "REQUEST_METHOD": "GET"}, PLAIN),
        ({"HTTPS_PROXY": ONE, "REQUEST_METHOD": "GET"}, ARCHIVE),
        ({"https_proxy": ONE, "no_proxy": "other.org"}, ARCHIVE),
    ],
)
def test_the_environment_names_the_proxy(environment: dict[str, str], url: str) -> None:
    assert route(environment, url) == ONE


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, ARCHIVE),
        ({"http_proxy": ONE}, ARCHIVE),
        ({"https_proxy": ONE}, PLAIN),
        ({"https_proxy": "", "HTTPS_PROXY": ONE, "all_proxy": ONE}, ARCHIVE),
        ({"https_proxy": ONE, "no_proxy": "example.org"}, ARCHIVE),
        ({"https_proxy": ONE, "NO_PROXY": "*"}, ARCHIVE),
        ({"HTTP_PROXY": ONE, "REQUEST_METHOD": "GET"}, PLAIN),
        ({"all_proxy": ONE}, "http://localhost:8080"),
        ({"all_proxy": ONE}, "http://127.0.0.1"),
        ({"all_proxy": ONE}, "https://127.9.9.9"),
        ({"all_proxy": ONE}, "https://[::1]:8443"),
    ],
)
def test_without_one_or_with_an_exception_the_way_is_direct(environment: dict[str, str], url: str) -> None:
    assert route(environment, url) is None


def test_what_the_user_chose_wins_over_the_environment() -> None:
    assert route({"https_proxy": TWO}, chosen=ONE) == ONE


def test_what_the_user_chose_leads_to_this_machine_too() -> None:
    assert route({}, "http://127.0.0.1:8080", chosen=ONE) == ONE


def test_exceptions_hold_for_what_the_user_chose_too() -> None:
    assert route({"no_proxy": "nbia.example.org"}, chosen=ONE) is None


def test_the_user_may_choose_none() -> None:
    assert route({"https_proxy": TWO}, chosen="direct") is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("https://Proxy.Example", "https://proxy.example"),
        ("proxy.example", "http://proxy.example"),
        ("me:canary@proxy.example:8080", "http://proxy.example:8080"),
        ("http://me:can%2Fary%40@[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_an_address_of_a_proxy_is_read_and_shown_without_its_login(text: str, shown: str) -> None:
    proxy = Proxy.of(text, "https_proxy")
    assert str(proxy) == shown
    assert "canary" not in repr(proxy)
    assert "can/ary" not in repr(proxy)


@given(st.text(), st.text().filter(bool))
def test_any_user_and_password_can_be_written(user: str, password: str) -> None:
    from urllib.parse import quote  # noqa: PLC0415 - only here

    named = quote(user.replace(":", ""), safe="")
    header = Proxy.of(f"{named}:{quote(password, safe='')}@proxy.example", "x").headers["Proxy-Authorization"]
    kind, _, proof = header.partition(" ")
    assert kind == "Basic"
    assert b64decode(proof).decode() == f"{user.replace(':', '')}:{password}"


def test_without_a_login_nothing_is_sent() -> None:
    assert Proxy.of("http://proxy.example", "x").headers == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://",
        "http://me:canary@",
        "ftp://me:canary@proxy.example",
        "socks5://me:canary@proxy.example:1080",
        "SOCKS4A://me:canary@proxy.example:1080",
        "http://me:can/ary@proxy.example",
        "http://me:can?ary@proxy.example",
        "http://me:canary@proxy.example/path",
        "http://me:canary@proxy.example:99999",
        "http://me:canary@pro xy.example",
        "http://me:canary@0.0.0.0:3128",
        "http://me:canary@proxy.example?x",
    ],
)
def test_what_is_no_address_of_a_proxy_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(SettingsError, match="https_proxy") as caught:
        Proxy.of(text, "https_proxy")
    told = "".join(format_exception(caught.value))
    assert "canary" not in told
    assert "can/ary" not in str(caught.value)


def test_a_socks_proxy_is_named_as_such() -> None:
    with pytest.raises(SettingsError, match="SOCKS"):
        Proxy.of("socks5h://proxy.example:1080", "all_proxy")


def test_an_address_that_is_wrong_hinders_only_what_it_is_for() -> None:
    environment = {"http_proxy": "socks5://proxy.example", "https_proxy": ONE}
    assert route(environment) == ONE
    with pytest.raises(SettingsError, match="http_proxy"):
        route(environment, PLAIN)
