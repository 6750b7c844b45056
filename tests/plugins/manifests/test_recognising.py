"""Each file is recognised by one reader at most, so the order of the readers is of no account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cartload_plugins.manifests
from cartload import registry
from cartload.manifest import ManifestSource
from cartload.ports import ManifestReader, ReaderContext

if TYPE_CHECKING:
    from collections.abc import Callable

LOADED = registry.load([registry.Source("manifests", cartload_plugins.manifests)])
READERS = {
    name: registry.make(LOADED.manifest_readers, name, ReaderContext(), {})
    for name in LOADED.manifest_readers
}


def recognised_by(source: ManifestSource) -> list[str]:
    return [name for name, reader in READERS.items() if reader.recognises(source)]


def test_three_readers_are_offered() -> None:
    assert not LOADED.failures
    assert sorted(READERS) == ["tcia", "uids", "xml"]
    assert all(isinstance(reader, ManifestReader) for reader in READERS.values())


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("plain.tcia", "tcia"),
        ("crlf-commas-quotes.tcia", "tcia"),
        ("old-mac-line-ends.tcia", "tcia"),
        ("byte-order-mark.tcia", "tcia"),
        ("by-hand.tcia", "tcia"),
        ("no-version.tcia", "tcia"),
        ("version-1-unsaid.tcia", "tcia"),
        ("collection.xml", "xml"),
        ("login-page.tcia", "xml"),
        ("uids.txt", "uids"),
    ],
)
def test_an_example_is_recognised_by_its_reader(
    example: Callable[[str], ManifestSource], name: str, reader: str
) -> None:
    assert recognised_by(example(name)) == [reader]


@pytest.mark.parametrize(
    ("name", "content", "readers"),
    [
        ("cart.txt", b"downloadServerUrl=x", ["tcia"]),
        ("cart", b"\n# c\n  LISTOFSERIESTODOWNLOAD\n1.2", ["tcia"]),
        ("CART.TCIA", b"", ["tcia"]),
        ("old.manifest", b"\x00", ["tcia"]),
        ("list.tcia", b"1.2.3\n1.2.4", ["uids"]),
        ("list.csv", b'\xef\xbb\xbf"Series UID"\n"1.2.3"', ["uids"]),
        ("page.txt", b"\xef\xbb\xbf \n<html>", ["xml"]),
        ("notes.txt", b"dear all", []),
        ("empty", b"", []),
    ],
)
def test_a_file_is_recognised_by_what_is_in_it_then_by_its_name(
    name: str, content: bytes, readers: list[str]
) -> None:
    assert recognised_by(ManifestSource(name, content)) == readers


@given(
    st.sampled_from(["a.tcia", "a.txt", "a.xml", "a"]),
    st.binary(max_size=100)
    | st.text("<1.2\n =:#", max_size=30).map(str.encode)
    | st.lists(st.sampled_from([b"<", b"1.2", b"downloadServerUrl=", b"\n", b" "])).map(b"".join),
)
def test_no_file_is_recognised_by_two_readers(name: str, content: bytes) -> None:
    assert len(recognised_by(ManifestSource(name, content))) <= 1
