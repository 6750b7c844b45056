"""Questions whether to stop what runs: leaving the window, and taking out series that are being fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_qt.dialogs.dialog import Dialog, Icon, Role, headline
from cartload_qt.translation import numbered, tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget


class LeaveDialog(Dialog):
    """Asks whether to leave while *unfinished* series are still to come; answers by a truth value."""

    def __init__(self, unfinished: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Leave?"), careful=False)
        said = numbered(
            "A download is running: {number} series is still to come.",
            "A download is running: {number} series are still to come.",
            unfinished,
        )
        more = tr(
            "Leaving stops it. All that came is kept, and you are offered to go on with it at the next start."
        )
        self.lines.addLayout(headline(self, Icon.SP_MessageBoxQuestion, said, more))
        self.lines.addStretch(1)
        self.choice(tr("&Leave and stop"), Role.AcceptRole, answer=True)
        self.choice(tr("&Keep running"), Role.RejectRole, answer=False, default=True)
        self.finish(38)


class RemoveDialog(Dialog):
    """Asks whether to take series out of the cart of which some are *running*; answers by a truth value."""

    def __init__(self, running: int, selected: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Remove from the cart?"), careful=False)
        said = numbered(
            "{number} of the {selected} selected series is being downloaded right now.",
            "{number} of the {selected} selected series are being downloaded right now.",
            running,
            selected=selected,
        )
        more = tr(
            "Their download stops, and they are taken out of this cart. No file that was stored is deleted."
        )
        self.lines.addLayout(headline(self, Icon.SP_MessageBoxQuestion, said, more))
        self.lines.addStretch(1)
        self.choice(tr("&Remove"), Role.AcceptRole, answer=True)
        self.choice(tr("&Keep"), Role.RejectRole, answer=False, default=True)
        self.finish(38)
