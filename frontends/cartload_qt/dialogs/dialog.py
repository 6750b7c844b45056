"""What every dialog is: it tells one answer, also when it is closed; then it is the careful one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QPushButton, QStyle, QVBoxLayout, QWidget

from cartload_qt.dialogs.wording import folded
from cartload_qt.plain import Label

if TYPE_CHECKING:
    from collections.abc import Callable

Icon = QStyle.StandardPixmap
Role = QDialogButtonBox.ButtonRole

_GAP = 12
"""Between an icon and what it stands for, as Qt's own message boxes have it."""


class Dialog(QDialog):
    """A dialog to be opened with ``open()``; ``answered`` comes exactly once, after it has gone.

    *careful* is the answer when it is closed by Escape or its window's button.
    """

    answered = pyqtSignal(object)

    def __init__(self, parent: QWidget | None, title: str, *, careful: object = None) -> None:
        super().__init__(parent)
        self._answer = careful
        self._is_answered = False
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.lines = QVBoxLayout(self)
        self.buttons = QDialogButtonBox(self)

    def give(self, answer: object) -> None:
        """Answer, and close."""
        if not self._is_answered:
            self._answer = answer
            self.accept()

    def done(self, a0: int) -> None:
        """Close, and tell the answer."""
        super().done(a0)
        if not self._is_answered:
            self._is_answered = True
            self.answered.emit(self._answer)

    def button(
        self, text: str, role: Role, clicked: Callable[[], object], *, default: bool = False
    ) -> QPushButton:
        """Add a button; of all but the default one none is pressed by Enter unless it has the focus."""
        made = self.buttons.addButton(text, role)
        assert made is not None  # noqa: S101 - it is None only for roles that are none
        made.setDefault(default)
        if default:
            made.setFocus()  # or whichever has the focus at first counts as the default
        made.clicked.connect(lambda _: clicked())
        return made

    def choice(self, text: str, role: Role, *, answer: object, default: bool = False) -> QPushButton:
        """Add a button that gives an answer."""
        return self.button(text, role, lambda: self.give(answer), default=default)

    def finish(self, ems: float, lines: float = 0) -> None:
        """Put the buttons below, and begin with a size of so many letters and lines."""
        self.lines.addWidget(self.buttons)
        metrics = self.fontMetrics()
        width = max(int(ems * metrics.horizontalAdvance("m")), self.minimumSizeHint().width())
        least = (
            self.lines.heightForWidth(width) if self.lines.hasHeightForWidth() else self.sizeHint().height()
        )
        self.resize(width, max(least, int(lines * metrics.lineSpacing())))


def headline(owner: QWidget, icon: Icon | None, text: str, more: str = "") -> QHBoxLayout:
    """Lay out what a dialog is about: an icon, a line in bold, and what is to be said of it."""
    row = QHBoxLayout()
    row.setSpacing(_GAP)
    style = owner.style()
    if icon is not None and style is not None:
        size = style.pixelMetric(QStyle.PixelMetric.PM_LargeIconSize)
        sign = Label(parent=owner)
        sign.setPixmap(style.standardIcon(icon).pixmap(size, size))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    said = QVBoxLayout()
    said.addWidget(bold(text, owner))
    if more:
        said.addWidget(Wrapped(more, owner))
    said.addStretch(1)
    row.addLayout(said, 1)
    return row


class Wrapped(Label):
    """A text of any length, readable, and selectable to be copied."""

    def __init__(self, text: str, owner: QWidget) -> None:
        super().__init__(text, owner, wraps=True, selectable=True)

    def setText(self, text: str | None) -> None:
        """Show *text*, its long words broken and a long end left out."""
        super().setText(folded(text or ""))


def bold(text: str, owner: QWidget) -> Wrapped:
    """Make a line that stands out; only its weight differs, so it follows the user's font."""
    label = Wrapped(text, owner)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
