"""What tests do with a dialog: open it, press its buttons and keys, and hear its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from attrs import field, frozen
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QLabel, QWidget

if TYPE_CHECKING:
    from cartload_qt.dialogs.dialog import Dialog

W = TypeVar("W", bound=QWidget)


@frozen
class Opened:
    """A dialog that is open, and what it answered so far."""

    dialog: Dialog
    answers: list[object] = field(factory=list)

    def press(self, text: str) -> None:
        self.button(text).click()

    def button(self, text: str) -> QAbstractButton:
        found = [each for each in self.all(QAbstractButton) if plain(each.text()) == text]
        assert found, [each.text() for each in self.all(QAbstractButton)]
        return found[0]

    def key(self, key: Qt.Key) -> None:
        press_key(self.dialog.focusWidget() or self.dialog, key)

    def all(self, kind: type[W]) -> list[W]:
        return self.dialog.findChildren(kind)

    def one(self, kind: type[W]) -> W:
        (found,) = self.all(kind)
        return found

    def called(self, kind: type[W], name: str) -> W:
        (found,) = [each for each in self.all(kind) if each.accessibleName() == name]
        return found

    @property
    def said(self) -> str:
        """All that its labels show."""
        labels = [each for each in self.all(QLabel) if each.isVisible()]
        return "\n".join(each.text() for each in labels)


def plain(text: str) -> str:
    """Give a button's text as it is shown."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def press_key(
    widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(widget, key, modifier)  # type: ignore[call-overload]  # the stubs take it for a method


def type_text(widget: QWidget, text: str) -> None:
    QTest.keyClicks(widget, text)  # type: ignore[call-arg,arg-type]  # likewise


def opened(dialog: Dialog) -> Opened:
    made = Opened(dialog)
    dialog.answered.connect(made.answers.append)
    dialog.open()
    return made
