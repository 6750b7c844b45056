"""Carts for the window's tests, and a driver that answers what a controller asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive_carts import write_cart
from cartload.events import DeniedQuestion, Event, ExistingQuestion, LoginQuestion, PolicyQuestion, Question
from cartload.progress import Report
from cartload.settings import Existing
from cartload.state import SessionState
from cartload_common.redaction import Redaction
from cartload_qt.choices import Choices
from cartload_qt.controller import Controller
from cartload_qt.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from cartload.credentials import Credentials
    from cartload.progress import Verdict
    from cartload.testing.archive import Catalogue
    from cartload_archive import ArchiveServer

PATIENCE = 30_000
"""Milliseconds within which anything happens on the busiest machine."""

REPORT = Report(
    manifest="cart.tcia",
    server="https://archive.example",
    series=3,
    sources={},
    state=SessionState.FINISHED,
    complete=2,
    already_held=1,
    removed=0,
    fetched_bytes=1,
    started=0.0,
    ended=1.0,
    shortfalls=(),
    licenses=(),
    warnings=(),
    plugin_failures=(),
)
"""What came of a cart that is whole."""


class Driven:
    """A controller whose questions are answered at once, and all that it said."""

    def __init__(self, qtbot: QtBot, directory: Path) -> None:
        self.qtbot = qtbot
        self.controller = Controller(Redaction())
        self.choices = Choices(directory=directory, jobs=2)
        self.stages: list[Stage] = []
        self.events: list[Event] = []
        self.errors: list[Exception] = []
        self.questions: list[Question] = []
        self.answers: dict[type[Question], bool | Existing | Credentials | None] = {
            PolicyQuestion: True,
            DeniedQuestion: True,
            ExistingQuestion: Existing.MISSING,
            LoginQuestion: False,
        }
        self.controller.stage_changed.connect(self.stages.append)
        self.controller.happened.connect(self.events.extend)
        self.controller.refused.connect(self.errors.append)
        self.controller.asked.connect(self._answer)

    def stage(self) -> Stage:
        return self.controller.stage

    def verdict(self) -> Verdict | None:
        return None if self.controller.report is None else self.controller.report.verdict

    def _answer(self, question: Question) -> None:
        self.questions.append(question)
        self.controller.answer(question, self.answers[type(question)])

    def until(self, *stages: Stage) -> None:
        self.qtbot.waitUntil(lambda: self.controller.stage in stages, timeout=PATIENCE)

    def open(self, path: Path) -> None:
        self.controller.open(path, self.choices)
        self.until(Stage.SHOWN, Stage.EMPTY)

    def start(self) -> None:
        self.controller.start(self.choices)
        self.qtbot.waitUntil(lambda: not self.controller.stage.is_working, timeout=PATIENCE)

    def leave(self) -> None:
        self.controller.close()
        self.until(Stage.EMPTY)


def cart_of(server: ArchiveServer, catalogue: Catalogue, folder: Path) -> Path:
    return write_cart(folder, server, catalogue)


def images_below(root: Path) -> Mapping[str, int]:
    return {str(path.relative_to(root)): path.stat().st_size for path in root.rglob("*.dcm")}
