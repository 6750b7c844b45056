"""What the controller says, brought to the parts of the window that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from cartload.events import LoginQuestion, PluginFailed, Warned
from cartload.plan import Need
from cartload_common import texts
from cartload_qt.dialogs.factory import dialog_for
from cartload_qt.dialogs.login import LoginDialog
from cartload_qt.preview import directory_of, example_of
from cartload_qt.stage import Action, Stage

if TYPE_CHECKING:
    from cartload.events import Event, Question
    from cartload.plan import Plan
    from cartload.progress import Report
    from cartload_qt.controller import Controller
    from cartload_qt.dialogs.dialog import Dialog
    from cartload_qt.window.main_window import MainWindow

_BEAT = 250
"""Milliseconds between two looks at the progress while something runs."""


class Showing(QObject):
    """Keeps *window* true to *controller*; ``progressed`` brings the bytes that are done, and all to come."""

    progressed = pyqtSignal(object, object)

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._beat = QTimer(self)
        self._beat.setInterval(_BEAT)
        self._beat.timeout.connect(self._show_progress)
        page = window.cart_page
        controller.stage_changed.connect(self._stage_changed)
        controller.described.connect(window.reading_page.show_described)
        controller.planned.connect(self._planned)
        controller.happened.connect(self._happened)
        controller.asked.connect(self._asked)
        controller.refused.connect(window.show_error)
        controller.finished.connect(self._finished)
        page.table.selection_changed.connect(lambda _: self.weigh())
        page.choices.changed.connect(lambda _: self.weigh())
        self._stage_changed(controller.stage)

    def weigh(self) -> None:
        """Enable exactly what can do something now."""
        page, actions = self._window.cart_page, self._window.actions_
        states = page.model.rows.states(page.table.selected_rows())
        possible = self._controller.possible(states)
        if not page.choices.is_usable:
            possible -= {Action.START}
        actions.enable(possible)
        actions.folder.setEnabled(self._controller.opened is not None)
        page.table.set_can_retry(can_retry=Action.RETRY in possible)

    def _stage_changed(self, stage: Stage) -> None:
        window, page = self._window, self._window.cart_page
        pages = {Stage.EMPTY: window.start_page, Stage.READING: window.reading_page}
        window.pages.setCurrentWidget(pages.get(stage, page))
        self._beat.start() if stage.is_working else self._beat.stop()
        if stage is not Stage.ENDED:
            page.ending.hide()
        if not stage.is_working:
            window.asking.withdraw()
        page.choices.setEnabled(Action.CHOOSE in self._controller.possible())
        window.setWindowTitle(self._title(stage))
        self._show_progress()
        self.weigh()

    def _title(self, stage: Stage) -> str:
        path = self._controller.path
        return "cartload" if path is None or stage is Stage.EMPTY else f"{texts.safe(path.name)} - cartload"

    def _planned(self, plan: Plan) -> None:
        page, opened = self._window.cart_page, self._controller.opened
        page.model.show_plan(plan)
        page.choices.show_needed(plan.bytes_of(Need.FETCH))
        example = example_of(plan)
        if opened is not None and example is not None:
            names = sorted(opened.registry.namings)
            page.choices.show_namings(names, lambda choices: directory_of(example, choices, opened))

    def _happened(self, events: list[Event]) -> None:
        self._window.cart_page.model.apply(events)
        for event in events:
            match event:
                case Warned(subject, text):
                    self._window.note(f"{subject}: {text}" if subject else text)
                case PluginFailed(plugin, reason):
                    self._window.note(f"{plugin}: {reason}")
                case _:
                    pass

    def _show_progress(self) -> None:
        snapshot = self._controller.progress.snapshot()
        self._window.cart_page.overall.show_snapshot(snapshot, self._controller.stage)
        self.progressed.emit(snapshot.done, snapshot.total)

    def _finished(self, report: Report) -> None:
        can_retry = Action.RETRY in self._controller.possible()
        self._window.cart_page.ending.show_report(report, can_retry=can_retry)

    def _asked(self, question: Question) -> None:
        made: list[Dialog] = []
        opened, user = self._controller.opened, None
        if isinstance(question, LoginQuestion) and opened is not None:
            user = opened.logins.user_at(question.origin)

        def make() -> Dialog:
            made.append(dialog_for(question, self._window, user=user or ""))
            return made[0]

        def take(answer: object) -> None:
            keep = any(isinstance(dialog, LoginDialog) and dialog.keeps for dialog in made)
            self._controller.answer(question, answer, keep=keep)  # type: ignore[arg-type]  # of this dialog

        self._window.asking.ask(make, take, of_the_run=True)
