"""Writes each event of a session into the log, as one line."""

from __future__ import annotations

import hashlib
import json
import logging
from enum import Enum
from typing import TYPE_CHECKING

import attrs

from cartload.events import (
    Answered,
    Asked,
    AttemptFailed,
    BytesReceived,
    DeniedQuestion,
    LoggedIn,
    LoginQuestion,
    ManifestRead,
    PlanMade,
    PluginFailed,
    PolicyQuestion,
    SeriesDescribed,
    TaskChanged,
    Warned,
)
from cartload.plan import Need
from cartload.state import TaskState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.events import Event, Question
    from cartload.manifest import Manifest
    from cartload.plan import Plan

_logger = logging.getLogger(__name__)

MOST_NAMED = 10
"""Series that one line names; the report has them all."""


def log_event(event: Event) -> None:
    """Write one event; how many bytes came is written by none, for it comes ten times a second."""
    if not isinstance(event, BytesReceived):
        words = (f"{name}={_word(value)}" for name, value in _fields(event).items())
        _logger.log(_level(event), "%s", " ".join((type(event).__name__, *words)))


def _fields(event: Event) -> Mapping[str, object]:
    match event:
        case ManifestRead(manifest):
            return _of_manifest(manifest)
        case PlanMade(plan):
            return _of_plan(plan)
        case Asked(question):
            return _of_question(question)
        case LoggedIn(origin):  # the user's name is nobody else's business
            return {"origin": origin}
        case Answered(question, answer):
            return {"kind": type(question).__name__, "answer": answer}
        case _:
            return {field.name: getattr(event, field.name) for field in attrs.fields(type(event))}


def _of_manifest(manifest: Manifest) -> Mapping[str, object]:
    return {
        "name": manifest.source.name,
        "sha256": hashlib.sha256(manifest.source.content).hexdigest(),
        "server": manifest.server_url,
        "series": len(manifest.series),
        "transports": manifest.transports,
        "attempts": manifest.attempts,
        "annotations": manifest.include_annotations,
        "version": manifest.version,
    }


def _of_plan(plan: Plan) -> Mapping[str, object]:
    counts = {need.value: len(plan.having(need)) for need in Need}
    unavailable = [task for task in plan.tasks if task.need in {Need.DENIED, Need.UNKNOWN}]
    return {
        **counts,
        "bytes_to_fetch": plan.bytes_of(Need.FETCH),
        "licenses": [group.license.name if group.license else None for group in plan.licenses()],
        "unavailable": {task.series_uid: task.reason for task in unavailable[:MOST_NAMED]},
    }


def _of_question(question: Question) -> Mapping[str, object]:
    kind = type(question).__name__
    match question:
        case PolicyQuestion(policy):
            return {"kind": kind, "archive": policy.archive, "sha256": policy.digest}
        case DeniedQuestion(denied, allowed):
            named = {series.series_uid: series.reason for series in denied[:MOST_NAMED]}
            return {"kind": kind, "denied": len(denied), "allowed": allowed, "such_as": named}
        case LoginQuestion(origin, series, refusal):
            some = series[:MOST_NAMED]
            return {
                "kind": kind,
                "origin": origin,
                "series": len(series),
                "such_as": some,
                "refusal": refusal,
            }
        case _:
            return {"kind": kind, **attrs.asdict(question)}


def _level(event: Event) -> int:
    match event:
        case PluginFailed():
            return logging.ERROR
        case AttemptFailed() | Warned() | TaskChanged(new=TaskState.FAILED):
            return logging.WARNING
        case TaskChanged() | SeriesDescribed():
            return logging.DEBUG
        case _:
            return logging.INFO


def _word(value: object) -> str:
    """Write a value as JSON does: a text in quotes, so that no text looks like another field."""
    return _ENCODER.encode(value)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_plain)
