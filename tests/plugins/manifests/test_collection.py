"""Collections name carts by their addresses; only addresses that can be trusted are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import ManifestError, UnreachableError
from cartload.manifest import ManifestSource
from cartload_plugins.manifests.collection import CollectionReader
from cartload_plugins.manifests.tcia import TciaReader

if TYPE_CHECKING:
    from collections.abc import Callable

    Example = Callable[[str], ManifestSource]

HOST = "https://archive.example.org"
SERVLET = f"{HOST}/nbia-download/servlet/DownloadServlet"
FIRST = f"{HOST}/carts/first.tcia"
SECOND = f"{HOST}/carts/second.tcia"


def cart(*uids: str, server: str = SERVLET, header: str = "") -> bytes:
    listed = "\n".join(uids)
    return f"downloadServerUrl={server}\n{header}\nListOfSeriesToDownload=\n{listed}\n".encode()


def reader(carts: dict[str, bytes]) -> CollectionReader:
    return CollectionReader(carts.__getitem__, TciaReader())


def collection(*addresses: str) -> ManifestSource:
    urls = "".join(f"<URL>{address}</URL>" for address in addresses)
    return ManifestSource("collection.xml", f"<TCIACollection>{urls}</TCIACollection>".encode())


def refused(source: ManifestSource, carts: dict[str, bytes] | None = None) -> ManifestError:
    with pytest.raises(ManifestError) as caught:
        reader(carts or {}).read(source)
    assert caught.value.subject == source.name
    return caught.value


def test_the_carts_of_one_archive_are_joined(example: Example) -> None:
    source = example("collection.xml")
    manifest = reader(
        {
            FIRST: cart("1.1", "1.2", header="includeAnnotation=false\nnoOfrRetry=2\ndatabasketId=a"),
            SECOND: cart("1.2", "1.3", header="includeAnnotation=true\nnoOfrRetry=5\ndatabasketId=b"),
        }
    ).read(source)
    assert manifest.source is source
    assert manifest.server_url == SERVLET
    assert manifest.series == ("1.1", "1.2", "1.3")
    assert manifest.transports == ("nbia", "nbia-rest")
    assert (manifest.include_annotations, manifest.attempts, manifest.basket_id) == (True, 5, "a")


def test_what_a_cart_does_not_say_is_not_said() -> None:
    manifest = reader({FIRST: cart("1.1")}).read(collection(FIRST))
    assert (manifest.include_annotations, manifest.attempts, manifest.basket_id) == (None, None, None)


def test_the_warnings_of_the_carts_are_kept() -> None:
    manifest = reader({FIRST: cart("1.1", "1.1"), SECOND: cart("1.2", "1.2")}).read(collection(FIRST, SECOND))
    assert manifest.warnings == ("1 series is listed more than once; each is retrieved once.",)


def test_a_name_space_is_of_no_account() -> None:
    text = f'<t:TCIACollection xmlns:t="urn:x"><t:url>{FIRST}</t:url></t:TCIACollection>'
    assert reader({FIRST: cart("1.1")}).read(ManifestSource("c", text.encode())).series == ("1.1",)


def test_carts_of_several_archives_are_refused() -> None:
    other = cart("1.2", server="https://other.example.org/nbia-download/servlet/DownloadServlet")
    error = refused(collection(FIRST, SECOND), {FIRST: cart("1.1"), SECOND: other})
    assert "several archives" in error.what


def test_entities_are_refused_before_they_are_parsed(example: Example) -> None:
    error = refused(example("entities.xml"))
    assert [str(fault) for fault in error.faults] == [
        "line 2: it declares a document type, as web pages do and carts do not"
    ]


def test_a_web_page_is_refused_with_advice(example: Example) -> None:
    error = refused(example("login-page.tcia"))
    assert "'html', not TCIACollection" in error.what
    assert "logged in" in error.advice


@pytest.mark.parametrize("text", ["<TCIACollection>", "<", "<a b=>", "<TCIACollection>\x00</TCIACollection>"])
def test_broken_markup_is_refused_with_its_line(text: str) -> None:
    assert refused(ManifestSource("c.xml", text.encode())).faults[0].line == 1


@pytest.mark.parametrize("addresses", [(), tuple(f"{HOST}/{number}" for number in range(101))])
def test_a_collection_of_no_cart_or_of_very_many_is_refused(addresses: tuple[str, ...]) -> None:
    assert "carts, not 1 to 100" in refused(collection(*addresses)).what


def test_a_large_collection_is_refused_unread() -> None:
    assert "larger than 1 MiB" in refused(ManifestSource("c.xml", b"<" + bytes(1024 * 1024))).what


def test_deeply_nested_markup_does_no_harm() -> None:
    text = "<TCIACollection>" + "<a>" * 100_000 + "</a>" * 100_000 + "</TCIACollection>"
    assert "names 0 carts" in refused(ManifestSource("c.xml", text.encode())).what


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("http://archive.example.org/a.tcia", "not encrypted"),
        ("file:///etc/passwd", "not an absolute http(s) address"),
        ("", "empty"),
        ("https://ana:secret@archive.example.org/a", "user name or password"),
        ("https://archive.example.org/a b", "not a plain address"),
    ],
)
def test_an_address_that_cannot_be_trusted_is_not_asked(address: str, what: str) -> None:
    error = refused(collection(FIRST, address))
    assert len(error.faults) == 1
    assert what in error.what
    assert "secret" not in str(error)


def test_an_address_of_this_machine_may_be_unencrypted() -> None:
    local = "http://127.0.0.1:8042/a.tcia"
    assert reader({local: cart("1.1")}).read(collection(local)).series == ("1.1",)


def test_what_is_not_a_cart_is_refused_by_its_address() -> None:
    for content in (b"<html>", b"1.2.3", collection(SECOND).content):
        assert "first.tcia' is not a cart" in refused(collection(FIRST), {FIRST: content}).what


def test_the_faults_of_a_cart_name_its_address() -> None:
    error = refused(collection(FIRST), {FIRST: cart("x", "y")})
    assert [str(fault) for fault in error.faults] == [
        f"in the cart at {FIRST!r}: line 4: 'x' is not a series UID",
        f"in the cart at {FIRST!r}: line 5: 'y' is not a series UID",
    ]


def test_an_archive_that_does_not_answer_is_told() -> None:
    def fetch(_address: str) -> bytes:
        raise UnreachableError("no answer.", advice="Check the network.")

    with pytest.raises(ManifestError, match="could not be had: no answer") as caught:
        CollectionReader(fetch, TciaReader()).read(collection(FIRST))
    assert caught.value.advice == "Check the network."


@given(st.binary(max_size=200) | st.text("<>/!&;TCIAColetinURLDOYPE ", max_size=60).map(str.encode))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    refused(ManifestSource("c.xml", content))
