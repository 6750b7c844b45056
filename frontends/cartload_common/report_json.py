"""The report as plain data, its keys documented and kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cartload.conversion import unstructure
from cartload_common.documents import error_document, report_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload_common.report_case import Case

FORMAT = 1
"""Raised when a key changes its meaning or goes; new keys may come without."""


def pieces(case: Case) -> Iterator[str]:
    """Give the document as text."""
    yield from json.JSONEncoder(indent=2).iterencode(case.redact.plain(document(case)))
    yield "\n"


def document(case: Case) -> dict[str, Any]:
    """Give all of it as plain data; times are seconds since 1970, sizes bytes."""
    free, total = case.space or (None, None)
    return {
        "format": FORMAT,
        "exit_code": int(case.exit_code),
        **report_document(case.report),
        "manifest": case.source.name,
        "manifest_sha256": case.manifest_sha256,
        "manifest_bytes": len(case.source.content),
        "server": case.server,
        "error": None if case.error is None else error_document(case.error),
        "root": str(case.root.absolute()),
        "free_bytes": free,
        "file_system_bytes": total,
        "began": case.began,
        "bytes_per_second": round(case.bytes_per_second, 1),
        "options": unstructure(case.options),
        "software": unstructure(case.software),
        "platform": unstructure(case.platform),
        "plugins": unstructure(case.plugins),
        "plugins_not_loaded": unstructure(case.registry.failures),
        "plugins_blocked": list(case.registry.blocked),
        "log": None if case.log is None else str(case.log),
    }
