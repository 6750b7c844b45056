"""What is asked of widgets: that the keyboard reaches them, that they have names, and room for texts."""

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


def cut_off(top: QWidget) -> list[str]:
    """Give the texts of the labels and buttons below *top* that are too small for them."""
    return [each.text() for each in with_texts(top) if not _has_room(each)]


def with_texts(top: QWidget) -> list[QLabel | QAbstractButton]:
    """Give the labels and buttons below *top* that show a text."""
    shown: list[QLabel | QAbstractButton] = [*top.findChildren(QLabel), *top.findChildren(QAbstractButton)]
    return [each for each in shown if each.isVisible() and each.text()]


def _has_room(widget: QLabel | QAbstractButton) -> bool:
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() >= widget.heightForWidth(widget.width())
    needed = widget.sizeHint()
    return widget.width() >= needed.width() and widget.height() >= needed.height()


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
