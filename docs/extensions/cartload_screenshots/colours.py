"""Colours: those of a dark desktop, and the few that a picture needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PyQt6.QtGui import QColor, QImage, QPalette

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 256
_FREQUENT = 176
"""So many of the most frequent colours stay as they are; the others are for what is small, such as signs."""

_COARSE = 0xF0F0F0
_ROLE = QPalette.ColorRole
_DARK: Mapping[QPalette.ColorRole, str] = {
    _ROLE.Window: "#2f3136",
    _ROLE.WindowText: "#f0f0f0",
    _ROLE.Base: "#1f2124",
    _ROLE.AlternateBase: "#272a2e",
    _ROLE.Text: "#f0f0f0",
    _ROLE.PlaceholderText: "#8e949c",
    _ROLE.Button: "#3a3d43",
    _ROLE.ButtonText: "#f0f0f0",
    _ROLE.BrightText: "#ffffff",
    _ROLE.Light: "#50545b",
    _ROLE.Midlight: "#44474d",
    _ROLE.Mid: "#5c6067",
    _ROLE.Dark: "#191b1d",
    _ROLE.Shadow: "#0c0d0e",
    _ROLE.Highlight: "#2f7fb8",
    _ROLE.HighlightedText: "#ffffff",
    _ROLE.Link: "#6cb6ff",
}
_DISABLED = (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText)


def dark() -> QPalette:
    """Give the colours of a dark desktop: where there is no desktop, Qt has no others than its light ones."""
    palette = QPalette()
    for role, name in _DARK.items():
        palette.setColor(role, QColor(name))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#7d828a"))
    return palette


def in_few(image: QImage) -> QImage:
    """Give the picture in 256 colours, which makes its file a third: the frequent ones, and of all some."""
    bits = image.convertToFormat(QImage.Format.Format_RGB32).constBits()
    bits.setsize(image.sizeInBytes())
    ordered = [colour for colour, _ in Counter(memoryview(bits.asstring()).cast("I")).most_common()]
    table = dict.fromkeys(ordered[:_FREQUENT])
    for colour in {each & _COARSE: each for each in reversed(ordered[_FREQUENT:])}.values():
        if len(table) < _MOST:
            table[colour] = None
    return image.convertToFormat(QImage.Format.Format_Indexed8, list(table))
