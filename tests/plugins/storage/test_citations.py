"""What the CITATION file of a collection says; it grows without repetition, and nothing in it does harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import License
from cartload.testing.staged import series_record
from cartload.version import __version__
from cartload_plugins.storage.citations import Citations
from cartload_plugins.storage.collection_files import lines, one_line

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.model import SeriesRecord

SERVER = "https://archive.example/nbia-download/servlet/DownloadServlet?user=ann"
DAY = 1_700_000_000.0
LATER = DAY + 7 * 86_400
CC_BY = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


def described(uri: str | None, *, licence: License | None = CC_BY, collection: str = "TEST") -> SeriesRecord:
    return evolve(series_record(collection=collection), data_description_uri=uri, license=licence)


def citations(root: Path) -> Citations:
    made = Citations(root)
    made.begin(SERVER)
    return made


def text(root: Path, collection: str = "TEST") -> str:
    return (root / collection / "CITATION").read_text(encoding="utf-8")


def test_it_says_what_the_archive_told_and_nothing_else(tmp_path: Path) -> None:
    citations(tmp_path).keep(described("https://doi.org/10.7937/lung-1.2024"), DAY)
    heading, told = text(tmp_path).split("\n\nCollection: ", 1)
    assert heading.startswith("Citation\n\nCite the data")
    assert told.splitlines() == [
        "TEST",
        "Data description: https://doi.org/10.7937/lung-1.2024",
        "Licence: CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)",
        f"Downloaded: from https://archive.example with cartload {__version__}, first on 2023-11-14",
    ]


@pytest.mark.parametrize(
    "uri",
    [
        "https://doi.org/10.7937/K9/TCIA.2015",
        "http://dx.doi.org/10.7937/K9/TCIA.2015",
        "doi:10.7937/K9/TCIA.2015",
        "DOI: 10.7937/K9/TCIA.2015",
        "doi.org/10.7937/K9/TCIA.2015",
        " 10.7937/K9/TCIA.2015 ",
    ],
)
def test_a_doi_in_any_form_is_written_as_the_address_that_resolves_it(tmp_path: Path, uri: str) -> None:
    citations(tmp_path).keep(described(uri), DAY)
    assert "Data description: https://doi.org/10.7937/K9/TCIA.2015\n" in text(tmp_path)


@pytest.mark.parametrize(
    "uri", ["https://archive.example/lung", "see our wiki", "https://doi.org/", "10.1/x"]
)
def test_what_is_no_doi_stays_as_the_archive_says_it(tmp_path: Path, uri: str) -> None:
    citations(tmp_path).keep(described(uri), DAY)
    assert f"Data description: {uri}\n" in text(tmp_path)


def test_every_description_and_licence_of_a_collection_is_told_once(tmp_path: Path) -> None:
    made = citations(tmp_path)
    for uri, licence in (("doi:10.1000/a", CC_BY), ("doi:10.1000/b", CC_BY), ("doi:10.1000/a", None)) * 2:
        made.keep(described(uri, licence=licence), DAY)
    told = text(tmp_path)
    assert [told.count(f"https://doi.org/10.1000/{name}\n") for name in "ab"] == [2, 1]
    assert told.count("Licence: the archive states none\n") == 1


def test_a_collection_without_a_description_says_so(tmp_path: Path) -> None:
    citations(tmp_path).keep(described(None), DAY)
    assert "Data description: the archive tells of none\n" in text(tmp_path)


def test_a_later_run_changes_nothing_unless_there_is_something_new(tmp_path: Path) -> None:
    citations(tmp_path).keep(described("doi:10.1000/a"), DAY)
    path = tmp_path / "TEST" / "CITATION"
    before, written = path.read_bytes(), path.stat().st_ino
    citations(tmp_path).keep(described("doi:10.1000/a"), LATER)
    assert (path.read_bytes(), path.stat().st_ino) == (before, written)
    citations(tmp_path).keep(described("doi:10.1000/b"), LATER)
    assert path.read_bytes().startswith(before)
    assert path.read_bytes().count(b"first on 2023-11-21") == 1


def test_what_stands_in_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "TEST").mkdir()
    (tmp_path / "TEST" / "CITATION").write_bytes(b"written by hand \xff\r\n")
    citations(tmp_path).keep(described("doi:10.1000/a"), DAY)
    assert (
        (tmp_path / "TEST" / "CITATION")
        .read_bytes()
        .startswith(b"written by hand \xff\r\n\nCollection: TEST\n")
    )


def test_a_server_without_an_address_is_not_made_up(tmp_path: Path) -> None:
    made = Citations(tmp_path)
    made.begin("")
    made.keep(described("doi:10.1000/a"), DAY)
    assert f"Downloaded: with cartload {__version__}, first on" in text(tmp_path)


def test_a_description_that_steers_or_forges_lines_is_one_harmless_line(tmp_path: Path) -> None:
    hostile = "https://doi.org/10.1000/a\x1b[2J\nLicence: CC0\u202e\ud800" + "x" * 10_000
    citations(tmp_path).keep(described(hostile, collection="LU\x1bNG\nLicence: none"), DAY)
    (path,) = tmp_path.rglob("CITATION")
    told = path.read_text(encoding="utf-8")
    assert [line.partition(":")[0] for line in told.splitlines()[-4:]] == [
        "Collection", "Data description", "Licence", "Downloaded",
    ]  # fmt: skip
    assert not set("\x1b\u202e") & set(told)
    assert len(told) < 5_000


@given(st.text())
def test_any_value_becomes_one_line_that_can_be_written(value: str) -> None:
    line = one_line(value)
    line.encode()
    assert line.splitlines() in ([line], [])


@given(st.text())
def test_any_text_keeps_its_lines_and_can_be_written(value: str) -> None:
    told = lines(value)
    told.encode()
    assert len(told.splitlines()) == len(value.rstrip().splitlines())
