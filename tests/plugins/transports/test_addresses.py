from __future__ import annotations

import pytest

from cartload.errors import UnsupportedError
from cartload_plugins.transports.addresses import ArchiveAddresses


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/nbia-download/servlet/DownloadServlet",
        "/nbia-download/servlet/DownloadServletV4",
        "/nbia-download/servlet/DownloadServletVersion",
        "/nbia-api",
        "/nbia-api/",
        "/nbia-api/services",
        "/nbia-api/services/v4",
    ],
)
def test_both_doors_are_found_from_any_address_of_an_archive(path: str) -> None:
    found = ArchiveAddresses.of(f"https://nbia.example.org:8443{path}")
    assert found.servlet == "https://nbia.example.org:8443/nbia-download/servlet/DownloadServlet"
    assert found.services == "https://nbia.example.org:8443/nbia-api/services"


def test_an_archive_may_live_below_a_path() -> None:
    found = ArchiveAddresses.of("http://example.org/imaging/nbia-download/servlet/DownloadServlet")
    assert found.services == "http://example.org/imaging/nbia-api/services"


@pytest.mark.parametrize(
    "url",
    ["", "nbia.example.org", "https://example.org/search", "https://example.org/nbia-download", "https:///x"],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UnsupportedError):
        ArchiveAddresses.of(url)
