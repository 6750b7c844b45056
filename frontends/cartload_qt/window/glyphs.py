"""Small drawings for actions, where the system has none: in the colour of the text, as it is at the moment.

The ones that Qt brings along for playing and closing are black, also where all around them is dark.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QIcon, QPainterPath, QPalette, QPolygonF

from cartload_qt.following import Drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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
    shape, is_filled = _SHAPES[glyph]
    return QIcon(Drawing(shape, QPalette.ColorRole.ButtonText, is_filled=is_filled))


def _play() -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(4.5, 3), QPointF(4.5, 13), QPointF(12.5, 8), QPointF(4.5, 3)]))
    return path


def _pause() -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(4.5, 3.5, 2, 9))
    path.addRect(QRectF(9.5, 3.5, 2, 9))
    return path


def _stop() -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(4, 4, 8, 8))
    return path


def _retry() -> QPainterPath:
    path, square = QPainterPath(), QRectF(3, 3, 10, 10)
    path.arcMoveTo(square, 50)
    path.arcTo(square, 50, 280)
    return _with(path, ((8, 3.8), (11.4, 4), (11.4, 1)))


def _delete() -> QPainterPath:
    bin_ = ((4, 5), (4.8, 14), (11.2, 14), (12, 5))
    lid = ((2.5, 4.5), (13.5, 4.5))
    return _with(QPainterPath(), bin_, lid, ((6, 4.2), (6.4, 2.2), (9.6, 2.2), (10, 4.2)))


def _close() -> QPainterPath:
    return _with(QPainterPath(), ((4, 4), (12, 12)), ((12, 4), (4, 12)))


def _with(path: QPainterPath, *lines: tuple[tuple[float, float], ...]) -> QPainterPath:
    for first, *others in lines:
        path.moveTo(QPointF(*first))
        for point in others:
            path.lineTo(QPointF(*point))
    return path


_SHAPES: Mapping[Glyph, tuple[Callable[[], QPainterPath], bool]] = {
    Glyph.PLAY: (_play, True),
    Glyph.PAUSE: (_pause, True),
    Glyph.STOP: (_stop, True),
    Glyph.RETRY: (_retry, False),
    Glyph.DELETE: (_delete, False),
    Glyph.CLOSE: (_close, False),
}
"""How each is drawn, and whether it is filled."""
