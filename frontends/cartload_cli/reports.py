"""Report files: text, JSON or HTML by suffix; each names every series that is not there, and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from cartload.errors import DestinationError
from cartload_cli import texts
from cartload_cli.json_lines import report_document
from cartload_cli.messages import license_line
from cartload_cli.summary import summary, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.progress import Report


def write(path: Path, report: Report, root: Path) -> None:
    """Write the report; raises DestinationError when the file cannot be written."""
    make = {".json": _json, ".html": _html, ".htm": _html}.get(path.suffix.lower(), _text)
    try:
        path.write_text(make(report, root), encoding="utf-8")
    except OSError as error:
        raise DestinationError(
            f"the report cannot be written: {error.strerror or error}.",
            subject=str(path),
            advice="The series themselves are not touched by this.",
        ) from error


def _json(report: Report, root: Path) -> str:
    return json.dumps({"root": str(root), **report_document(report)}, indent=2) + "\n"


def _text(report: Report, root: Path) -> str:
    return "\n".join((*_heading(report), *_body(report, root), *_attempts(report), *_remarks(report), ""))


def _heading(report: Report) -> tuple[str, ...]:
    return (
        f"cartload report, {_moment(report.ended)}",
        f"Manifest: {texts.safe(report.manifest)}",
        f"Archive:  {texts.safe(report.server)}",
        "",
    )


def _body(report: Report, root: Path) -> Iterator[str]:
    return (message.text for message in summary(report, root, most=None))


def _attempts(report: Report) -> Iterator[str]:
    tried = [shortfall for shortfall in report.shortfalls if shortfall.attempts]
    if tried:
        yield from ("", "Attempts")
    for shortfall in tried:
        yield f"  {texts.shortfall_name(shortfall)}"
        for attempt in shortfall.attempts:
            error = texts.safe(f"by {attempt.source}: {attempt.error}")
            yield f"    {attempt.number}. {_moment(attempt.at)} {error}"


def _remarks(report: Report) -> Iterator[str]:
    remarks = (*report.warnings, *report.plugin_failures)
    if remarks:
        yield from ("", "Remarks")
    for remark in remarks:
        yield f"  {texts.safe(remark)}"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _html(report: Report, root: Path) -> str:
    title = f"cartload: {texts.safe(report.manifest)}"
    parts = (
        _paragraphs(tuple(message.text for message in verdict(report, root))),
        _table(report),
        _section("Licences", (license_line(group) for group in report.licenses)),
        _section("Remarks", (texts.safe(text) for text in (*report.warnings, *report.plugin_failures))),
    )
    return _PAGE.format(
        title=escape(title), heading=_paragraphs(_heading(report)), body="\n".join(filter(None, parts))
    )


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 2em; max-width: 80em; }}
table {{ border-collapse: collapse; }}
td, th {{ border: 1px solid #999; padding: 0.3em 0.6em; text-align: left; vertical-align: top; }}
</style>
</head>
<body>
<h1>{title}</h1>
{heading}
{body}
</body>
</html>
"""


def _paragraphs(lines: tuple[str, ...]) -> str:
    return "\n".join(f"<p>{escape(line.strip())}</p>" for line in lines if line.strip())


def _section(title: str, items: Iterator[str]) -> str:
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h2>{title}</h2>\n<ul>{listed}</ul>" if listed else ""


def _table(report: Report) -> str:
    if not report.shortfalls:
        return ""
    head = "".join(f"<th>{word}</th>" for word in _COLUMNS)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(texts.safe(cell))}</td>" for cell in cells) + "</tr>"
        for cells in _rows(report)
    )
    return f"<h2>Series that are not there</h2>\n<table>\n<tr>{head}</tr>\n{rows}\n</table>"


_COLUMNS = ("State", "Collection", "Patient", "Description", "Series", "Reason", "Attempts")


def _rows(report: Report) -> Iterator[tuple[str, ...]]:
    for shortfall in report.shortfalls:
        attempts = "; ".join(
            f"{attempt.number}. by {attempt.source}: {attempt.error}" for attempt in shortfall.attempts
        )
        yield (
            shortfall.state.value,
            shortfall.collection,
            shortfall.patient_id,
            shortfall.description,
            shortfall.series_uid,
            shortfall.reason,
            attempts,
        )
