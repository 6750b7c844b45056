"""The window: the cart's pages, and what goes from one part to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSettings, QTimer, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QFileDialog, QMainWindow, QMenu, QStackedWidget

from cartload.plan import Need
from cartload.state import TaskState
from cartload_common import texts
from cartload_qt.bridge import Bridge, Outcome
from cartload_qt.dialogs.confirming import LeaveDialog, RemoveDialog
from cartload_qt.dialogs.factory import dialog_for
from cartload_qt.dialogs.login import LoginDialog
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.plain import menu_text, tip
from cartload_qt.preview import directory_of, example_of
from cartload_qt.reporting import writing
from cartload_qt.stage import Action, Stage
from cartload_qt.translation import tr
from cartload_qt.window.actions import Actions
from cartload_qt.window.asking import Asking
from cartload_qt.window.cart_page import CartPage
from cartload_qt.window.reading_page import ReadingPage
from cartload_qt.window.start_page import StartPage, dropped, welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from cartload.events import Event, Question
    from cartload.model import SeriesUID
    from cartload.plan import Plan
    from cartload.progress import Report
    from cartload_common.redaction import Redaction
    from cartload_qt.choices import Choices
    from cartload_qt.controller import Controller
    from cartload_qt.recent import RecentCart

_BEAT = 250
"""Milliseconds between two looks at the progress while something runs."""

_RUNNING = frozenset({TaskState.FETCHING, TaskState.VERIFYING})


class MainWindow(QMainWindow):
    """Shows a controller's cart.

    ``leaving`` tells that the user goes while something still lets go, ``left`` that nothing runs any more;
    ``progressed`` brings the bytes that are done, and all that are to come.
    """

    leaving = pyqtSignal()
    left = pyqtSignal()
    progressed = pyqtSignal(object, object)

    def __init__(
        self, controller: Controller, choices: Choices, memory: QSettings, redact: Redaction
    ) -> None:
        super().__init__()
        self.controller = controller
        self._memory = memory
        self._redact = redact
        self._leaving = False
        self._writer = Bridge(self)
        self._writer.ended.connect(self._written)
        self.asking = Asking(self)
        self.actions_ = Actions(self)
        self.recent_menu = QMenu(tr("Open &recent"), self)
        self.start_page = StartPage()
        self.reading_page = ReadingPage()
        self.cart_page = CartPage(self.actions_, choices)
        self.pages = QStackedWidget()
        for page in (self.start_page, self.reading_page, self.cart_page):
            self.pages.addWidget(page)
        self.setCentralWidget(self.pages)
        self.setAcceptDrops(True)
        bar = self.menuBar()
        if bar is not None:
            self.actions_.menus(bar, self.recent_menu)
        self._beat = QTimer(self)
        self._beat.setInterval(_BEAT)
        self._beat.timeout.connect(self._show_progress)
        self._connect()
        self._restore()
        self._stage_changed(controller.stage)

    def _connect(self) -> None:
        controller, page, actions = self.controller, self.cart_page, self.actions_
        controller.stage_changed.connect(self._stage_changed)
        controller.described.connect(self.reading_page.show_described)
        controller.planned.connect(self._planned)
        controller.happened.connect(self._happened)
        controller.asked.connect(self._asked)
        controller.refused.connect(self.show_error)
        controller.finished.connect(self._finished)
        self.start_page.dropped.connect(self.open_manifest)
        self.start_page.resumed.connect(self.resume_cart)
        self.start_page.open_wanted.connect(self.choose_manifest)
        self.reading_page.cancel_wanted.connect(controller.stop)
        page.table.selection_changed.connect(lambda _: self._weigh())
        page.table.current_changed.connect(page.details.show_series)
        page.filter.left.connect(page.table.setFocus)
        page.table.retry_wanted.connect(controller.retry)
        page.table.remove_wanted.connect(self.remove)
        page.table.folder_wanted.connect(self._open_folder_of)
        page.details.link_wanted.connect(_open_link)
        page.choices.changed.connect(lambda _: self._weigh())
        page.ending.retry_wanted.connect(controller.retry)
        page.ending.report_wanted.connect(self.choose_report)
        page.ending.folder_wanted.connect(self.open_folder)
        page.ending.close_wanted.connect(controller.close)
        actions.connect(
            (
                (actions.open, self.choose_manifest),
                (actions.close_cart, controller.close),
                (actions.report, self.choose_report),
                (actions.quit, self.close),
                (actions.start, self.start),
                (actions.pause, controller.pause),
                (actions.resume, controller.resume),
                (actions.stop, controller.stop),
                (actions.retry, controller.retry),
                (actions.delete, lambda: self.remove(page.table.selected_uids())),
                (actions.folder, self.open_folder),
            )
        )

    # --- what the user wants ----------------------------------------------------------------------

    def choose_manifest(self) -> None:
        """Let the user choose a manifest's file."""
        dialog = QFileDialog(self, tr("Open a manifest"), str(self._memory.value("folder", "")))
        dialog.setNameFilters([tr("Manifests") + " (*.tcia *.txt *.csv *.xml)", tr("All files") + " (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open_manifest(Path(name)))
        dialog.open()

    def open_manifest(self, path: Path) -> None:
        """Show what is in a manifest; a download that runs is asked about first."""
        self._memory.setValue("folder", str(path.parent))
        if self.controller.stage in {Stage.RUNNING, Stage.PAUSING, Stage.PAUSED}:
            self._ask_to_leave(lambda: self._open(path))
        else:
            self._open(path)

    def _open(self, path: Path) -> None:
        self.reading_page.begin(path.name)
        self.controller.open(path, self.cart_page.choices.choices())

    def resume_cart(self, cart: RecentCart) -> None:
        """Open a cart of before where it was going."""
        manifest = cart.existing_manifest
        if manifest is None:
            self.note(tr("The manifest of {name} is no longer there.", name=cart.name))
            return
        self.cart_page.choices.folder.setText(cart.root)
        self.open_manifest(manifest)

    def show_recent(self, carts: Sequence[RecentCart]) -> None:
        """List the carts of before, on the start page and in the menu."""
        self.start_page.show_recent(carts)
        self.recent_menu.clear()
        for cart in carts:
            action = self.recent_menu.addAction(menu_text(cart.name))
            if action is not None:
                action.setToolTip(tip(cart.manifest))
                action.triggered.connect(lambda _, cart=cart: self.resume_cart(cart))
        self.recent_menu.setEnabled(bool(carts))

    def start(self) -> None:
        """Begin the download."""
        self._memory.setValue("directory", str(self.cart_page.choices.choices().directory))
        self.controller.start(self.cart_page.choices.choices())

    def remove(self, uids: Sequence[SeriesUID]) -> None:
        """Take series out of the cart; those that are being fetched only if the user is sure."""
        running = sum(self.cart_page.model.state(uid) in _RUNNING for uid in uids)
        if not running:
            self.controller.remove(uids)
            return

        def take(answer: object) -> None:
            if answer is True:
                self.controller.remove(uids)

        self.asking.ask(lambda: RemoveDialog(running, len(uids), self), take)

    def choose_report(self) -> None:
        """Let the user choose where the report is written."""
        dialog = QFileDialog(self, tr("Save the report"), str(self._memory.value("folder", "")))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["HTML (*.html)", tr("Text") + " (*.txt)", "JSON (*.json)"])
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(lambda name: self.save_report(Path(name)))
        dialog.open()

    def save_report(self, path: Path) -> None:
        """Write the report of what came of the cart so far."""
        opened = self.controller.opened
        if opened is not None and not self._writer.is_busy:
            report = self.controller.report or self.controller.progress.report()
            self._writer.begin(writing(path, report, opened, self.controller.began, self._redact))

    def open_folder(self) -> None:
        """Show the cart's folder in the system's file manager."""
        if self.controller.opened is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.controller.opened.root)))

    def _open_folder_of(self, directory: str) -> None:
        if self.controller.opened is not None:
            folder = self.controller.opened.root / directory
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # --- what the controller says -----------------------------------------------------------------

    def _stage_changed(self, stage: Stage) -> None:
        pages = {Stage.EMPTY: self.start_page, Stage.READING: self.reading_page}
        self.pages.setCurrentWidget(pages.get(stage, self.cart_page))
        self._beat.start() if stage.is_working else self._beat.stop()
        if stage is not Stage.ENDED:
            self.cart_page.ending.hide()
        if not stage.is_working:
            self.asking.withdraw()
        self.cart_page.choices.setEnabled(Action.CHOOSE in self.controller.possible())
        self.setWindowTitle(self._title(stage))
        self._show_progress()
        self._weigh()
        if self._leaving and not stage.is_working:
            self.left.emit()

    def _title(self, stage: Stage) -> str:
        path = self.controller.path
        return "cartload" if path is None or stage is Stage.EMPTY else f"{texts.safe(path.name)} - cartload"

    def _planned(self, plan: Plan) -> None:
        page, opened = self.cart_page, self.controller.opened
        page.model.show_plan(plan)
        page.choices.show_needed(plan.bytes_of(Need.FETCH))
        example = example_of(plan)
        if opened is not None and example is not None:
            names = sorted(opened.registry.namings)
            page.choices.show_namings(names, lambda choices: directory_of(example, choices, opened))

    def _happened(self, events: list[Event]) -> None:
        self.cart_page.model.apply(events)

    def _show_progress(self) -> None:
        snapshot = self.controller.progress.snapshot()
        self.cart_page.overall.show_snapshot(snapshot, self.controller.stage)
        self.progressed.emit(snapshot.done, snapshot.total)

    def _weigh(self) -> None:
        """Enable exactly what can do something now."""
        page = self.cart_page
        states = [page.model.state(uid) for uid in page.table.selected_uids()]
        possible = self.controller.possible(states)
        if not page.choices.is_usable:
            possible -= {Action.START}
        self.actions_.enable(possible)
        self.actions_.folder.setEnabled(self.controller.opened is not None)
        page.table.set_can_retry(can_retry=Action.RETRY in possible)

    def _finished(self, report: Report) -> None:
        self.cart_page.ending.show_report(report, can_retry=Action.RETRY in self.controller.possible())

    def _asked(self, question: Question) -> None:
        dialogs: list[LoginDialog] = []

        def make() -> object:
            dialog = dialog_for(question, self)
            if isinstance(dialog, LoginDialog):
                dialogs.append(dialog)
            return dialog

        def take(answer: object) -> None:
            keep = any(dialog.keeps for dialog in dialogs)
            self.controller.answer(question, answer, keep=keep)  # type: ignore[arg-type]  # of this dialog

        self.asking.ask(make, take)  # type: ignore[arg-type]  # the factory makes nothing else

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.asking.ask(lambda: ErrorDialog(error, self), lambda _: None)

    def _written(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.show_error(outcome.error)
        else:
            self.note(tr("The report is in {path}", path=str(outcome.value)))

    def note_nothing_unfinished(self) -> None:
        """Say that no cart of before waits."""
        self.note(tr("All carts of before are complete."))

    def note(self, text: str) -> None:
        """Say something that needs no answer."""
        status = self.statusBar()
        if status is not None:
            status.showMessage(texts.safe(text))

    # --- coming and going -------------------------------------------------------------------------

    def _ask_to_leave(self, following: Callable[[], None]) -> None:
        counts = self.controller.progress.snapshot().counts
        unfinished = sum(number for state, number in counts.items() if not state.is_final)

        def take(answer: object) -> None:
            if answer is True:
                following()

        self.asking.ask(lambda: LeaveDialog(unfinished, self), take)

    def _restore(self) -> None:
        geometry = self._memory.value("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        else:
            width = self.fontMetrics().averageCharWidth()
            self.resize(width * 150, width * 100)
        self.cart_page.table.restore_state(self._memory)

    def save(self) -> None:
        """Remember how the window and its table look."""
        self._memory.setValue("geometry", self.saveGeometry())
        self.cart_page.table.save_state(self._memory)

    def closeEvent(self, a0: QCloseEvent | None) -> None:
        """Go, or ask first while something runs; what runs is stopped and may be taken up again."""
        if a0 is None:
            return
        self.save()
        if not self.controller.stage.is_working:
            a0.accept()
            self.left.emit()
            return
        a0.ignore()
        if self.controller.stage in {Stage.RUNNING, Stage.PAUSING, Stage.PAUSED}:
            self._ask_to_leave(self.leave)
        else:
            self.leave()

    def leave(self) -> None:
        """Go without asking, ending what is being done."""
        self.save()
        self.hide()
        if not self.controller.stage.is_working:
            self.left.emit()
            return
        self._leaving = True
        self.leaving.emit()
        self.controller.stop()

    def dragEnterEvent(self, a0: QDragEnterEvent | None) -> None:
        """Welcome a manifest's file."""
        welcome(a0)

    def dropEvent(self, a0: QDropEvent | None) -> None:
        """Open it."""
        if (path := dropped(a0)) is not None:
            self.open_manifest(path)


def _open_link(address: str) -> None:
    url = QUrl(address)
    if url.scheme() in {"http", "https"}:
        QDesktopServices.openUrl(url)
