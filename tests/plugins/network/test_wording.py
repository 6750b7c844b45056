from __future__ import annotations

import ssl
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import ProtocolError, SSLError

from cartload.errors import TransportError, UnreachableError
from cartload_plugins.network.wording import broken, place, quoted, seconds_to_wait


@given(st.text(max_size=600))
def test_a_quote_is_one_short_line_without_control_characters(text: str) -> None:
    said = quoted(text)
    assert len(said) <= 160
    assert not any(unicodedata.category(character).startswith("C") for character in said)
    assert said == " ".join(said.split())


@given(st.text(max_size=200))
def test_a_place_is_told_of_any_text(text: str) -> None:
    assert len(place(f"http://{text}")) <= 200


@given(st.text(alphabet="<>/scriptheadyl !", max_size=300))
def test_markup_never_survives_whole(text: str) -> None:
    assert "<script>" not in quoted(text)


def test_a_place_has_no_user_query_or_fragment() -> None:
    assert place("https://me:secret@a.org:8443/x/y?token=1#z") == "https://a.org:8443/x/y"


def test_a_hostile_page_is_quoted_in_no_time() -> None:
    assert quoted("<script" * 1_000_000) is not None


@given(st.text(max_size=40))
def test_any_retry_after_is_read_or_left_out(text: str) -> None:
    seconds = seconds_to_wait(text, 0)
    assert seconds is None or seconds >= 0


def test_a_certificate_error_says_why() -> None:
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    cause.verify_message = "certificate has expired"
    error = broken(SSLError(cause), "https://a.org/")
    assert isinstance(error, UnreachableError)
    assert "certificate has expired" in str(error)
    assert not error.retryable


def test_an_encrypted_connection_that_breaks_can_be_tried_again() -> None:
    assert broken(SSLError(ssl.SSLEOFError(8, "EOF occurred")), "https://a.org/").retryable


def test_what_the_library_says_is_not_repeated() -> None:
    error = broken(ProtocolError("https://a.org/?token=canary"), "https://a.org/?token=canary")
    assert type(error) is TransportError
    assert "canary" not in str(error)
