"""What lives as long as the window does: the controller, its memory, the desktop, and the way out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PyQt6.QtCore import QObject, Qt, QTimer
from PyQt6.QtWidgets import QApplication

from cartload.errors import CartloadError
from cartload_common import options
from cartload_qt.bridge import BEAT, Beside
from cartload_qt.choices import Choices, usual_directory
from cartload_qt.chronicle import Chronicle
from cartload_qt.controller import Controller
from cartload_qt.desktop.facade import Desktop
from cartload_qt.memory import Memory
from cartload_qt.recent import RecentCarts
from cartload_qt.stage import Stage
from cartload_qt.window.asides import Asides
from cartload_qt.window.earlier import Earlier
from cartload_qt.window.ending_bar import ending
from cartload_qt.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cartload.progress import Report
    from cartload_common.redaction import Redaction

PATIENCE = 2000
"""Milliseconds that a session gets to let go when the user leaves; what is stored is safe at any moment."""

_BUSY = frozenset({Stage.PREPARING, Stage.RUNNING, Stage.PAUSING, Stage.STOPPING})


class Application(QObject):
    """Makes the window, tells the desktop what happens in it, and sees it out."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._beside = Beside(self)
        self._beside.failed.connect(self.show_fault)
        self.memory = Memory(platformdirs.user_config_path("cartload") / "window.ini", self._beside.do)
        self._fault: CartloadError | None = None
        self.carts = RecentCarts()
        self.controller = Controller(redact, self)
        self.window = MainWindow(self.controller, self._choices(), self.memory, redact)
        self.earlier = Earlier(self.window, self.carts, self._beside)
        self.asides = Asides(self.window, self._beside)
        self._chronicle = Chronicle(self.controller, self.carts, self._beside.do, self)
        self._desktop = Desktop(self)
        self._last = QTimer(self)
        self._last.setSingleShot(True)
        self._last.timeout.connect(self._quit_at_once)
        self.controller.stage_changed.connect(self._stage_changed)
        self.controller.finished.connect(self._finished)
        self.window.showing.progressed.connect(self._desktop.progress)
        self.window.leaving.connect(lambda: self._last.start(PATIENCE))
        # Later: what others still write about the end is asked for by then.
        self.window.left.connect(lambda: QTimer.singleShot(0, self._quit))

    def show(self, manifest: Path | None, warnings: Iterable[str] = ()) -> None:
        """Show the window: with a cart if there is one, else with those that were not finished."""
        self.earlier.show()
        self.window.show()
        for text in warnings:
            self.window.note(text)
        if self._fault is not None:
            self.window.show_error(self._fault)
        if manifest is not None:
            self.window.open_manifest(manifest)
        else:
            self.earlier.offer_at_the_start()

    def take(self, manifest: Path | None) -> None:
        """Take what another start was given, and come to the front."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        if manifest is not None:
            self.window.open_manifest(manifest)

    def show_fault(self, error: Exception) -> None:
        """Show a fault of cartload itself."""
        self.window.show_error(error)

    def leave(self) -> None:
        """Go without asking: what runs is stopped, and may be taken up again."""
        self.window.leave()

    def _choices(self) -> Choices:
        directory = Path(str(self.memory.value("directory", "") or usual_directory()))
        try:
            settings = options.read_settings()
        except CartloadError as error:
            self._fault = error
            return Choices(directory=directory)
        return Choices.of(settings, directory)

    def _stage_changed(self, stage: Stage) -> None:
        self._desktop.busy(stage in _BUSY)
        if stage is Stage.EMPTY:
            self.earlier.show()

    def _finished(self, report: Report) -> None:
        if self.window.isVisible() and not self.window.isActiveWindow():
            self._desktop.finished(report.manifest, ending(report))

    def _quit(self) -> None:
        """Go when the list of carts is written, at the latest when patience ends."""
        if not self._last.isActive():
            self._last.start(PATIENCE)
        if self._beside.is_busy:
            QTimer.singleShot(BEAT, self._quit)
            return
        self._last.stop()
        self.memory.sync()
        QApplication.quit()

    def _quit_at_once(self) -> None:
        """End although a thread still waits for a server: a later start takes up what it leaves."""
        os._exit(130)
