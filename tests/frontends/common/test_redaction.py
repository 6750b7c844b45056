from __future__ import annotations

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from cartload.ports import Factory
from cartload.registry import Kind, Registered, Registry
from cartload.settings import Settings
from cartload_common.redaction import (
    STRUCK,
    Redaction,
    environment_secrets,
    is_secret_name,
    option_secrets,
    shown_options,
)


@frozen
class Options:
    """Options of a plugin."""

    host: str = ""
    phrase: str = field(default="", repr=False)
    api_key: str = ""
    mirrors: tuple[str, ...] = ()


FACTORY: Factory[object, object] = Factory(lambda *_: None, Options, "")
REGISTRY = Registry(
    {
        **{kind: {} for kind in Kind},
        Kind.STORAGE: {"sftp": Registered("sftp", Kind.STORAGE, FACTORY, "cartload-sftp", "1.5")},
    }
)


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "CARTLOAD_PASSWORD",
        "passphrase",
        "client_secret",
        "access_token",
        "api-key",
        "apikey",
        "private_key",
        "credentials",
        "pin",
        "auth",
        "key",
        "cookie_file",
        "user",
        "username",
    ],
)
def test_a_name_can_tell_a_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["read_timeout", "ca_file", "authenticator", "naming", "keyword", "host", "missing", "mapping"]
)
def test_other_names_are_none(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:pw@proxy.example:8080/x", "https://***@proxy.example:8080/x"),
        ("GET https://a.example/x?key=1&b=2 failed", "GET https://a.example/x?*** failed"),
        ("Authorization: Basic bWU6cHc=", "Authorization: ***"),
        ("{'Cookie': 'id=77'}", "{'Cookie': ***"),
        ("sent Bearer abc.def-123 to it", "sent Bearer *** to it"),
        ("form: password=hunter2&x=1", "form: password=***&x=1"),
    ],
)
def test_what_looks_like_a_secret_is_struck_out(text: str, shown: str) -> None:
    assert Redaction()(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "basic authentication is refused",
        "LUNG/P-1/2000-01-02 CT?/1-01.dcm",
        "mail help@archive.example",
        "https://creativecommons.org/licenses/by/4.0/",
        "a/b//c d@e",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert Redaction()(text) == text


@given(
    st.text(st.characters(exclude_characters="*"), min_size=4, max_size=20),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_a_known_secret_is_in_no_text(secret: str, before: str, after: str) -> None:
    redact = Redaction()
    redact.learn([secret])
    assert secret not in redact(f"{before}{secret}{after}")


@pytest.mark.parametrize("piece", ["//", "http://", "basic ", "cookie", "a", "token", "authorization ", "x@"])
def test_a_long_hostile_text_takes_no_long_time(piece: str) -> None:
    assert Redaction()(piece * 50_000 + "@?=")


def test_a_longer_secret_goes_before_a_shorter_one_in_it() -> None:
    redact = Redaction()
    redact.learn(["abcd", "abcdefgh"])
    assert redact("abcdefgh") == STRUCK


def test_a_secret_too_short_to_be_told_from_words_spoils_no_text() -> None:
    redact = Redaction()
    redact.learn(["a", ""])
    assert redact("a cart") == "a cart"


def test_nothing_shows_what_is_known() -> None:
    redact = Redaction()
    redact.learn(["canary"])
    assert "canary" not in repr(redact)


def test_plain_data_is_cleaned_at_any_depth() -> None:
    redact = Redaction()
    redact.learn(["canary"])
    given_data = {"a": ["canary", 1, None], "b": {"c": ("x canary",)}}
    assert redact.plain(given_data) == {"a": [STRUCK, 1, None], "b": {"c": [f"x {STRUCK}"]}}


def test_the_environment_may_hold_a_password_and_proxies_with_users() -> None:
    environment = {
        "CARTLOAD_PASSWORD": "canary",
        "https_proxy": "http://me:p%40ss@proxy.example",
        "HTTP_PROXY": "http://proxy.example",
        "CARTLOAD_JOBS": "4",
        "OTHER_PASSWORD": "not ours",
    }
    assert {*environment_secrets(environment)} == {"canary", "me:p%40ss", "p%40ss", "p@ss"}


def test_secret_options_are_found_by_name_and_by_what_their_plugin_hides() -> None:
    sftp: dict[str, object] = {"host": "far", "phrase": "one", "api_key": "two"}
    tables = {"sftp": sftp, "gone": {"x": "three", "n": 5}}
    assert {*option_secrets(tables, None)} == {"two"}
    assert {*option_secrets(tables, REGISTRY)} == {"one", "two", "three", "5"}


def test_users_of_addresses_are_found_in_lists_and_tables() -> None:
    tables = {"sftp": {"mirrors": ["https://me:canary@a.example", {"x": "https://b.example"}]}}
    assert {*option_secrets(tables, REGISTRY)} == {"me:canary", "canary"}


def test_the_settings_are_shown_without_what_is_or_may_be_secret() -> None:
    tables = {
        "sftp": {"host": "https://me:canary@a.example", "phrase": "one", "api_key": "two", "typo": "three"},
        "gone": {"host": "four"},
    }
    shown = shown_options(Settings(jobs=7, plugins=tables), REGISTRY, Redaction())
    assert shown["jobs"] == 7
    assert shown["existing"] == "ask"
    assert shown["plugins"] == {
        "sftp": {"host": "https://***@a.example", "phrase": STRUCK, "api_key": STRUCK, "typo": STRUCK},
        "gone": {"host": STRUCK},
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("user=jane at", "user=*** at"),
        ('{"user": "jane"}', '{"user": "***"}'),
        ("/home/jane/cart", "/home/***/cart"),
        ("janet and bjane", "janet and bjane"),
    ],
)
def test_a_users_name_is_struck_out_where_it_is_a_word(text: str, shown: str) -> None:
    redact = Redaction()
    redact.learn_user("jane")
    assert redact(text) == shown
    assert redact.for_screen(text) == text


def test_a_users_name_is_found_as_files_write_it() -> None:
    redact = Redaction()
    redact.learn_user('jä"ne@example.org')
    assert redact(r"a j\u00e4\"ne@example.org b") == "a *** b"
    assert redact("a j%C3%A4%22ne%40example.org b") == "a *** b"


def test_a_user_of_two_letters_spoils_no_text() -> None:
    redact = Redaction()
    redact.learn_user("CT")
    assert redact("modality CT") == "modality CT"
