"""Plain lists of UIDs need the name of an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import ManifestError
from cartload.manifest import ManifestSource
from cartload_plugins.manifests.servers import servlet_address
from cartload_plugins.manifests.uids import UidsReader

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "https://archive.example.org"
SERVLET = f"{HOST}/nbia-download/servlet/DownloadServlet"


def test_a_list_is_read_with_comments_headings_commas_and_blanks(
    example: Callable[[str], ManifestSource],
) -> None:
    manifest = UidsReader(HOST).read(example("uids.txt"))
    assert manifest.series == (
        "1.3.6.1.4.1.99999.7.1.418205930276151884027365910002",
        "1.3.6.1.4.1.99999.7.1.733014958260117482950362718445",
        "1.3.6.1.4.1.99999.7.1.902746158302917465028374651093",
    )
    assert manifest.server_url == SERVLET
    assert manifest.transports == ("nbia", "nbia-rest")
    assert (manifest.version, manifest.attempts, manifest.basket_id) == (None, None, None)


def test_repeated_series_get_a_warning() -> None:
    assert "1 series is listed" in UidsReader(HOST).read(ManifestSource("u", b"1.2 1.2 1.3")).warnings[0]


def test_a_list_without_an_archive_says_how_to_name_it() -> None:
    with pytest.raises(ManifestError, match="which archive") as caught:
        UidsReader().read(ManifestSource("uids.txt", b"1.2.3"))
    assert "--server" in caught.value.advice


def test_every_fault_is_told_with_its_line() -> None:
    with pytest.raises(ManifestError) as caught:
        UidsReader().read(ManifestSource("uids.txt", b"1.2.3\nx\n1..2\n"))
    assert [fault.line for fault in caught.value.faults] == [2, 3, None]


def test_a_list_of_nothing_is_a_fault() -> None:
    with pytest.raises(ManifestError, match="no series UID"):
        UidsReader(HOST).read(ManifestSource("uids.txt", b"# nothing\n"))


@pytest.mark.parametrize(
    "server", ["archive.example.org", "ftp://archive.example.org", "https://a:secret@b/"]
)
def test_a_server_that_cannot_be_used_is_refused(server: str) -> None:
    with pytest.raises(ManifestError, match="cannot be used") as caught:
        UidsReader(server).read(ManifestSource("uids.txt", b"1.2.3"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        HOST,
        f"{HOST}/",
        f"{HOST}/nbia-api",
        f"{HOST}/nbia-api/",
        f"{HOST}/nbia-api/services/v2",
        SERVLET,
        f"{SERVLET}/",
        f"{SERVLET}V4",
    ],
)
def test_any_door_of_an_archive_means_its_servlet(address: str) -> None:
    assert servlet_address(address) == SERVLET


def test_an_archive_below_a_path_and_an_unknown_address_are_kept() -> None:
    assert (
        servlet_address(f"{HOST}:8443/x/nbia-api") == f"{HOST}:8443/x/nbia-download/servlet/DownloadServlet"
    )
    assert servlet_address(f"{HOST}/other") == f"{HOST}/other"


@given(st.binary(max_size=200) | st.text("0123456789.,;# \n\r", max_size=60).map(str.encode))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    try:
        manifest = UidsReader(HOST).read(ManifestSource("uids.txt", content))
    except ManifestError as error:
        assert error.faults  # noqa: PT017 - it need not be raised
    else:
        assert manifest.series
