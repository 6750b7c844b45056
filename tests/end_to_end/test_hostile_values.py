"""T6, T7, T8, T19: what the values of an archive would do as names, and what others put in the way.

Every value lands in a folder of its own, inside the destination, under names that every system takes.
"""

from __future__ import annotations

import csv
import os
import sys
from itertools import pairwise, product
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload import paths
from cartload.testing.archive import Annotation, ArchiveSeries
from in_process import Way, bring_home, cart_of
from no_network import SERVLET, without_network
from small_carts import a_catalogue, a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _pytest.mark import ParameterSet

    from cartload.testing.archive import Catalogue
    from in_process import Ended

HOSTILE = (
    "../..",
    "..",
    ".",
    "/etc/passwd",
    "C:\\Windows",
    "\\\\host\\share",
    "CON",
    "con.txt",
    "NUL.",
    "COM¹",
    "aux ",
    "trailing dot.",
    "trailing blanks   ",
    " leading",
    ".hidden",
    ".cartload",
    "LICENSE",
    "Citation",
    "metadata.csv",
    "a:stream",
    'all of <>:"/|?*',
    "PROGRA~1",
    "zero\u0000byte",
    "escape\u001b[2J",
    "bell\u0007",
    "c1\u009b31m",
    "right\u202eleft",
    "isolate\u2066x\u2069",
    "zero\u200bwidth",
    "soft\u00adhyphen",
    "e\u0301 decomposed",
    "\u00e9 decomposed",
    "CASE",
    "case",
    "Stra\u00dfe",
    "STRASSE",
    "\ufb01sh",
    "fish",
    "\u212b angstrom",
    "\u00c5 angstrom",
    "\u4e2d" * 100,
    "n" * 300,
    "n" * 299 + "m",
    "\U0001f9e0" * 90,
    "\ufffe",
    "\ue000private",
    "$HOME",
    "~",
    "`id`",
    "%2e%2e%2f",
    "--help",
    "-rf",
)
NAMINGS = {
    "descriptive": Way(transport="nbia-rest"),
    "classic": Way(transport="nbia-rest", naming="classic"),
    "template": Way(
        transport="nbia-rest",
        naming="template",
        template="{collection}/{patient_id}/{study_description}/{series_description}/{manufacturer}/{ordinal}.dcm",
    ),
}
every_naming = pytest.mark.parametrize("way", NAMINGS.values(), ids=NAMINGS)


def described_alike(value: str, number: int) -> ArchiveSeries:
    """Make a series all of whose texts are *value*."""
    stored = a_series(a_record(number), 2)
    record = evolve(
        stored.record,
        collection=value,
        patient_id=value,
        study_description=value,
        series_description=value,
        manufacturer=value,
        study_id=value,
    )
    return evolve(stored, record=record)


def held(catalogue: Catalogue) -> list[bytes]:
    return sorted(image.read() for series in catalogue.series.values() for image in series.images)


def run(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue, folder: Path, way: Way) -> Ended:
    without_network(monkeypatch, catalogue, lambda _, body: body)
    return bring_home(cart_of(catalogue, SERVLET), folder, way)


@every_naming
def test_hostile_values_land_safely_apart_and_inside_the_destination(
    way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = a_catalogue(described_alike(value, number) for number, value in enumerate(HOSTILE))
    ended = run(monkeypatch, catalogue, tmp_path / "a" / "b", way)
    assert ended.exit_code == 0, [one.reason for one in ended.report.shortfalls]
    assert sorted(ended.images.values()) == held(catalogue)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["cart"]
    folders = sorted(ended.series)
    assert len(folders) == len(HOSTILE)
    assert len({paths.collision_key(folder) for folder in folders}) == len(HOSTILE)
    assert not [1 for one, next_one in pairwise(folders) if next_one.startswith(f"{one}/")]
    for name in ended.images:
        paths.checked(PurePosixPath(name))  # raises where it is not safe
        assert all(len(part.encode()) <= 180 for part in name.split("/"))


@every_naming
def test_a_second_run_finds_every_hostile_value_where_it_is(
    way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = a_catalogue(described_alike(value, number) for number, value in enumerate(HOSTILE))
    first = run(monkeypatch, catalogue, tmp_path, way)
    second = run(monkeypatch, catalogue, tmp_path, way)
    assert second.exit_code == 0
    assert second.report.already_held == len(HOSTILE)
    assert second.images == first.images


def test_five_levels_of_300_characters_are_cut_and_stay_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = ["x" * 299 + ending for ending in "abcdef"]
    catalogue = a_catalogue(described_alike(value, number) for number, value in enumerate(values))
    ended = run(monkeypatch, catalogue, tmp_path, NAMINGS["template"])
    assert ended.exit_code == 0
    assert len(ended.series) == len(values)
    assert {folder.count("/") for folder in ended.series} == {4}


@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"])
def test_hostile_names_of_annotations_land_in_their_series_folder(
    transport: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{value[:60]}.xml" for value in HOSTILE if "\0" not in value]
    if transport == "nbia":
        names = [name for name in names if len(name.encode()) <= 100]  # no more fits into a plain TAR header
    marks = [
        Annotation(name, f"<a n='{place}'/>".encode()) for place, name in enumerate(dict.fromkeys(names))
    ]
    catalogue = a_catalogue([a_series(a_record(), 2, marks)])
    ended = run(monkeypatch, catalogue, tmp_path / "a" / "b", Way(transport=transport))
    assert ended.exit_code == 0, [one.reason for one in ended.report.shortfalls]
    (files,) = ended.series.values()
    assert len(files) == 2 + len(marks)
    assert {mark.content for mark in marks} <= set(files.values())
    assert all(paths.component(name) == name for name in files)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


# --- T19 ------------------------------------------------------------------------------------------

FORMULAS = (
    "=1+1",
    "+1+1|cmd",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    '=HYPERLINK("x")',
)


def test_no_cell_of_the_table_is_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = a_catalogue(described_alike(value, number) for number, value in enumerate(FORMULAS))
    ended = run(monkeypatch, catalogue, tmp_path, NAMINGS["descriptive"])
    assert ended.exit_code == 0
    with (ended.root / "metadata.csv").open(newline="", encoding="utf-8") as table:
        rows = list(csv.reader(table))
    assert len(rows) == 1 + len(FORMULAS)
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))]
    assert {value.strip() for value in FORMULAS} <= {cell.removeprefix("'") for cell in cells}


# --- T8 -------------------------------------------------------------------------------------------

linking = pytest.mark.skipif(sys.platform == "win32", reason="not every user of Windows may make links")
PLANTED = {
    "our-folder": ".cartload",
    "staging": ".cartload/staging",
    "journals": ".cartload/journal",
    "lock": ".cartload/lock",
    "table": "metadata.csv",
    "manifest": "cart.tcia",
    "collection": "{collection}",
    "licence": "{collection}/LICENSE",
    "citation": "{collection}/CITATION",
    "patient": "{collection}/{patient}",
    "study": "{collection}/{patient}/{study}",
    "series": "{collection}/{patient}/{study}/{series}",
    "image": "{collection}/{patient}/{study}/{series}/1-1.dcm",
}


def planted_cases() -> Iterator[ParameterSet]:
    for (name, place), to in product(PLANTED.items(), ("folder", "file", "nowhere")):
        yield pytest.param(place, to, id=f"{name}-{to}")


@linking
@pytest.mark.parametrize(("place", "to"), list(planted_cases()))
def test_a_link_in_the_way_is_never_followed(
    place: str, to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = a_catalogue([a_series(a_record(), 2)])
    usual = run(monkeypatch, catalogue, tmp_path / "usual", Way())
    (folder,) = usual.series
    names = dict(zip(("collection", "patient", "study", "series"), folder.split("/"), strict=True))
    outside = tmp_path / "outside"
    (outside / "folder" / "kept").mkdir(parents=True)
    (outside / "file").write_bytes(b"was here before")
    (outside / "folder" / "1-1.dcm").write_bytes(b"was here before")
    before = everything(outside)
    planted = tmp_path / "home" / "cart" / place.format(**names)
    planted.parent.mkdir(parents=True)
    planted.symlink_to(outside / to)
    ended = run(monkeypatch, catalogue, tmp_path / "home", Way(attempts=2))
    assert everything(outside) == before
    assert planted.is_symlink() or not planted.exists() or ended.exit_code == 0
    assert ended.exit_code in {0, 1, 6}
    if ended.exit_code == 0:
        came = {name: content for name, content in ended.images.items() if ended.root / name != planted}
        assert sorted(came.values()) == held(catalogue)
    else:
        assert str(ended.error) if ended.error else ended.report.shortfalls[0].reason


def everything(root: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
        if os.path.lexists(path)
    }
