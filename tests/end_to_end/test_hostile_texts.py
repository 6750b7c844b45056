"""T20: what steers a terminal or deceives its reader never gets there: escapes, OSC, bidi, markup.

From descriptions, error pages, policies and manifests to the screen, the JSON lines, the reports and the log.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from cartload.model import License
from cartload.testing.archive import manifest_text
from cartload_archive import ArchiveOptions, ArchiveServer
from plugins.network.scripted_server import answer
from small_carts import a_catalogue, a_record, a_series
from toxics import Door, ToxicProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.testing.archive import ArchiveSeries
    from command_line import CommandLine, Result
    from toxics import Passing

ATTACK = (
    "\x1b[2J\x1b[31mred\x1b]52;c;cm0gLXJm\x07 \x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\ "
    "\x9b31m\x9d52;c;eA==\x9c \u202etxt.exe\u202c \u2066x\u2069 \u200e\u200f\ufeff \x08\x08\x7f \x00 \u2028 "
    "<img src=x onerror=alert(1)> [red]markup[/red]"
)
POLICY = f"Be kind. {ATTACK}\r\nSecond line\rover the first.\x0b\x0c\n"
CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def steering(text: str) -> set[str]:
    """Give the characters of a text that should not be in any output, but for those that lay it out."""
    return {char for char in text if unicodedata.category(char) in CATEGORIES and char not in "\n\t"}


def hostile_series(number: int) -> ArchiveSeries:
    stored, text = a_series(a_record(number), 2), f"{number} {ATTACK}"
    record = evolve(
        stored.record,
        patient_id=text,
        collection=text,
        series_description=text,
        study_description=text,
        manufacturer=text,
        modality=text,
        data_description_uri=text,
        license=License(text, text),
    )
    return evolve(stored, record=record)


CATALOGUE = a_catalogue((hostile_series(number) for number in range(1, 4)), policy=POLICY)
FAILING = CATALOGUE.public[0]


def alter(passing: Passing) -> bytes:
    """Refuse one series with a page full of escapes."""
    if passing.door is Door.ARCHIVE and passing.series_uid == FAILING:
        return answer(f"Sorry. {ATTACK}".encode(), 503, {"X-Reason": "busy"})
    return passing.answer


@pytest.fixture
def cart(tmp_path: Path) -> Iterator[Path]:
    options = ArchiveOptions(servlets=None)  # its REST services alter no text
    with ArchiveServer(CATALOGUE, options) as server, ToxicProxy(server.url, alter=alter) as proxy:
        path = tmp_path / "cart.tcia"
        path.write_text(manifest_text(CATALOGUE, proxy.servlet_url))
        yield path


def assert_clean(result: Result) -> None:
    assert steering(result.err) == set()
    assert steering(result.out) == set()
    assert "\x1b" not in result.err + result.out


QUICK = ("--retries", "1", "--accept-policy")


@pytest.mark.parametrize("suffix", ["txt", "html", "json"])
def test_no_report_and_no_output_holds_what_steers(
    cartload: CommandLine, cart: Path, tmp_path: Path, suffix: str
) -> None:
    report = tmp_path / f"report.{suffix}"
    result = cartload("download", cart, "-v", "-d", tmp_path / "out", "--report", report, *QUICK)
    assert result.exit_code == 1, result.err
    assert_clean(result)
    assert "Sorry." in result.err
    written = report.read_bytes().decode()
    assert FAILING in written
    assert steering(written) == set()
    if suffix == "html":
        assert "<img" not in written
        assert "alert(1)&gt;" in written
    if suffix == "json":
        assert json.loads(written)


def test_json_lines_hold_what_the_archive_said_escaped(
    cartload: CommandLine, cart: Path, tmp_path: Path
) -> None:
    result = cartload("download", cart, "--json", "-v", "-d", tmp_path / "out", *QUICK)
    assert_clean(result)
    lines = [json.loads(line) for line in result.out.splitlines()]
    assert lines[-1]["exit_code"] == result.exit_code == 1


def test_a_policy_is_shown_without_what_steers(cartload: CommandLine, cart: Path, tmp_path: Path) -> None:
    result = cartload("download", cart, "-d", tmp_path / "out")
    assert result.exit_code == 5
    assert "Be kind." in result.err
    assert_clean(result)


def test_what_is_in_a_cart_is_shown_without_what_steers(cartload: CommandLine, cart: Path) -> None:
    result = cartload("inspect", cart)
    assert result.exit_code == 0, result.err
    assert_clean(result)
    assert "red" in result.out + result.err


def test_a_check_names_folders_and_files_without_what_steers(
    cartload: CommandLine, cart: Path, tmp_path: Path
) -> None:
    cartload("download", cart, "-d", tmp_path / "out", *QUICK)
    image = next((tmp_path / "out").rglob("*.dcm"))
    image.write_bytes(image.read_bytes()[:-1])
    image.with_name("\x1b]52;c;eA==\x07.txt").write_text("foreign")
    result = cartload("verify", tmp_path / "out" / "cart")
    assert result.exit_code == 1
    assert image.name in result.err
    assert_clean(result)


def test_a_manifest_that_is_none_is_quoted_without_what_steers(cartload: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "cart.tcia"
    path.write_text(f"downloadServerUrl={ATTACK}\nmanifestVersion=3.0\nListOfSeriesToDownload=\n{ATTACK}\n")
    result = cartload("download", path, "-d", tmp_path / "out")
    assert result.exit_code == 3
    assert_clean(result)


def test_no_name_and_no_log_holds_what_steers(cartload: CommandLine, cart: Path, tmp_path: Path) -> None:
    cartload("download", cart, "-v", "-d", tmp_path / "out", *QUICK)
    logs = [path for path in (tmp_path / "home").rglob("*") if path.is_file() and "log" in path.name]
    assert all(steering(path.read_text(encoding="utf-8", errors="strict")) == set() for path in logs)
    names = [path.name for path in (tmp_path / "out").rglob("*")]
    assert not [name for name in names if steering(name)]


@pytest.mark.parametrize("name", ["LICENSE", "CITATION"])
def test_no_text_beside_the_series_holds_what_steers(
    cartload: CommandLine, cart: Path, tmp_path: Path, name: str
) -> None:
    cartload("download", cart, "-d", tmp_path / "out", *QUICK)
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob(name)]
    assert texts
    assert all("red" in text and steering(text) == set() for text in texts)
    assert not [line for text in texts for line in text.splitlines() if line.startswith("Second line over")]


def test_what_is_left_out_is_told_without_what_steers(
    cartload: CommandLine, cart: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = cartload("download", cart, "-v", "-d", out, "--license-allow", "CC0*", *QUICK)
    assert result.exit_code == 0, result.err
    assert "left out" in result.err
    assert_clean(result)
