"""Small drawings for actions, where the system has none: in the colour of the text, as it is at the moment.

The ones that Qt brings along for playing and closing are black, also where all around them is dark.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import (
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PyQt6.QtCore import QSize

_SIDE = 16
"""Side of the square in which the drawings are made."""
_LINE = 1.6


class Glyph(Enum):
    """What there are drawings of."""

    PLAY = "play"
    PAUSE = "pause"
    STOP = "stop"
    RETRY = "retry"
    DELETE = "delete"
    CLOSE = "close"


def icon(glyph: Glyph) -> QIcon:
    """Give the drawing as an icon, of any size."""
    return QIcon(_Engine(glyph))


class _Engine(QIconEngine):
    """Draws when it is asked to, in the palette of that moment."""

    def __init__(self, glyph: Glyph) -> None:
        super().__init__()
        self._glyph = glyph

    def clone(self) -> QIconEngine:
        """Give another of the same."""
        return _Engine(self._glyph)

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw in the middle of *rect*."""
        del state
        if painter is None:
            return
        side = min(rect.width(), rect.height())
        groups = {QIcon.Mode.Disabled: QPalette.ColorGroup.Disabled}
        group = groups.get(mode, QPalette.ColorGroup.Active)
        color = QGuiApplication.palette().color(group, QPalette.ColorRole.ButtonText)
        path, is_filled = _SHAPES[self._glyph]()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
        painter.scale(side / _SIDE, side / _SIDE)
        style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(color, _LINE, style, cap, join))
        if is_filled:
            painter.setBrush(color)
        painter.drawPath(path)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw on nothing."""
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return drawn


def _play() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(4.5, 3), QPointF(4.5, 13), QPointF(12.5, 8), QPointF(4.5, 3)]))
    return path, True


def _pause() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRect(QRectF(4.5, 3.5, 2, 9))
    path.addRect(QRectF(9.5, 3.5, 2, 9))
    return path, True


def _stop() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRect(QRectF(4, 4, 8, 8))
    return path, True


def _retry() -> tuple[QPainterPath, bool]:
    path, square = QPainterPath(), QRectF(3, 3, 10, 10)
    path.arcMoveTo(square, 50)
    path.arcTo(square, 50, 280)
    return _with(path, ((8, 3.8), (11.4, 4), (11.4, 1))), False


def _delete() -> tuple[QPainterPath, bool]:
    bin_ = ((4, 5), (4.8, 14), (11.2, 14), (12, 5))
    lid = ((2.5, 4.5), (13.5, 4.5))
    return _with(QPainterPath(), bin_, lid, ((6, 4.2), (6.4, 2.2), (9.6, 2.2), (10, 4.2))), False


def _close() -> tuple[QPainterPath, bool]:
    return _with(QPainterPath(), ((4, 4), (12, 12)), ((12, 4), (4, 12))), False


def _with(path: QPainterPath, *lines: tuple[tuple[float, float], ...]) -> QPainterPath:
    for first, *others in lines:
        path.moveTo(QPointF(*first))
        for point in others:
            path.lineTo(QPointF(*point))
    return path


_SHAPES: Mapping[Glyph, Callable[[], tuple[QPainterPath, bool]]] = {
    Glyph.PLAY: _play,
    Glyph.PAUSE: _pause,
    Glyph.STOP: _stop,
    Glyph.RETRY: _retry,
    Glyph.DELETE: _delete,
    Glyph.CLOSE: _close,
}
"""How each is drawn, and whether it is filled."""
