"""The dialog of each question that a session asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from cartload.events import (
    DeniedQuestion,
    ExistingQuestion,
    LoginQuestion,
    PolicyQuestion,
    SpaceQuestion,
)
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_qt.dialogs.denied import DeniedDialog
from cartload_qt.dialogs.existing import ExistingDialog
from cartload_qt.dialogs.login import LoginDialog
from cartload_qt.dialogs.policy import PolicyDialog
from cartload_qt.dialogs.space import SpaceDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

    from cartload.events import Question
    from cartload_qt.dialogs.dialog import Dialog


def dialog_for(
    question: Question,
    parent: QWidget | None,
    *,
    keyring: Callable[[], str] | None = None,
    user: str = "",
) -> Dialog:
    """Make the dialog that asks *question*; its ``answered`` brings what ``Session.answer`` takes.

    None, as ``ExistingDialog`` may bring it, means to cancel the session. *keyring* names the keyring that
    may keep a login, or raises LoginError; *user* is the name that the login begins with.
    """
    match question:
        case PolicyQuestion():
            return PolicyDialog(question, parent)
        case LoginQuestion():
            return LoginDialog(question, parent, keyring=keyring or KeyringStore().describe, user=user)
        case DeniedQuestion():
            return DeniedDialog(question, parent)
        case ExistingQuestion():
            return ExistingDialog(question, parent)
        case SpaceQuestion():
            return SpaceDialog(question, parent)
        case _:
            assert_never(question)
