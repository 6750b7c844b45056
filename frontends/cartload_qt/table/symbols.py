"""A small drawing for each state, in the colour of the text: a shape tells it to those who see no colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QIcon, QPainter, QPainterPath, QPalette, QPixmap

from cartload.state import TaskState
from cartload_qt.following import SIDE, Drawing, pen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PyQt6.QtGui import QColor


def icon(state: TaskState, palette: QPalette, side: int, ratio: float) -> QIcon:
    """Draw the symbol of a state, *side* pixels of a screen with this *ratio* of its own to them."""
    made = QIcon()
    group = QPalette.ColorGroup.Active
    roles = {
        QIcon.Mode.Normal: QPalette.ColorRole.Text,
        QIcon.Mode.Selected: QPalette.ColorRole.HighlightedText,
    }
    for mode, role in roles.items():
        made.addPixmap(_pixmap(_SHAPES[state](), palette.color(group, role), side, ratio), mode)
    return made


def living_icon(state: TaskState) -> QIcon:
    """Give the symbol of a state as an icon of any size, in the colours of whenever it is looked at."""
    return QIcon(Drawing(_SHAPES[state], QPalette.ColorRole.Text))


def _pixmap(path: QPainterPath, color: QColor, side: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / SIDE, side / SIDE)
    painter.setPen(pen(color))
    painter.drawPath(path)
    painter.end()
    return pixmap


def _lines(*lines: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for first, *others in lines:
        path.moveTo(QPointF(*first))
        for point in others:
            path.lineTo(QPointF(*point))
    return path


def _circle(x: float = 8, y: float = 8, radius: float = 6) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return path


def _with(path: QPainterPath, *lines: tuple[tuple[float, float], ...]) -> QPainterPath:
    path.addPath(_lines(*lines))
    return path


def _dots() -> QPainterPath:
    path = _circle(3, 8, 0.6)
    path.addPath(_circle(8, 8, 0.6))
    path.addPath(_circle(13, 8, 0.6))
    return path


def _round_arrow() -> QPainterPath:
    path = QPainterPath()
    square = QRectF(2.5, 2.5, 11, 11)
    path.arcMoveTo(square, 50)
    path.arcTo(square, 50, 280)
    return _with(path, ((8.2, 3.4), (11.6, 3.6), (11.6, 0.6)))


_SHAPES: Mapping[TaskState, Callable[[], QPainterPath]] = {
    TaskState.QUEUED: _dots,
    TaskState.FETCHING: lambda: _lines(
        ((8, 2), (8, 11)), ((4, 7.5), (8, 11.5), (12, 7.5)), ((3, 14), (13, 14))
    ),
    TaskState.VERIFYING: lambda: _with(_circle(6.8, 6.8, 4.4), ((10.2, 10.2), (14, 14))),
    TaskState.STORING: lambda: _lines(
        ((8, 2), (8, 9)), ((5, 6.5), (8, 9.5), (11, 6.5)), ((2.5, 9), (2.5, 14), (13.5, 14), (13.5, 9))
    ),
    TaskState.WAITING: _round_arrow,
    TaskState.PAUSED: lambda: _lines(((5.5, 3), (5.5, 13)), ((10.5, 3), (10.5, 13))),
    TaskState.COMPLETE: lambda: _lines(((2.5, 8.5), (6.5, 12.5), (13.5, 4))),
    TaskState.ALREADY_HELD: lambda: _with(_circle(8, 8, 6.4), ((5, 8.3), (7.3, 10.6), (11.2, 5.8))),
    TaskState.DENIED: lambda: _with(_circle(8, 8, 6.4), ((5, 8), (11, 8))),
    TaskState.FAILED: lambda: _with(
        _circle(8, 8, 6.4), ((5.6, 5.6), (10.4, 10.4)), ((10.4, 5.6), (5.6, 10.4))
    ),
    TaskState.LEFT_OUT: lambda: _lines(((3, 6), (13, 6)), ((3, 10), (13, 10))),
    TaskState.REMOVED: lambda: _lines(((3, 8), (13, 8))),
}
