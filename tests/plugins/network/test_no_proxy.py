from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.origins import origin_of
from cartload_plugins.network.no_proxy import is_excepted

ARCHIVE = "https://nbia.example.org"


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        (ARCHIVE, "nbia.example.org"),
        (ARCHIVE, "NBIA.Example.ORG"),
        (ARCHIVE, "example.org"),
        (ARCHIVE, ".example.org"),
        (ARCHIVE, "*.example.org"),
        (ARCHIVE, "example.org."),
        (ARCHIVE, "other.net, example.org"),
        (ARCHIVE, "other.net example.org"),
        (ARCHIVE, "nbia.example.org:443"),
        (ARCHIVE, ".example.org:443"),
        (ARCHIVE, "*"),
        (ARCHIVE, "a.org,*"),
        ("http://nbia.example.org", "nbia.example.org:80"),
        ("https://10.1.2.3", "10.1.2.3"),
        ("https://10.1.2.3:8443", "10.1.2.3:8443"),
        ("https://10.1.2.3", "10.0.0.0/8"),
        ("https://10.1.2.3", "10.1.2.99/24"),
        ("https://[::1]", "::1"),
        ("https://[::1]", "[::1]"),
        ("https://[::1]:8443", "[::1]:8443"),
        ("https://[fd00::7]", "fd00::/8"),
        ("https://[fd00:0:0::7]", "FD00::7"),
        ("https://[::ffff:10.1.2.3]", "10.0.0.0/8"),
        ("https://localhost", "localhost"),
    ],
)
def test_what_is_listed_is_excepted(url: str, listed: str) -> None:
    assert is_excepted(origin_of(url), listed)


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        (ARCHIVE, ""),
        (ARCHIVE, " , ,"),
        (ARCHIVE, "."),
        (ARCHIVE, "*."),
        (ARCHIVE, "ample.org"),
        (ARCHIVE, "org.example"),
        (ARCHIVE, "www.nbia.example.org"),
        (ARCHIVE, "nbia.example.org:80"),
        (ARCHIVE, "nbia.example.org:8443"),
        (ARCHIVE, "10.0.0.0/8"),
        (ARCHIVE, "nbia.*.org"),
        ("https://10.1.2.3", "10.1.2"),
        ("https://10.1.2.3", "2.3"),
        ("https://10.1.2.3", "11.0.0.0/8"),
        ("https://10.1.2.3", "10.0.0.0/99"),
        ("https://10.1.2.3:8443", "10.1.2.3:443"),
        ("https://[::1]", "127.0.0.1"),
        ("https://[::1]", "[::1]:80"),
        ("https://[::1]", "fe80::1%eth0"),
    ],
)
def test_what_is_not_listed_is_not_excepted(url: str, listed: str) -> None:
    assert not is_excepted(origin_of(url), listed)


@given(st.text(max_size=60))
def test_any_list_can_be_read(listed: str) -> None:
    assert is_excepted(origin_of(ARCHIVE), listed) in {True, False}
