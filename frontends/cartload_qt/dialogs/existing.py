"""Some of the cart is there already: asks for what is missing, or for all of it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QRadioButton

from cartload.settings import Existing
from cartload_qt.dialogs.dialog import Dialog, Icon, Role, Wrapped, headline
from cartload_qt.dialogs.wording import all_choice, held_already, missing_choice
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from cartload.events import ExistingQuestion


class ExistingDialog(Dialog):
    """Answers with ``Existing.MISSING`` or ``ALL``; None cancels the session."""

    def __init__(self, question: ExistingQuestion, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Partly downloaded"))
        more = tr("What do you want to download?")
        self.lines.addLayout(headline(self, Icon.SP_MessageBoxQuestion, held_already(question), more))
        self._missing = QRadioButton(missing_choice(question), self)
        self._all = QRadioButton(all_choice(question), self)
        self._missing.setChecked(True)
        self.lines.addWidget(self._missing)
        self.lines.addWidget(self._all)
        self.lines.addWidget(
            Wrapped(tr("A series that is here stays until its new copy is complete and verified."), self)
        )
        self.lines.addStretch(1)
        self.button(tr("&Start"), Role.AcceptRole, self._start, default=True)
        self.choice(tr("&Cancel"), Role.RejectRole, answer=None)
        self._missing.setFocus()
        self.finish(36)

    def _start(self) -> None:
        self.give(Existing.ALL if self._all.isChecked() else Existing.MISSING)
