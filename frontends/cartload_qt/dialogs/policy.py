"""The archive's data usage policy, whole; nothing is fetched before it is agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.ports import AcceptedBy
from cartload_qt.dialogs.dialog import Dialog, Icon, Role, bold, headline
from cartload_qt.dialogs.passage import passage
from cartload_qt.dialogs.wording import policy_changed, shortened
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from cartload.events import PolicyQuestion


class PolicyDialog(Dialog):
    """Answers by ``AcceptedBy.PROMPT`` or False; Enter leaves, for nobody agrees to what was never read."""

    def __init__(self, question: PolicyQuestion, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Data usage policy"), careful=False)
        said = tr("Data usage policy of {archive}", archive=shortened(question.policy.archive))
        more = tr("Please read it. Nothing is downloaded before you agree.")
        self.lines.addLayout(headline(self, Icon.SP_MessageBoxInformation, said, more))
        if question.changed_since:
            changed = bold(policy_changed(question.changed_since), self)
            self.lines.addWidget(changed)
        self.lines.addWidget(passage(question.policy.text, tr("Text of the policy"), self), 1)
        self.choice(tr("&Agree"), Role.AcceptRole, answer=AcceptedBy.PROMPT)
        self.choice(tr("&Leave"), Role.RejectRole, answer=False, default=True)
        self.finish(50, 28)
