"""Where an address leads without doubt, and who may be sent a login."""

from __future__ import annotations

from http.client import HTTPConnection
from ipaddress import IPv6Address
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from cartload.errors import LoginError
from cartload.model import Origin
from cartload.origins import (
    KNOWN_ARCHIVES,
    Standing,
    Trust,
    is_loopback,
    keeps_secrets,
    named_origin,
    origin_of,
)

GOOD = Origin("https", "good.org", 443)

PLAIN = {
    "https://good.org": GOOD,
    "https://good.org/": GOOD,
    "HTTPS://GOOD.ORG/x": GOOD,
    "https://good.org:443/x?y=1": GOOD,
    "https://good.org./x": GOOD,
    "https://good.org/@evil.org": GOOD,
    "https://good.org/x?y=https://evil.org/#z@evil.org": GOOD,
    "https://good.org//evil.org": GOOD,
    "https://good.org/..//evil.org": GOOD,
    "https://good.org/%2f%2fevil.org%5c@evil.org": GOOD,
    "https://good.org:8443": Origin("https", "good.org", 8443),
    "http://good.org": Origin("http", "good.org", 80),
    "http://good.org:443": Origin("http", "good.org", 443),
    "https://good.org.evil.org": Origin("https", "good.org.evil.org", 443),
    "https://xn--bcher-kva.example": Origin("https", "xn--bcher-kva.example", 443),
    "https://intra_net/x": Origin("https", "intra_net", 443),
    "https://1.evil.org": Origin("https", "1.evil.org", 443),
    "http://127.0.0.1:8080/x": Origin("http", "127.0.0.1", 8080),
    "http://[::1]:8080/x": Origin("http", "::1", 8080),
    "http://[0:0:0:0:0:0:0:1]": Origin("http", "::1", 80),
    "http://[::FFFF:127.0.0.1]/": Origin("http", str(IPv6Address("::ffff:127.0.0.1")), 80),
    "https://[2001:DB8::1]/": Origin("https", "2001:db8::1", 443),
}

CONFUSING = [
    "",
    "good.org",
    "//good.org",
    "/x",
    "https:good.org",
    "https:/good.org",
    "https:///good.org",
    "https://",
    "https://:443",
    "ftp://good.org",
    "file:///etc/passwd",
    "javascript://good.org/%0aalert(1)",
    "https ://good.org",
    " https://good.org",
    "https://good.org ",
    "https://good.org\n",
    "https://go\tod.org",
    "https://good.org/\r\nHost: evil.org",
    "https://good.org\x00.evil.org",
    "\x1bhttps://good.org",
    "https://good.org@evil.org",
    "https://good.org:pw@evil.org",
    "https://good.org:443@evil.org/",
    "https://@evil.org",
    "https://evil.org\\@good.org",
    "https://good.org\\@evil.org",
    "https://good.org\\evil.org",
    "https://good.org/\\evil.org",
    "https:\\\\good.org",
    "https://good.org#@evil.org",
    "https://good.org?@evil.org",
    "https://good.org;@evil.org",
    "https://good.org&@evil.org",
    "https://good.org%40evil.org",
    "https://good.org%2eevil.org",
    "https://%67ood.org",
    "https://good.org%00.evil.org",
    "https://good.org|evil.org",
    "https://good.org<evil.org",
    "https://{good.org}",
    "https://good.org,evil.org",
    "https://good.org:",
    "https://good.org:0",
    "https://good.org:0443",
    "https://good.org:65536",
    "https://good.org:443:80",
    "https://good.org:+443",
    "https://good.org:４４３",  # noqa: RUF001 - the point
    "https://good.org..",
    "https://good..org",
    "https://.good.org",
    "https://.",
    "https://-good.org",
    "https://good-.org",
    f"https://{'a' * 64}.org",
    f"https://{'a.' * 130}org",
    "https://gооd.org",  # noqa: RUF001 - two Cyrillic letters are the point
    "https://bücher.example",
    "https://good。org",
    "https://ｇood.org",  # noqa: RUF001 - the point
    "https://good.org／evil",  # noqa: RUF001 - the point
    "https://evil.c℀.good.org",
    "https://good\u200b.org",
    "http://2130706433",
    "http://0x7f000001",
    "http://0x7f.0.0.1",
    "http://0177.0.0.1",
    "http://127.1",
    "http://127.0.0.1.",
    "http://127.0.0.256",
    "http://1.2.3",
    "http://evil.org.1",
    "http://0.0.0.0",
    "http://[::]",
    "http://[::1",
    "http://::1",
    "http://[::1]]",
    "http://[::1]evil.org",
    "http://[::1%25eth0]",
    "http://[v1.fe80::a]",
    "http://[127.0.0.1]",
    "http://[good.org]",
    "http://[1:2]",
]


@pytest.mark.parametrize(("url", "origin"), PLAIN.items(), ids=PLAIN)
def test_a_plain_address_has_one_origin(url: str, origin: Origin) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", CONFUSING, ids=map(ascii, CONFUSING))
def test_an_address_that_programs_disagree_on_has_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        origin_of(url)


def test_there_are_enough_of_them() -> None:
    assert len(CONFUSING) > 60


@pytest.mark.parametrize("url", PLAIN)
def test_other_programs_take_a_plain_address_to_lead_there_too(url: str) -> None:
    origin = origin_of(url)
    assert others(url) == {(origin.scheme, origin.host, origin.port)}


def others(url: str) -> set[tuple[str | None, str, int]]:
    """Tell where urllib3, the standard library's parser and its client think that *url* leads."""
    split, parsed = urlsplit(url), parse_url(url)
    default = {"http": 80, "https": 443}[split.scheme]
    client = HTTPConnection(split.netloc)
    hosts = [
        (split.scheme, split.hostname or "", split.port or default),
        (parsed.scheme, parsed.host or "", parsed.port or default),
        (split.scheme, client.host, client.port if split.port else default),
    ]
    return {(scheme, canonical(host), port) for scheme, host, port in hosts}


def canonical(host: str) -> str:
    """Write a host as an origin has it: IP addresses by the usual spelling."""
    plain = host.strip("[]").removesuffix(".").lower()
    return origin_of(f"https://[{plain}]").host if ":" in plain else plain


pieces = st.sampled_from(
    [
        "https", "http", "://", "//", ":", "/", "\\", "@", "?", "#", ".", "good.org", "evil.org", "127.0.0.1",
        "[::1]", "[", "]", "%40", "%2f", "443", "0", "é", "。", " ", "\t", "&", ";", "user", "-", "_", "x",
    ]
)  # fmt: skip


@given(st.lists(pieces, max_size=9).map("".join), st.sampled_from(["https://", "http://", ""]))
def test_whatever_is_accepted_leads_other_programs_to_the_same_place(rest: str, start: str) -> None:
    url = start + rest
    try:
        origin = origin_of(url)
    except ValueError:
        return
    try:
        assert others(url) == {(origin.scheme, origin.host, origin.port)}
    except LocationParseError:
        return  # it is asked for nothing then


@given(st.text())
def test_any_text_has_an_origin_or_a_value_error(text: str) -> None:
    try:
        origin = origin_of(text)
    except ValueError:
        return
    assert origin.scheme in {"http", "https"}
    assert origin.host


@pytest.mark.parametrize("url", PLAIN)
def test_an_origin_is_the_origin_of_its_own_text(url: str) -> None:
    assert origin_of(str(origin_of(url))) == origin_of(url)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("good.org", GOOD),
        ("Good.Org.", GOOD),
        ("good.org:8443", Origin("https", "good.org", 8443)),
        ("https://good.org/nbia-api", GOOD),
        ("localhost:8080", Origin("https", "localhost", 8080)),
        ("http://127.0.0.1:8080", Origin("http", "127.0.0.1", 8080)),
        ("[::1]:8443", Origin("https", "::1", 8443)),
    ],
)
def test_a_user_names_an_origin_by_its_host_or_its_address(text: str, origin: Origin) -> None:
    assert named_origin(text) == origin


@pytest.mark.parametrize("text", ["", "*.org", "good.org,evil.org", "user@good.org", "ftp://good.org", "*"])
def test_what_is_no_host_cannot_be_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        named_origin(text)


def test_plain_http_cannot_be_named() -> None:
    with pytest.raises(ValueError, match="plain http"):
        named_origin("http://good.org")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "https://LOCALHOST.:1",
        "http://127.0.0.1:80",
        "https://127.9.9.9",
        "http://[::1]:5",
        "http://[::ffff:127.0.0.1]",
    ],
)
def test_this_machine_is_loopback(url: str) -> None:
    assert is_loopback(origin_of(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost.example.org",
        "http://x.localhost",
        "http://10.0.0.1",
        "http://169.254.169.254",
        "http://[fe80::1]",
        "http://[::ffff:10.0.0.1]",
        "http://[::2]",
    ],
)
def test_other_machines_are_not_loopback(url: str) -> None:
    assert not is_loopback(origin_of(url))


def test_secrets_are_kept_by_https_and_by_this_machine() -> None:
    assert keeps_secrets(Origin("https", "a.org", 443))
    assert keeps_secrets(Origin("http", "127.0.0.1", 80))
    assert not keeps_secrets(Origin("http", "a.org", 80))


ARCHIVE = Origin("https", "archive.example.org", 443)
TCIA = Origin("https", "services.cancerimagingarchive.net", 443)


@pytest.mark.parametrize(
    ("url", "standing"),
    [
        ("https://services.cancerimagingarchive.net/x", Standing.KNOWN),
        ("https://nlst.cancerimagingarchive.net", Standing.KNOWN),
        ("https://SERVICES.cancerimagingarchive.net./", Standing.KNOWN),
        ("http://services.cancerimagingarchive.net", Standing.UNENCRYPTED),
        ("https://services.cancerimagingarchive.net:8443", Standing.UNKNOWN),
        ("https://anything.cancerimagingarchive.net", Standing.UNKNOWN),
        ("https://services.cancerimagingarchive.net.evil.org", Standing.UNKNOWN),
        ("https://services-cancerimagingarchive.net", Standing.UNKNOWN),
        ("https://evil.org/services.cancerimagingarchive.net", Standing.UNKNOWN),
        ("http://127.0.0.1:1234", Standing.LOOPBACK),
        ("https://localhost", Standing.LOOPBACK),
        ("https://169.254.169.254", Standing.UNKNOWN),
        ("https://10.0.0.1", Standing.UNKNOWN),
        ("https://archive.example.org", Standing.UNKNOWN),
    ],
)
def test_the_standing_of_an_origin_that_nobody_named(url: str, standing: Standing) -> None:
    assert Trust().standing(origin_of(url)) is standing


def test_an_origin_may_be_remembered_or_named() -> None:
    assert Trust(remembered={ARCHIVE}).standing(ARCHIVE) is Standing.REMEMBERED
    assert Trust(named={ARCHIVE}).standing(ARCHIVE) is Standing.NAMED
    assert (
        Trust(remembered={ARCHIVE}, named={TCIA}).standing(Origin("https", "x.org", 443)) is Standing.UNKNOWN
    )


@pytest.mark.parametrize(
    "other",
    [
        Origin("http", "archive.example.org", 443),
        Origin("http", "archive.example.org", 80),
        Origin("https", "archive.example.org", 8443),
        Origin("https", "www.archive.example.org", 443),
        Origin("https", "example.org", 443),
    ],
)
def test_trust_is_in_one_origin_not_in_its_neighbours(other: Origin) -> None:
    trust = Trust({ARCHIVE}, {ARCHIVE})
    assert not trust.standing(other).may_have_credentials
    with pytest.raises(LoginError):
        trust.check(other)


def test_plain_http_gets_no_login_whoever_named_it() -> None:
    plain = Origin("http", "archive.example.org", 80)
    trust = Trust({plain}, {plain})
    with pytest.raises(LoginError, match="not encrypted"):
        trust.check(plain)


def test_who_is_not_known_is_told_how_to_be() -> None:
    with pytest.raises(LoginError, match="no login is sent") as caught:
        Trust().check(ARCHIVE)
    assert caught.value.advice.endswith("--allow-host archive.example.org")
    assert caught.value.subject == "https://archive.example.org"


@pytest.mark.parametrize("origin", [*sorted(KNOWN_ARCHIVES, key=str), Origin("http", "127.0.0.1", 5)])
def test_who_is_known_passes(origin: Origin) -> None:
    Trust().check(origin)
    assert Trust().standing(origin).may_have_credentials
