"""The report as a text that can be pasted into a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_common import texts
from cartload_common.report_sections import headlines, missing, sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload_common.report_case import Case
    from cartload_common.report_sections import Missing, Section


def pieces(case: Case) -> Iterator[str]:
    """Give the text line by line."""
    yield "cartload report\n\n"
    yield from (f"{line}\n" for line in headlines(case))
    if case.report.shortfalls:
        yield f"\nNot there: {texts.count(len(case.report.shortfalls), 'series')}\n"
    for series in missing(case):
        yield from _series(series)
    for section in sections(case):
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"\n{section.title}\n"
    yield from _facts(section.facts, "  ")
    yield from (f"  {line}\n" for line in section.lines)


def _series(series: Missing) -> Iterator[str]:
    yield f"\n  {series.state}\n"
    yield from _facts(series.facts, "    ")
    yield from (f"    {line}\n" for line in series.attempts)


def _facts(facts: tuple[tuple[str, str], ...], indent: str) -> Iterator[str]:
    width = max((len(name) for name, _ in facts), default=0) + 2
    yield from (f"{indent}{name + ':':<{width}}{text}\n" for name, text in facts if text)
