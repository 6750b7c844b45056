"""Events, reports and errors as plain data, for JSON in lines and in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cartload.conversion import unstructure
from cartload.errors import CartloadError
from cartload.events import Answered, Asked, ManifestRead
from cartload.registry import describe_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.events import Event
    from cartload.progress import Report


def event_document(event: Event) -> dict[str, Any]:
    """Turn an event into plain data; a manifest is told by its file's name, not by its content."""
    fields: dict[str, Any] = unstructure(event)
    if isinstance(event, ManifestRead):
        fields["manifest"]["source"] = event.manifest.source.name
    if isinstance(event, Asked | Answered):
        fields["question"] = {"kind": type(event.question).__name__, **fields["question"]}
    return {"event": type(event).__name__, **fields}


def report_document(report: Report) -> dict[str, Any]:
    """Turn a report into plain data, with its verdict."""
    fields: dict[str, Any] = unstructure(report)
    return {"verdict": report.verdict.value, **fields}


def error_document(error: Exception, spared: Callable[[str], str] = str) -> dict[str, Any]:
    """Turn an error into plain data: its kind, and what it says, by *spared* without what nobody may read."""
    kind = type(error).__name__
    if not isinstance(error, CartloadError):
        return {"kind": kind, "subject": "", "what": spared(describe_fault(error)), "advice": ""}
    said = {"subject": error.subject, "what": error.what, "advice": error.advice}
    return {"kind": kind, **{name: spared(text) for name, text in said.items()}}
