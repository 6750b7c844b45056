"""There is not enough room: asks whether to begin, or to go on, all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_qt.dialogs.dialog import Dialog, Icon, Role, Wrapped, headline
from cartload_qt.dialogs.wording import room
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from cartload.events import SpaceQuestion


class SpaceDialog(Dialog):
    """Answers by a truth value; a session that runs rests meanwhile."""

    def __init__(self, question: SpaceQuestion, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Not enough room"), careful=False)
        self.lines.addLayout(headline(self, Icon.SP_DriveHDIcon, room(question), question.what))
        self.lines.addWidget(Wrapped(_meaning(begun=question.begun), self))
        self.lines.addStretch(1)
        go_on, stop = _choices(begun=question.begun)
        self.choice(go_on, Role.AcceptRole, answer=True, default=question.begun)
        self.choice(stop, Role.RejectRole, answer=False, default=not question.begun)
        self.finish(40)


def _meaning(*, begun: bool) -> str:
    if begun:
        return tr("The download rests, and nothing is lost. Make room, then go on.")
    return tr("You can make room now, or while it runs: it rests when the disk is full, and asks again.")


def _choices(*, begun: bool) -> tuple[str, str]:
    if begun:
        return tr("&Go on"), tr("&Stop here, keep all that came")
    return tr("&Begin all the same"), tr("&Do not begin")
