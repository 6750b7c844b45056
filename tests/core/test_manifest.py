"""A manifest as it was found: its name and its text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.manifest import ManifestSource


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("manifest-1716902331457.tcia", "manifest-1716902331457"),
        ("my cart.v2.tcia", "my cart.v2"),
        ("cart", "cart"),
        ("", "cart"),
        ("/", "cart"),
        ("/downloads/kidney.tcia", "kidney"),
    ],
)
def test_the_stem_names_the_carts_folder(name: str, stem: str) -> None:
    assert ManifestSource(name, b"").stem == stem


@given(st.text().filter(lambda text: not text.startswith("\ufeff")), st.sampled_from([b"", codecs.BOM_UTF8]))
def test_utf_8_is_read_with_and_without_its_mark(text: str, mark: bytes) -> None:
    assert ManifestSource("cart.tcia", mark + text.encode()).text() == text


def test_what_is_not_utf_8_is_latin() -> None:
    assert ManifestSource("cart.tcia", b"Universit\xe4t").text() == "Universit\u00e4t"


@given(st.binary())
def test_any_bytes_are_some_text(content: bytes) -> None:
    assert isinstance(ManifestSource("cart.tcia", content).text(), str)


def test_a_source_is_shown_without_its_content() -> None:
    shown = repr(ManifestSource("cart.tcia", b"1.2.3\n" * 1000))
    assert "<6000 bytes>" in shown
    assert len(shown) < 100
