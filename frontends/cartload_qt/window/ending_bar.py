"""When a download has ended: what came of it, and what to do next; in the window, never in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStyle, QWidget

from cartload.progress import Report, Verdict
from cartload.state import SessionState, TaskState
from cartload_qt.following import Sign
from cartload_qt.plain import Label
from cartload_qt.table import symbols
from cartload_qt.translation import figure, numbered, tr

if TYPE_CHECKING:
    from PyQt6.QtGui import QIcon

    from cartload.progress import Shortfall


class EndingBar(QFrame):
    """Says how it ended; offers to retry, to save the report, to open the folder, to close the cart."""

    retry_wanted = pyqtSignal()
    report_wanted = pyqtSignal()
    folder_wanted = pyqtSignal()
    close_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._icon = Sign(2)
        self._is_whole = False
        self.words = Label(wraps=True, selectable=True)
        self.retry = QPushButton(tr("&Retry failed"))
        self.save = QPushButton(tr("Save re&port …"))
        self.folder = QPushButton(tr("Open f&older"))
        self.leave = QPushButton(tr("C&lose"))
        line = QHBoxLayout(self)
        line.addWidget(self._icon)
        line.addWidget(self.words, 1)
        for button, signal in (
            (self.retry, self.retry_wanted),
            (self.save, self.report_wanted),
            (self.folder, self.folder_wanted),
            (self.leave, self.close_wanted),
        ):
            button.clicked.connect(signal)
            line.addWidget(button)
        self.hide()

    def show_report(self, report: Report, *, can_retry: bool) -> None:
        """Show what came of it."""
        self._is_whole = report.verdict is Verdict.COMPLETE
        self._icon.show_icon(self._sign)
        self.words.setText(ending(report))
        self.retry.setVisible(can_retry)
        self.folder.setVisible(report.complete + report.already_held > 0)
        self.show()

    def _sign(self) -> QIcon:
        """Give the check mark of the table's complete series, or the system's warning."""
        style = self.style()
        if self._is_whole or style is None:
            return symbols.living_icon(TaskState.ALREADY_HELD)
        return style.standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning)


def ending(report: Report) -> str:
    """Say in words how a download ended: complete only when every series of the cart is there."""
    present = report.complete + report.already_held
    if report.verdict is Verdict.COMPLETE:
        return numbered(
            "Complete: {number} series is there and verified.",
            "Complete: all {number} series are there and verified.",
            present,
        )
    whole = figure(present + len(report.shortfalls) + report.removed)
    parts = [tr("Not complete: {present} of {whole} series are there.", present=figure(present), whole=whole)]
    if failed := _in(report.shortfalls, TaskState.FAILED):
        parts.append(numbered("{number} series failed.", "{number} series failed.", failed))
    if denied := _in(report.shortfalls, TaskState.DENIED):
        parts.append(
            numbered(
                "{number} series is not for this user.",
                "{number} series are not for this user.",
                denied,
            )
        )
    if report.state is SessionState.CANCELLED:
        parts.append(tr("It was stopped; the next start goes on from there."))
    return " ".join(parts)


def _in(shortfalls: tuple[Shortfall, ...], state: TaskState) -> int:
    return sum(shortfall.state is state for shortfall in shortfalls)
