"""The report file of a download, for a help desk: the same as the command line's ``--report``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_common import log_file, reports
from cartload_common.report_case import Case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cartload.progress import Report
    from cartload_common.redaction import Redaction
    from cartload_qt.errand import Opened


def writing(
    path: Path, report: Callable[[], Report], opened: Opened, began: float, redact: Redaction
) -> Callable[[object], Path]:
    """Give the work of making and writing a report, for a Bridge; it raises DestinationError."""
    log = log_file.current()

    def work(_: object) -> Path:
        case = Case(
            report=report(),
            source=opened.source,
            root=opened.root,
            settings=opened.settings,
            registry=opened.registry,
            choices={"frontend": "window"},
            began=began,
            log=None if log is None else log.path,
            redact=redact,
        )
        reports.write(path, case)
        return path

    return work
