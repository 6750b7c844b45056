"""Writes rows in the formats of the REST API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cartload_archive.messages import Answer, attachment, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cartload_archive.tables import Row, Value


def table(rows: Sequence[Row], form: str | None) -> Answer:
    """Write rows as JSON (the default) or CSV; no rows are an empty body without a type."""
    chosen = (form or "json").lower()
    if chosen not in {"json", "csv", "csv-download"}:
        return text("This archive writes JSON and CSV only.", status=500)
    if not rows:
        return Answer()
    if chosen == "json":
        return text(_json(rows), "application/json")
    content = _csv(rows)
    if chosen == "csv":
        return text(content, "text/csv")
    return Answer(headers=attachment("SeriesMetaData.csv", "text/csv"), body=content.encode())


def _json(rows: Sequence[Row]) -> str:
    """Leave missing values out, and write a slash with a backslash, as the server's library does."""
    objects = [{name: value for name, value in row if value is not None} for row in rows]
    return json.dumps(objects, ensure_ascii=False).replace("/", "\\/")


def _csv(rows: Sequence[Row]) -> str:
    """Quote everything, but nothing where there is a single column."""
    heading: list[Value] = [name for name, _ in rows[0]]
    lines = [heading, *([value for _, value in row] for row in rows)]
    if len(heading) == 1:
        return "".join(f"{'' if line[0] is None else line[0]}\n" for line in lines)
    return "".join(",".join(_quoted(value) for value in line) + "\n" for line in lines)


def _quoted(value: Value) -> str:
    inner = "" if value is None else str(value).replace('"', '""')
    return f'"{inner}"'
