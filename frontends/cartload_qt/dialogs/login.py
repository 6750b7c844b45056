"""Asks who somebody is, for one origin, which is shown; the password stays nowhere once it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QFormLayout, QLineEdit

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.origins import keeps_secrets
from cartload_qt.dialogs.aside import Aside
from cartload_qt.dialogs.dialog import Dialog, Icon, Role, Wrapped, bold, headline
from cartload_qt.dialogs.rows import Rows, RowsView
from cartload_qt.dialogs.wording import login_purpose
from cartload_qt.plain import Label, tip
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

    from cartload.events import LoginQuestion
    from cartload.model import Origin


class LoginDialog(Dialog):
    """Answers with ``Credentials``, or False for a guest; ``keeps`` tells whether the login is to be kept.

    *keyring* names the keyring that would keep it, or raises LoginError where none can; it is asked beside.
    """

    def __init__(
        self,
        question: LoginQuestion,
        parent: QWidget | None = None,
        *,
        keyring: Callable[[], str],
        user: str = "",
    ) -> None:
        super().__init__(parent, tr("Log in"), careful=False)
        self.keeps = False
        self._is_safe = keeps_secrets(question.origin)
        self._show_question(question)
        self._add_fields(user)
        self._add_keeping(keyring)
        self._log_in = self.button(tr("&Log in"), Role.AcceptRole, self._give_login, default=True)
        self.choice(tr("Go on as a &guest"), Role.RejectRole, answer=False)
        self._weigh()
        (self._password if user else self._user).setFocus()
        self.finish(40)

    def done(self, a0: int) -> None:
        """Close, without the password."""
        self._password.setText("")  # this forgets what could be undone, too, as clear() does not
        super().done(a0)

    def _show_question(self, question: LoginQuestion) -> None:
        said = tr("Log in to {origin}", origin=str(question.origin))
        self.lines.addLayout(
            headline(
                self, Icon.SP_MessageBoxQuestion, said, login_purpose(question) if question.series else ""
            )
        )
        self._list_series(question)
        if question.refusal:
            refused = tr("The last login was not accepted: {reason}", reason=question.refusal)
            self.lines.addLayout(headline(self, Icon.SP_MessageBoxWarning, refused))
        if question.origin.scheme == "http":
            self.lines.addLayout(headline(self, Icon.SP_MessageBoxWarning, *_unencrypted(question.origin)))

    def _list_series(self, question: LoginQuestion) -> None:
        if not question.series:
            return
        rows = Rows((tr("Series"),), [(uid,) for uid in question.series], self)
        table = RowsView(rows, tr("Series that are not for guests"), self)
        table.setVisible(False)
        lists = QCheckBox(tr("List the s&eries"), self)
        lists.toggled.connect(table.setVisible)
        lists.toggled.connect(lambda _: self.adjustSize())
        self.lines.addWidget(lists)
        self.lines.addWidget(table, 1)

    def _add_fields(self, user: str) -> None:
        self._user = QLineEdit(user, self)
        self._password = QLineEdit(self)
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._shows = QCheckBox(tr("&Show the password"), self)
        self._shows.toggled.connect(self._show_password)
        self._fault = bold("", self)
        self._fault.setVisible(False)
        form = QFormLayout()
        for text, field in ((tr("&User name:"), self._user), (tr("&Password:"), self._password)):
            label = Label(text, self)
            label.setBuddy(field)
            form.addRow(label, field)
        _add_below(form, self._shows)
        _add_below(form, self._fault)
        self.lines.addLayout(form)
        self._form = form
        for field in (self._user, self._password):
            field.textChanged.connect(self._weigh)

    def _add_keeping(self, keyring: Callable[[], str]) -> None:
        self._keeping = QCheckBox(tr("&Keep in the system keyring"), self)
        self._keeping.setEnabled(False)
        self._why = Wrapped(tr("Looking for a keyring…"), self)
        _add_below(self._form, self._keeping)
        _add_below(self._form, self._why)
        self.lines.addStretch(1)
        self._looking = Aside(self)
        self._looking.done.connect(self._know_keyring)
        self._looking.begin(keyring)

    def _know_keyring(self, found: object) -> None:
        is_usable = isinstance(found, str)
        self._keeping.setEnabled(is_usable)
        if isinstance(found, LoginError):
            said = tr("It cannot be kept: {reason}", reason=found.what)
            self._keeping.setToolTip(tip(found.advice))
        else:
            said = tr("Keyring: {name}. It is kept once the archive has accepted it.", name=str(found))
        self._why.setText(said)

    def _show_password(self, shown: bool) -> None:  # noqa: FBT001 - as the signal has it
        self._password.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self._password.setInputMethodHints(  # or keyboards on a screen learn it
            hints.ImhSensitiveData | hints.ImhNoPredictiveText | hints.ImhNoAutoUppercase
        )

    def _weigh(self) -> None:
        self._fault.setVisible(False)
        is_whole = bool(self._user.text().strip()) and bool(self._password.text())
        self._log_in.setEnabled(self._is_safe and is_whole)

    def _give_login(self) -> None:
        try:
            given = Credentials(self._user.text(), Secret(self._password.text()))
        except ValueError as error:
            self._fault.setText(tr("This cannot be sent: {reason}.", reason=str(error)))
            self._fault.setVisible(True)
            return
        self.keeps = self._keeping.isEnabled() and self._keeping.isChecked()
        self.give(given)


def _add_below(form: QFormLayout, widget: QWidget) -> None:
    """Put a widget under the fields, without a label of its own."""
    form.setWidget(form.rowCount(), QFormLayout.ItemRole.FieldRole, widget)


def _unencrypted(origin: Origin) -> tuple[str, str]:
    if keeps_secrets(origin):
        return (
            tr("This address is not encrypted (http)."),
            tr("It is this very computer, so that nobody can read the login on its way."),
        )
    return (
        tr("This address is not encrypted (http): anybody on the way could read your password."),
        tr("It is not sent there. Use the archive's https address, or go on as a guest."),
    )
