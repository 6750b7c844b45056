"""Identifiers, origins and policies."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import Origin, UsagePolicy, is_uid

hosts = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]{2,5}){0,3}", fullmatch=True)
ports = st.integers(1, 65535)
schemes = st.sampled_from(["http", "https"])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_numbers_joined_by_dots_are_a_uid(components: list[int]) -> None:
    assert is_uid(".".join(map(str, components)))


def test_leading_zeros_are_accepted_because_real_archives_have_them() -> None:
    assert is_uid("1.2.0840.007")


@pytest.mark.parametrize(
    "text",
    ["", ".", "1.", ".1", "1..2", "1.2\n", " 1.2", "1.2a", "-1.2", "1/2", "\u0661.\u0662", "1" * 65],
)
def test_anything_else_is_no_uid(text: str) -> None:
    assert not is_uid(text)


@given(schemes, hosts, ports)
def test_an_origin_is_read_back_from_its_own_text(scheme: str, host: str, port: int) -> None:
    origin = Origin(scheme, host, port)
    assert Origin.of(str(origin)) == origin


@given(schemes, hosts, ports, st.sampled_from(["", "/", "/nbia-api/v4?x=1#y"]))
def test_what_follows_the_authority_is_no_part_of_the_origin(
    scheme: str, host: str, port: int, rest: str
) -> None:
    assert Origin.of(f"{scheme}://{host}:{port}{rest}") == Origin(scheme, host, port)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://nbia.example.org/x", "https://nbia.example.org"),
        ("https://nbia.example.org:443", "https://nbia.example.org"),
        ("https://nbia.example.org:8443", "https://nbia.example.org:8443"),
        ("http://nbia.example.org", "http://nbia.example.org"),
        ("http://nbia.example.org:443", "http://nbia.example.org:443"),
        ("HTTPS://NBIA.Example.ORG.", "https://nbia.example.org"),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("https://user:secret@nbia.example.org/", "https://nbia.example.org"),
    ],
)
def test_an_origin_is_written_the_same_however_it_was_spelled(url: str, text: str) -> None:
    assert str(Origin.of(url)) == text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nbia.example.org",
        "/path",
        "ftp://nbia.example.org",
        "file:///etc/passwd",
        "https://",
        "https://./",
        "https://:443/",
        "https://host:port/",
        "https://host:99999/",
        "https://[::1/",
    ],
)
def test_what_has_no_origin_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Origin.of(url)


def test_a_policy_is_remembered_by_the_digest_of_its_text() -> None:
    text = "Do not try to identify anyone. \u00a7 1"
    assert UsagePolicy("TCIA", text).digest == hashlib.sha256(text.encode()).hexdigest()
    assert UsagePolicy("TCIA", text + ".").digest != UsagePolicy("TCIA", text).digest
