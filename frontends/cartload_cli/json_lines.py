"""Events as JSON lines, one object a line, each with its name under ``event``; the report is the last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self, TextIO

from cartload.conversion import unstructure
from cartload.events import PlanMade
from cartload_cli import this_run
from cartload_cli.streams import discard
from cartload_common.documents import event_document, report_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cartload.events import Event
    from cartload.plan import Plan
    from cartload.progress import Report
    from cartload_common.exit_codes import ExitCode
    from cartload_common.messages import Message


class JsonLines:
    """A view for programs; when nobody can read it any more, it stops the session by *stop*."""

    def __init__(self, stream: TextIO, stop: Callable[[], None]) -> None:
        self._stream = stream
        self._stop = stop
        self.broken: OSError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def __call__(self, event: Event) -> None:
        """Write one event."""
        if isinstance(event, PlanMade):
            self._print(_plan_line(event.plan))
        else:
            self.write(event_document(event))

    def say(self, message: Message) -> None:
        """Say nothing: all that a message tells is in the events."""

    def end(self, report: Report, code: ExitCode, error: Exception | None) -> None:
        """Write the last line: the report, the exit code, and the error that ended it, if one did."""
        self.write(
            {
                "event": "Report",
                "exit_code": int(code),
                "error": this_run.told(error),
                **report_document(report),
            }
        )

    def write(self, document: Mapping[str, Any]) -> None:
        """Write one line."""
        self._print((json.dumps(document),))

    def _print(self, pieces: Iterable[str]) -> None:
        """Write the pieces of one line."""
        if self.broken is not None:
            return
        try:
            self._stream.writelines(pieces)
            print(file=self._stream, flush=True)
        except OSError as error:
            self.broken = error
            discard(self._stream)
            self._stop()


def _plan_line(plan: Plan) -> Iterator[str]:
    """Write task by task what ``event_document`` gives: the plan of a large cart is too much at once."""
    yield f'{{"event": "{PlanMade.__name__}", "plan": {{"tasks": ['
    for number, task in enumerate(plan.tasks):
        yield f"{', ' if number else ''}{json.dumps(unstructure(task))}"
    yield "]}}"
