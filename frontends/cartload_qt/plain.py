"""What others wrote is shown as plain text, wherever it is shown: Qt would take markup in it for its own.

Every label, tooltip, message box and menu entry with a word from a server or a manifest is made here.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QMessageBox

from cartload_common import texts

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

_MOST_OF_A_TIP = 4000


def tip(text: str) -> str:
    """Make a tooltip of *text* that shows just it, line by line; an empty text makes none.

    Qt takes a tooltip for markup when it looks like it, and has no other way to say that it is none.
    """
    if not text:
        return ""
    shown = texts.safe_lines(text[:_MOST_OF_A_TIP])
    lines = escape(shown).replace("  ", "&nbsp; ").replace("\n", "<br>")
    return f"<p style='white-space:pre-wrap'>{lines}</p>"


def menu_text(text: str) -> str:
    """Make the text of an action or a button, in which Qt takes ``&`` for the mark of a key."""
    return texts.safe(text).replace("&", "&&")


class Label(QLabel):
    """A label that shows its text as it is; *selectable* by mouse and keyboard where people copy it."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, wraps: bool = False, selectable: bool = False
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        if selectable:
            flags = Qt.TextInteractionFlag
            self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setText(text)

    def setText(self, text: str | None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - Qt names it a0
        """Show *text*, made harmless."""
        super().setText(texts.safe_lines(text or ""))


def box(parent: QWidget | None, title: str, text: str, *, more: str = "", details: str = "") -> QMessageBox:
    """Make a message box of plain texts; the caller gives it its icon and buttons, and shows it."""
    made = QMessageBox(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWindowTitle(title)
    made.setText(texts.safe_lines(text))
    made.setInformativeText(texts.safe_lines(more))
    if details:
        made.setDetailedText(texts.safe_lines(details))
    return made
