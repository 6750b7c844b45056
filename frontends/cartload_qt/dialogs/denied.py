"""The series that the archive refuses, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_qt.dialogs.dialog import Dialog, Icon, Role, headline
from cartload_qt.dialogs.rows import Rows, RowsView
from cartload_qt.translation import numbered, tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from cartload.events import DeniedQuestion


class DeniedDialog(Dialog):
    """Answers whether to go on with the others, by a truth value."""

    def __init__(self, question: DeniedQuestion, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Access denied"), careful=False)
        said = numbered(
            "The archive refuses {number} series of this cart.",
            "The archive refuses {number} series of this cart.",
            len(question.denied),
        )
        more = numbered(
            "{number} other series can be downloaded.",
            "The other {number} series can be downloaded.",
            question.allowed,
        )
        self.lines.addLayout(headline(self, Icon.SP_MessageBoxWarning, said, more))
        rows = Rows(
            (tr("Series"), tr("Reason")), [(each.series_uid, each.reason) for each in question.denied], self
        )
        self.table = RowsView(rows, tr("Refused series"), self)
        self.lines.addWidget(self.table, 1)
        self.button(tr("&Copy"), Role.ActionRole, self.table.copy)
        going_on = numbered(
            "&Go on with the other {number}", "&Go on with the other {number}", question.allowed
        )
        self.choice(going_on, Role.AcceptRole, answer=True, default=True)
        self.choice(tr("&Leave"), Role.RejectRole, answer=False)
        self.finish(72, 22)
