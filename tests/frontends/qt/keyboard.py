"""What holds for widgets that are reached by keyboard, and named for those who cannot see them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def takes_focus(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def is_inner(widget: QWidget) -> bool:
    """Tell whether a widget is a part of one that Qt made, and named by that."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractItemView | QAbstractSpinBox | QTabBar):
            return True
        parent = parent.parentWidget()
    return "qt_" in widget.objectName()


def has_name(widget: QWidget, buddies: set[int]) -> bool:
    if isinstance(widget, QAbstractButton) and widget.text():
        return True
    if isinstance(widget, QLabel | QTabBar | QTabWidget | QScrollArea):
        return True  # they are what they show
    return bool(widget.accessibleName()) or id(widget) in buddies


def unnamed(top: QWidget) -> list[QWidget]:
    """Give what takes the focus below *top* and does not say what it is."""
    labels = top.findChildren(QLabel)
    buddies = {id(label.buddy()) for label in labels if label.buddy() is not None}
    focusable = [each for each in top.findChildren(QWidget) if takes_focus(each) and not is_inner(each)]
    return [each for each in focusable if not has_name(each, buddies)]


def twice(keys: Iterable[str]) -> list[str]:
    """Give the keys that stand for more than one thing."""
    return [key for key, number in Counter(keys).items() if key and number > 1]


def visible_keys(top: QWidget) -> list[str]:
    """Give the keys of the buttons and labels that are to be seen below *top*."""
    buttons = [each.text() for each in top.findChildren(QAbstractButton) if each.isVisible()]
    labels = [each.text() for each in top.findChildren(QLabel) if each.isVisible() and each.buddy()]
    return [key_of(text) for text in (*buttons, *labels)]


def key_of(text: str) -> str:
    return QKeySequence.mnemonic(text).toString()
