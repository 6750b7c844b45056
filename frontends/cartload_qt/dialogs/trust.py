"""Asks whether a login may be sent to a server that cartload does not know: the manifest chose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_qt.dialogs.dialog import Dialog, Icon, Role, Wrapped, bold, headline
from cartload_qt.translation import numbered, tr

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from cartload.model import Origin


class TrustDialog(Dialog):
    """Answers by a truth value; Enter and Escape send nothing. *limited* series are not for guests."""

    def __init__(self, origin: Origin, limited: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("Unknown archive"), careful=False)
        said = tr("This is no archive that cartload knows. Send a login there?")
        more = numbered(
            "{number} series of this cart is not for guests, and this server would be sent your login:",
            "{number} series of this cart are not for guests, and this server would be sent your login:",
            limited,
        )
        self.lines.addLayout(headline(self, Icon.SP_MessageBoxWarning, said, more))
        self.lines.addWidget(bold(str(origin), self))
        advice = tr(
            "Whoever made the manifest chose the server. Agree only if this is the very address of the "
            "archive that you have an account with."
        )
        self.lines.addWidget(Wrapped(advice, self))
        self.lines.addStretch(1)
        self.choice(tr("&Yes, ask me for my login"), Role.AcceptRole, answer=True)
        self.choice(tr("&No, go on as a guest"), Role.RejectRole, answer=False, default=True)
        self.finish(44)
