"""The end of this run's log, as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer, QUrl
from PyQt6.QtGui import QDesktopServices, QGuiApplication
from PyQt6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from cartload_common import log_file, texts
from cartload_qt.dialogs.dialog import Dialog, Role, Wrapped
from cartload_qt.dialogs.passage import passage
from cartload_qt.log_tail import LogTail
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QHideEvent, QShowEvent

    from cartload_common.log_handler import LogHandler

MOST_LINES = 5000
_EVERY = 500
"""Milliseconds between two looks; while the page is hidden there are none."""


class LogPage(QWidget):
    """Shows and follows the log; *current* gives what writes it, None where there is none."""

    def __init__(
        self, current: Callable[[], LogHandler | None] = log_file.current, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._current = current
        self._tail = LogTail()
        self._where = Wrapped("", self)
        self.text = passage("", tr("Log of this run"), self, is_code=True)
        self.text.setMaximumBlockCount(MOST_LINES)
        self._follows = QCheckBox(tr("&Follow the end"), self)
        self._follows.setChecked(True)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        for each in (self._where, self.text, self._follows):
            lines.addWidget(each)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.look)
        self.look()

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Begin to follow."""
        super().showEvent(a0)
        self.look()
        self._timer.start()

    def hideEvent(self, a0: QHideEvent | None) -> None:
        """Do not follow what nobody sees."""
        super().hideEvent(a0)
        self._timer.stop()

    def look(self) -> None:
        """Show what came since the last look."""
        handler = self._current()
        if handler is None:
            self._where.setText(
                tr(
                    "No log is kept: it was switched off ({variable}), or could not be written.",
                    variable=log_file.VARIABLE,
                )
            )
            return
        try:
            added = self._tail.added(handler.latest)
        except OSError as error:
            why = error.strerror or str(error)
            self._where.setText(tr("{path} cannot be read: {reason}", path=str(handler.latest), reason=why))
            return
        self._where.setText(str(handler.latest))
        if added:
            self._append(added)

    def copy(self) -> None:
        """Copy what is selected; all that is shown, where nothing is."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            chosen = self.text.textCursor().selection().toPlainText()
            clipboard.setText(chosen or self.text.toPlainText())

    def open_folder(self) -> None:
        """Show the log's folder in the desktop's own program."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file.folder())))

    def _append(self, added: str) -> None:
        bar = self.text.verticalScrollBar()
        before = bar.value() if bar is not None else 0
        self.text.appendPlainText(texts.safe_lines(added))
        if bar is not None:
            bar.setValue(bar.maximum() if self._follows.isChecked() else before)


class LogDialog(Dialog):
    """The page in a window of its own, beside which one can go on."""

    def __init__(
        self, parent: QWidget | None = None, *, current: Callable[[], LogHandler | None] = log_file.current
    ) -> None:
        super().__init__(parent, tr("Log"))
        self.page = LogPage(current, self)
        self.lines.addWidget(self.page, 1)
        self.button(tr("&Copy"), Role.ActionRole, self.page.copy)
        self.button(tr("&Open its folder"), Role.ActionRole, self.page.open_folder)
        self.choice(tr("C&lose"), Role.RejectRole, answer=None, default=True)
        self.finish(70, 30)
