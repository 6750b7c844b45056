"""The report as a page of its own: nothing is fetched for it, and nothing in it runs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cartload_common import texts
from cartload_common.report_sections import headlines, missing, sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cartload_common.report_case import Case
    from cartload_common.report_sections import Missing, Section


def pieces(case: Case) -> Iterator[str]:
    """Give the page piece by piece."""
    title = escape(f"cartload report: {texts.safe(case.redact(case.source.name))}")
    yield _HEAD.format(title=title)
    yield from (f"<p>{escape(line)}</p>\n" for line in headlines(case))
    if case.report.shortfalls:
        yield f"<h2>Not there: {texts.count(len(case.report.shortfalls), 'series')}</h2>\n"
    for series in missing(case):
        yield from _series(series)
    for section in sections(case):
        yield from _section(section)
    yield "</body>\n</html>\n"


_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 90em; padding: 0 1em; }}
h1 {{ font-size: 1.5rem; }}
h2 {{ font-size: 1.15rem; margin-top: 2em; }}
h1 + p {{ font-weight: bold; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 0.2em 1.5em; }}
dt {{ opacity: 0.75; }}
dl {{ margin: 0.4em 0; }}
dd, li, p {{ margin: 0; overflow-wrap: anywhere; }}
article {{ border-left: 0.2em solid GrayText; margin: 1em 0; padding-left: 1em; }}
article h3 {{ font-size: 1rem; margin: 0; }}
ul {{ margin: 0; padding-left: 1.2em; }}
</style>
</head>
<body>
<h1>{title}</h1>
"""
"""The colours are those of the reader's system, so that a dark screen stays dark."""


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{escape(section.title)}</h2>\n"
    yield from _facts(section.facts)
    yield from _listed(section.lines)


def _series(series: Missing) -> Iterator[str]:
    yield f"<article>\n<h3>{escape(series.state)}</h3>\n"
    yield from _facts(series.facts)
    yield from _listed(series.attempts)
    yield "</article>\n"


def _facts(facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    told = [f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>\n" for name, text in facts if text]
    yield from ("<dl>\n", *told, "</dl>\n") if told else ()


def _listed(lines: Iterable[str]) -> Iterator[str]:
    told = [f"<li>{escape(line)}</li>\n" for line in lines]
    yield from ("<ul>\n", *told, "</ul>\n") if told else ()
