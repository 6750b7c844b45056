"""The page of the logins that are kept: where, and as whom; and how to forget them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cartload.errors import CartloadError
from cartload_common.credentials import keeping
from cartload_qt.dialogs.aside import Aside
from cartload_qt.dialogs.dialog import Wrapped
from cartload_qt.dialogs.rows import Rows, RowsView
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from cartload.model import Origin
    from cartload_common.credentials.keyring_store import KeyringStore
    from cartload_common.credentials.login_list import LoginList


@frozen
class KeptLogins:
    """Where logins are kept: the passwords, and the list of whose they are."""

    store: KeyringStore
    listed: LoginList


class LoginsPage(QWidget):
    """Lists the logins, and forgets those that are selected; a locked keyring may take its time."""

    def __init__(self, logins: KeptLogins, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = logins
        self._logins: list[tuple[Origin, tuple[str, ...]]] = []
        self._rows = Rows((tr("Archive"), tr("Users")), [], self)
        self.table = RowsView(self._rows, tr("Kept logins"), self)
        self._said = Wrapped("", self)
        self.forgetting = QPushButton(tr("&Forget"), self)
        self.forgetting.setAutoDefault(False)
        self.forgetting.clicked.connect(self._forget)
        self._working = Aside(self)
        self._working.done.connect(self._forgotten)
        self._lay_out()
        self.look()
        selection = self.table.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._weigh)

    def look(self) -> None:
        """Show what is kept."""
        self._logins = sorted(self._kept.listed.read().items(), key=lambda login: str(login[0]))
        self._rows.replace([(str(origin), ", ".join(users)) for origin, users in self._logins])
        self.table.fit()
        self._said.setText("" if self._logins else tr("No login is kept."))
        self._weigh()

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        said = tr("The passwords are in the system keyring; these archives may be sent a login.")
        lines.addWidget(Wrapped(said, self))
        lines.addWidget(self.table, 1)
        below = QHBoxLayout()
        below.addWidget(self._said, 1)
        below.addWidget(self.forgetting)
        lines.addLayout(below)

    def _weigh(self) -> None:
        self.forgetting.setEnabled(bool(self.table.selected()))

    def _forget(self) -> None:
        chosen = [self._logins[row] for row in self.table.selected()]
        kept = self._kept

        def forget() -> None:
            for origin, users in chosen:
                keeping.forget(kept.store, kept.listed, origin, users)

        self.forgetting.setEnabled(False)
        self._said.setText(tr("Asking the keyring…"))
        self._working.begin(forget)

    def _forgotten(self, outcome: object) -> None:
        self.look()
        if isinstance(outcome, CartloadError):
            self._said.setText(tr("It was not forgotten: {reason}", reason=str(outcome)))
