from __future__ import annotations

import pytest

from cartload.errors import TransportError
from cartload.model import Origin
from cartload.ports import Request
from cartload_plugins.network.redirects import checked_origin, is_loopback, keeps_secrets, redirected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://a.org/x", "https://a.org/y"),
        ("https://a.org/x", "https://b.org/y"),
        ("http://a.org/x", "https://a.org/x"),
        ("http://a.org/x", "http://a.org/y"),
        ("http://127.0.0.1:1/x", "http://127.0.0.1:2/x"),
        ("http://localhost/x", "http://[::1]/x"),
        ("https://a.org/x", "y?z=1"),
        ("https://a.org/x", "//b.org/y"),
    ],
)
def test_safe_redirects_are_followed(old: str, new: str) -> None:
    assert redirected(Request("GET", old), new, 302).url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://a.org/x", "http://a.org/x"),
        ("https://a.org/x", "http://b.org/x"),
        ("http://a.org/x", "http://b.org/x"),
        ("https://a.org/x", "http://127.0.0.1/x"),
        ("https://a.org/x", "https://127.0.0.1/x"),
        ("http://a.org/x", "http://localhost/x"),
        ("http://a.org/x", "http://a.org:8080/x"),
        ("https://localhost/x", "http://localhost/x"),
        ("https://a.org/x", "javascript:alert(1)"),
        ("https://a.org/x", "data:text/plain,x"),
    ],
)
def test_unsafe_redirects_are_not_followed(old: str, new: str) -> None:
    with pytest.raises(TransportError):
        redirected(Request("GET", old), new, 302)


def test_a_refused_redirect_names_both_places_without_queries() -> None:
    with pytest.raises(TransportError) as caught:
        redirected(Request("GET", "https://a.org/x?token=1"), "http://b.org/y?token=2", 302)
    assert "https://a.org/x" in str(caught.value)
    assert "http://b.org/y" in str(caught.value)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://localhost", "http://127.0.0.1:80", "https://127.9.9.9", "http://[::1]:5"]
)
def test_this_machine_is_loopback(url: str) -> None:
    assert is_loopback(checked_origin(url))


@pytest.mark.parametrize("url", ["http://localhost.example.org", "http://10.0.0.1", "http://[fe80::1]"])
def test_other_machines_are_not_loopback(url: str) -> None:
    assert not is_loopback(checked_origin(url))


def test_secrets_are_kept_by_https_and_by_this_machine() -> None:
    assert keeps_secrets(Origin("https", "a.org", 443))
    assert keeps_secrets(Origin("http", "127.0.0.1", 80))
    assert not keeps_secrets(Origin("http", "a.org", 80))
