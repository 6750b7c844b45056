"""Report files for a help desk: text, JSON or HTML by suffix, each with the same facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.errors import DestinationError
from cartload_common import report_html, report_json, report_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload_common.report_case import Case


def write(path: Path, case: Case) -> None:
    """Write the report; raises DestinationError when the file cannot be written."""
    make = _FORMS.get(path.suffix.lower(), report_text.pieces)
    try:
        with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(make(case))
    except OSError as error:
        raise DestinationError(
            f"the report cannot be written: {error.strerror or error}.",
            subject=str(path),
            advice="The series themselves are not touched by this.",
        ) from error


_FORMS: dict[str, Callable[[Case], Iterator[str]]] = {
    ".json": report_json.pieces,
    ".html": report_html.pieces,
    ".htm": report_html.pieces,
}
