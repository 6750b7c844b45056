"""An error: what happened, to what, and what to do; the faults of a cart each with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QGuiApplication

from cartload_qt.dialogs.dialog import Dialog, Icon, Role, Wrapped, headline
from cartload_qt.dialogs.rows import Rows, RowsView
from cartload_qt.dialogs.wording import trouble
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget


class ErrorDialog(Dialog):
    """Shows an error, and copies it; there is nothing to answer."""

    def __init__(self, error: Exception, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("That did not work"))
        self._shown = trouble(error)
        self.lines.addLayout(
            headline(self, Icon.SP_MessageBoxCritical, self._shown.headline, self._shown.subject)
        )
        if self._shown.faults:
            rows = [("" if each.line is None else str(each.line), each.text) for each in self._shown.faults]
            table = Rows((tr("Line"), tr("What is wrong")), rows, self)
            self.lines.addWidget(RowsView(table, tr("Faults"), self), 1)
        if self._shown.advice:
            self.lines.addWidget(Wrapped(self._shown.advice, self))
        self.lines.addStretch(0 if self._shown.faults else 1)
        self.button(tr("&Copy"), Role.ActionRole, self._copy)
        close = self.choice(tr("C&lose"), Role.RejectRole, answer=None, default=True)
        close.setFocus()
        self.finish(48, 20 if self._shown.faults else 0)

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._shown.text)
