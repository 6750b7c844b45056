"""Makes pictures of windows as people see them: no window manager runs here that would give them a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPalette, QPen

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

_SHADE = QColor(0, 0, 0, 90)
"""What lies over a window while a dialog asks something."""


def picture(window: QWidget, dialog: QWidget | None = None) -> QImage:
    """Draw a window in its frame, and over it a dialog in its own, as if both were on a screen."""
    drawn = framed(window)
    if dialog is None:
        return drawn
    over = framed(dialog)
    painter = QPainter(drawn)
    painter.fillRect(drawn.rect(), _SHADE)
    left, top = (drawn.width() - over.width()) // 2, (drawn.height() - over.height()) // 2
    painter.drawImage(QPoint(left, top), over)
    painter.end()
    return drawn


def framed(widget: QWidget) -> QImage:
    """Draw a widget with a title bar above it and a line around it, in the colours of its palette."""
    inner = widget.grab().toImage()
    bar = widget.fontMetrics().height() * 2
    drawn = QImage(inner.size() + QSize(2, bar + 1), QImage.Format.Format_RGB32)
    color = widget.palette().color
    drawn.fill(color(QPalette.ColorRole.Midlight))
    painter = QPainter(drawn)
    painter.drawImage(QPoint(1, bar), inner)
    title = QRect(0, 0, drawn.width(), bar)
    font = widget.font()
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(color(QPalette.ColorRole.WindowText))
    painter.drawText(title, Qt.AlignmentFlag.AlignCenter, widget.windowTitle())
    icon = widget.windowIcon().pixmap(bar * 2 // 3, bar * 2 // 3)
    painter.drawPixmap(QPoint(bar // 4, bar // 6), icon)
    _draw_cross(painter, QRect(drawn.width() - bar, 0, bar, bar))
    painter.setPen(color(QPalette.ColorRole.Mid))
    painter.drawRect(drawn.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return drawn


def _draw_cross(painter: QPainter, place: QRect) -> None:
    """Draw the button that closes a window."""
    third = place.width() * 2 // 5
    cross = place.adjusted(third, third, -third, -third)
    painter.setPen(QPen(painter.pen().color(), 1.5))
    painter.drawLine(cross.topLeft(), cross.bottomRight())
    painter.drawLine(cross.topRight(), cross.bottomLeft())
