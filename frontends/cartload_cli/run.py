"""One download from beginning to end: what ``download``, ``demo`` and ``verify --repair`` all do."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.errors import DestinationError, StoppedError
from cartload.session import Session
from cartload_cli import failures, this_run
from cartload_cli.interrupts import Interrupts
from cartload_cli.json_lines import JsonLines
from cartload_cli.logs import heard_logs
from cartload_cli.questions import Answers, Questions, TerminalAsker, wants_retry
from cartload_cli.render import view_for
from cartload_common import exit_codes, log_file, reports, texts
from cartload_common.exit_codes import ExitCode
from cartload_common.log_choices import log_choices
from cartload_common.log_events import log_event
from cartload_common.messages import Loudness, Message, Tone
from cartload_common.report_case import Case
from cartload_common.summary import repair_summary, summary
from cartload_common.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cartload.ledger import Ledger
    from cartload.manifest import ManifestSource
    from cartload.progress import Report
    from cartload.registry import Registry
    from cartload.repair import Repair
    from cartload.settings import Settings
    from cartload_cli.logins import Logins
    from cartload_cli.questions import Asker
    from cartload_cli.render import View


@frozen(kw_only=True)
class Order:
    """One download as the user ordered it; ``asks_again`` is the session's."""

    source: ManifestSource
    directory: Path
    settings: Settings
    registry: Registry
    answers: Answers = field(factory=Answers)
    asker: Callable[[Answers, Callable[[Message], None], Interrupts], Asker] = TerminalAsker
    asks_again: bool = False
    logins: Logins | None = None
    server: str | None = None
    loudness: Loudness = Loudness.NORMAL
    json: bool = False
    report: Path | None = None
    repair: Repair | None = None
    ledger: Ledger | None = None


def download(order: Order) -> ExitCode:
    """Bring the cart home and say what came of it; raises CartloadError for what ended it early."""
    with Session(
        order.source,
        order.directory,
        order.settings,
        order.registry,
        server=order.server,
        repair=order.repair,
        credentials=order.logins.find if order.logins else None,
        trust=order.logins.trust if order.logins else None,
        ledger=order.ledger,
        asks_again=order.asks_again,
    ) as session:
        return _Download(order, session).carry_out()


class _Download:
    """A session with all that listens to it."""

    def __init__(self, order: Order, session: Session) -> None:
        self._order = order
        self._session = session
        self._interrupts = Interrupts(session.cancel)
        self._watching = Watching(time.time)
        self._json = JsonLines(sys.stdout, session.cancel) if order.json else None
        shown = view_for(self._watching, Loudness.QUIET if order.json else order.loudness)
        self._view: View = self._json or shown
        self._tell = shown.say
        self._questions = Questions(session, order.asker(order.answers, self._tell, self._interrupts))
        self._told: Report | None = None
        self._began = time.time()
        self._redact = log_choices(order.settings, order.registry, this_run.redaction())
        for listener in (log_event, self._watching, self._view, self._questions):
            session.subscribe(listener)
        if order.logins is not None:
            order.logins.tell = self._tell
            session.subscribe(order.logins.hear)

    def carry_out(self) -> ExitCode:
        """Do all of it; what was done is told, and the report written, even if an error ended it."""
        try:
            with self._interrupts, heard_logs(self._tell):
                report = self._run()
        except Exception as error:
            self._finish(self._watching.report(), error)
            self._end_json(exit_codes.of_error(error), error)
            raise
        code = exit_codes.of_report(report)
        if not self._finish(report) and code is ExitCode.COMPLETE:
            code = ExitCode.DESTINATION
        self._end_json(code, None)
        return code

    def _run(self) -> Report:
        with self._view:
            self._prepare()
            report = self._session.run()
        while self._is_to_retry(report):
            self._session.retry_failed()
            with self._view:
                report = self._session.run()
        return report

    def _prepare(self) -> None:
        try:
            self._session.prepare()
        except StoppedError:
            if self._questions.fault is not None:
                raise self._questions.fault from None
            raise
        self._tell(Message(f"into {texts.safe(str(self._session.root))}"))

    def _is_to_retry(self, report: Report) -> bool:
        if not (self._session.can_retry and self._order.answers.attended):
            return False
        self._summarise(report)
        return wants_retry(lambda path: self._save(path, report), self._interrupts)

    def _finish(self, report: Report, error: Exception | None = None) -> bool:
        """Tell what came of it; False when the report file could not be written."""
        if self._json is not None and self._json.broken is not None:
            text = f"the standard output cannot be written: {self._json.broken}"
            self._tell(Message(texts.safe(text), Tone.BAD, Loudness.QUIET))
        if self._watching.has_begun and report is not self._told:
            self._summarise(report)
        return self._order.report is None or self._save(self._order.report, report, error)

    def _summarise(self, report: Report) -> None:
        self._told = report
        told = repair_summary(report) if self._order.repair else summary(report, self._session.root)
        for message in told:
            self._tell(message)

    def _save(self, path: Path, report: Report, error: Exception | None = None) -> bool:
        """Write a report file; where that fails, say so and go on."""
        try:
            reports.write(path, self._case(report, error))
        except DestinationError as unwritten:
            failures.show(unwritten)
            return False
        self._tell(Message(f"The report is in {texts.safe(str(path))}"))
        return True

    def _case(self, report: Report, error: Exception | None) -> Case:
        order, answers, log = self._order, self._order.answers, log_file.current()
        return Case(
            report=report,
            source=order.source,
            root=self._session.root,
            settings=order.settings,
            registry=order.registry,
            choices={
                "server": order.server,
                "accept_policy": answers.accept_policy,
                "allowed_only": answers.allowed_only,
                "attended": answers.attended,
                "repair": order.repair is not None,
            },
            began=self._began,
            error=error,
            log=None if log is None else log.path,
            redact=self._redact,
        )

    def _end_json(self, code: ExitCode, error: Exception | None) -> None:
        if self._json is not None:
            self._json.end(self._watching.report(), code, error)
