from __future__ import annotations

import pytest
from urllib3.util import parse_url

from cartload.errors import TransportError
from cartload.ports import Request
from cartload_plugins.network import redirects
from cartload_plugins.network.redirects import checked_origin, redirected


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


def test_an_address_that_the_library_would_take_to_lead_elsewhere_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redirects, "parse_url", lambda _: parse_url("https://b.org/"))
    with pytest.raises(TransportError, match="not an address"):
        checked_origin("https://a.org/")
