from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DestinationError
from cartload_cli import reports
from frontends.cli.values import ROOT, report, shortfall

if TYPE_CHECKING:
    from pathlib import Path

MANY = report(*[shortfall(f"1.{number}") for number in range(30)])


def test_a_text_report_names_every_series_and_every_attempt(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    reports.write(path, MANY, ROOT)
    text = path.read_text()
    assert text.count("failed: LUNG LUNG-1 AXIAL") == 30
    assert "    1. 2023-11-14 22:13:20 UTC by nbia: timed out" in text
    assert "nbia: ValueError: oops" in text
    assert "more" not in text


def test_a_json_report_has_the_verdict_and_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "report.JSON"
    reports.write(path, MANY, ROOT)
    document = json.loads(path.read_text())
    assert (document["verdict"], document["root"], len(document["shortfalls"])) == ("failed", str(ROOT), 30)


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_html_report_shows_what_servers_say_and_runs_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    reports.write(path, report(shortfall("1.1", reason="<script>alert(1)</script>\u202e")), ROOT)
    page = Tags()
    page.feed(path.read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert "<script>alert(1)</script>\\u202e" in page.text
    assert page.tags.count("tr") == 2


def test_an_html_report_of_a_complete_cart_has_no_table(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    reports.write(path, report(), ROOT)
    page = Tags()
    page.feed(path.read_text(encoding="utf-8"))
    assert "table" not in page.tags
    assert "COMPLETE: all 3 series" in page.text


def test_a_report_that_cannot_be_written_says_which_and_why(tmp_path: Path) -> None:
    with pytest.raises(DestinationError, match=r"nowhere.report\.txt: the report cannot be written"):
        reports.write(tmp_path / "nowhere" / "report.txt", report(), ROOT)
