"""Keys and clicks as a user gives them; QTest has them as if they were methods, so its types do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

_NONE = Qt.KeyboardModifier.NoModifier


def press(widget: QWidget | None, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
    """Press one key."""
    cast("Callable[..., None]", QTest.keyClick)(widget, key, modifier)


def type_in(widget: QWidget | None, text: str) -> None:
    """Press the keys of a text."""
    cast("Callable[..., None]", QTest.keyClicks)(widget, text)


def click(widget: QWidget | None, place: QPoint | None = None, modifier: Qt.KeyboardModifier = _NONE) -> None:
    """Click with the left button, in the middle unless there is a *place*."""
    button = Qt.MouseButton.LeftButton
    cast("Callable[..., None]", QTest.mouseClick)(widget, button, modifier, place or QPoint())


def double_click(widget: QWidget | None, place: QPoint) -> None:
    """Click twice, as quickly as it counts."""
    click(widget, place)
    cast("Callable[..., None]", QTest.mouseDClick)(widget, Qt.MouseButton.LeftButton, _NONE, place)
