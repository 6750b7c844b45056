"""The window: the cart's pages, and what the user wants done with a cart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QFileDialog, QMainWindow, QMenu, QStackedWidget

from cartload.plan import Need
from cartload.state import TaskState
from cartload_common import texts
from cartload_qt.bridge import Bridge, Outcome
from cartload_qt.dialogs.confirming import LeaveDialog, RemoveDialog
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.dialogs.trust import TrustDialog
from cartload_qt.reporting import writing
from cartload_qt.stage import Stage
from cartload_qt.translation import tr
from cartload_qt.window.actions import Actions
from cartload_qt.window.asking import Asking
from cartload_qt.window.cart_page import CartPage
from cartload_qt.window.reading_page import ReadingPage
from cartload_qt.window.showing import Showing
from cartload_qt.window.start_page import StartPage, dropped, welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtCore import QSettings
    from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from cartload.model import SeriesUID
    from cartload_common.redaction import Redaction
    from cartload_qt.choices import Choices
    from cartload_qt.controller import Controller

_MANIFESTS = "*.tcia *.txt *.csv *.xml"
_RUNNING = frozenset({TaskState.FETCHING, TaskState.VERIFYING})
_STOPPABLE = frozenset({Stage.RUNNING, Stage.PAUSING, Stage.PAUSED})


class MainWindow(QMainWindow):
    """Shows a controller's cart.

    ``leaving`` tells that the user goes while something still lets go, ``left`` that nothing runs any more.
    """

    leaving = pyqtSignal()
    left = pyqtSignal()

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
        self.showing = Showing(self, controller)
        self._connect()
        self._restore()

    def _connect(self) -> None:
        controller, page, actions = self.controller, self.cart_page, self.actions_
        controller.stage_changed.connect(self._stage_changed)
        self.start_page.dropped.connect(self.open_manifest)
        self.start_page.open_wanted.connect(self.choose_manifest)
        self.reading_page.cancel_wanted.connect(controller.stop)
        page.table.current_changed.connect(page.details.show_series)
        page.filter.left.connect(page.table.setFocus)
        page.table.retry_wanted.connect(controller.retry)
        page.table.remove_wanted.connect(self.remove)
        page.table.folder_wanted.connect(self._open_folder_of)
        page.details.link_wanted.connect(_open_link)
        page.ending.retry_wanted.connect(controller.retry)
        page.ending.report_wanted.connect(self.choose_report)
        page.ending.folder_wanted.connect(self.open_folder)
        page.ending.close_wanted.connect(self.close_cart)
        actions.connect(
            (
                (actions.open, self.choose_manifest),
                (actions.close_cart, self.close_cart),
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
        dialog.setNameFilters(
            [tr("Manifests ({patterns})", patterns=_MANIFESTS), tr("All files ({patterns})", patterns="*")]
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open_manifest(Path(name)))
        dialog.open()

    def open_manifest(self, path: Path, directory: Path | None = None) -> None:
        """Show what is in a manifest that goes to *directory*; a download that runs is asked about first."""
        self._memory.setValue("folder", str(path.parent))
        self._when_agreed(lambda: self._open(path, directory))

    def _open(self, path: Path, directory: Path | None) -> None:
        if directory is not None:
            self.cart_page.choices.folder.setText(str(directory))
        self.reading_page.begin(path.name)
        self.controller.open(path, self.cart_page.choices.choices())

    def start(self) -> None:
        """Begin the download; an archive that nobody knows gets a login only if the user says so."""
        origin, plan = self.controller.doubtful, self.controller.plan
        if origin is None:
            self._start()
            return

        def take(answer: object) -> None:
            if self.controller.plan is plan:  # else another cart came in between
                if answer is True:
                    self.controller.trust(origin)
                self._start()

        limited = len(plan.having(Need.DENIED))
        self.asking.ask(lambda: TrustDialog(origin, limited, self), take, of_the_run=True)

    def _start(self) -> None:
        choices = self.cart_page.choices.choices()
        self._memory.setValue("directory", str(choices.directory))
        self.controller.start(choices)

    def remove(self, uids: Sequence[SeriesUID]) -> None:
        """Take series out of the cart; those that are being fetched only if the user is sure."""
        running = sum(self.cart_page.model.state(uid) in _RUNNING for uid in uids)
        if not running:
            self.controller.remove(uids)
            return

        def take(answer: object) -> None:
            if answer is True:
                self.controller.remove(uids)

        self.asking.ask(lambda: RemoveDialog(running, len(uids), self), take, of_the_run=True)

    def close_cart(self) -> None:
        """Let go of the cart; a download that runs is asked about first."""
        self._when_agreed(self.controller.close)

    def choose_report(self) -> None:
        """Let the user choose where the report is written."""
        dialog = QFileDialog(self, tr("Save the report"), str(self._memory.value("folder", "")))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["HTML (*.html)", tr("Text ({patterns})", patterns="*.txt"), "JSON (*.json)"])
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(lambda name: self.save_report(Path(name)))
        dialog.open()

    def save_report(self, path: Path) -> None:
        """Write the report of what came of the cart so far."""
        opened = self.controller.opened
        if opened is not None and not self._writer.is_busy:
            began, so_far = self.controller.began, self.controller.progress.copy()
            report = self.controller.report
            self._writer.begin(writing(path, lambda: report or so_far.report(), opened, began, self._redact))

    def open_folder(self) -> None:
        """Show the cart's folder in the system's file manager."""
        if self.controller.opened is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.controller.opened.root)))

    def _open_folder_of(self, directory: str) -> None:
        if self.controller.opened is not None:
            folder = self.controller.opened.root / directory
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # --- what it says ------------------------------------------------------------------------------

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.asking.ask(lambda: ErrorDialog(error, self), lambda _: None)

    def note(self, text: str) -> None:
        """Say something that needs no answer."""
        status = self.statusBar()
        if status is not None:
            status.showMessage(texts.safe(text))

    def _written(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.show_error(outcome.error)
        else:
            self.note(tr("The report is in {path}", path=str(outcome.value)))

    # --- coming and going -------------------------------------------------------------------------

    def _when_agreed(self, following: Callable[[], None]) -> None:
        """Go on; while something runs only if the user agrees that it stops."""
        if self.controller.stage not in _STOPPABLE:
            following()
            return
        counts = self.controller.progress.snapshot().counts
        unfinished = sum(number for state, number in counts.items() if not state.is_final)

        def take(answer: object) -> None:
            if answer is True:
                following()

        self.asking.ask(lambda: LeaveDialog(unfinished, self), take, of_the_run=True)

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
        a0.ignore()
        self._when_agreed(self.leave)

    def leave(self) -> None:
        """Go without asking, ending what is being done."""
        self.save()
        self.hide()
        self._leaving = True
        self.leaving.emit()
        if self.controller.stage is Stage.EMPTY:
            self.left.emit()
        else:
            self.controller.close()

    def _stage_changed(self, stage: Stage) -> None:
        if self._leaving and stage is Stage.EMPTY:
            self.left.emit()

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
