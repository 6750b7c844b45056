"""Long texts that others wrote, to be read, selected and copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFontDatabase
from PyQt6.QtWidgets import QPlainTextEdit

from cartload_common import texts

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget


def passage(text: str, name: str, parent: QWidget, *, is_code: bool = False) -> QPlainTextEdit:
    """Show *text* as it is; *name* tells who cannot see it what it is, *is_code* that columns matter."""
    shown = QPlainTextEdit(parent)
    shown.setReadOnly(True)
    shown.setTabChangesFocus(True)
    flags = Qt.TextInteractionFlag
    shown.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
    shown.setAccessibleName(name)
    if is_code:
        shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    shown.setPlainText(texts.safe_lines(text))
    return shown
