"""Parts that follow the user's font and colours while the window is open, where Qt's own do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PyQt6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPen, QPixmap
from PyQt6.QtWidgets import QApplication

from cartload_qt.plain import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QColor, QPainterPath
    from PyQt6.QtWidgets import QWidget

_LARGER = 1.6
SIDE = 16
"""Of the square in which drawings are made."""

_LINE = 1.7
_NEW_LOOK = frozenset({QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange})


class Heading(Label):
    """A line in letters larger than those of what it stands in."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._enlarge()

    def event(self, e: QEvent | None) -> bool:
        """Heed what it stands in: whoever has a size of their own is not told of the user's new font."""
        parent = self.parentWidget()
        if e is not None and e.type() is QEvent.Type.ParentChange and parent is not None:
            parent.installEventFilter(self)
            self._enlarge()
        return super().event(e)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Choose the size again when the user chose another font."""
        if a1 is not None and a1.type() is QEvent.Type.FontChange and a0 is self.parentWidget():
            self._enlarge()
        return super().eventFilter(a0, a1)

    def _enlarge(self) -> None:
        around = self.parentWidget()
        font = QApplication.font() if around is None else around.font()
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * _LARGER)
        else:  # it was chosen in pixels
            font.setPixelSize(round(font.pixelSize() * _LARGER))
        self.setFont(font)


class Sign(Label):
    """A picture beside words, as high as so many lines of them."""

    def __init__(self, lines: float, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._lines = lines
        self._draw: Callable[[], QIcon] | None = None

    def show_icon(self, draw: Callable[[], QIcon]) -> None:
        """Show what *draw* gives, now and whenever font, colours or style are others."""
        self._draw = draw
        self._look()

    def changeEvent(self, a0: QEvent | None) -> None:
        """Draw again."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() in _NEW_LOOK:
            self._look()

    def _look(self) -> None:
        if self._draw is not None:
            side = round(self.fontMetrics().height() * self._lines)
            self.setPixmap(self._draw().pixmap(side, side))


class Drawing(QIconEngine):
    """An icon of lines, drawn when it is asked for: in the palette's colour for *role* at that moment."""

    def __init__(
        self, shape: Callable[[], QPainterPath], role: QPalette.ColorRole, *, is_filled: bool = False
    ) -> None:
        super().__init__()
        self._shape = shape
        self._is_filled = is_filled
        self._role = role

    def clone(self) -> QIconEngine:
        """Give another of the same."""
        return Drawing(self._shape, self._role, is_filled=self._is_filled)

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw in the middle of *rect*."""
        del state
        if painter is None:
            return
        side, color = min(rect.width(), rect.height()), self._color(mode)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
        painter.scale(side / SIDE, side / SIDE)
        painter.setPen(pen(color))
        if self._is_filled:
            painter.setBrush(color)
        painter.drawPath(self._shape())
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw on nothing."""
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return drawn

    def _color(self, mode: QIcon.Mode) -> QColor:
        groups, palette = QPalette.ColorGroup, QGuiApplication.palette()
        if mode is QIcon.Mode.Selected:
            return palette.color(groups.Active, QPalette.ColorRole.HighlightedText)
        return palette.color(groups.Disabled if mode is QIcon.Mode.Disabled else groups.Active, self._role)


def pen(color: QColor) -> QPen:
    """Give the pen that all drawings are made with."""
    style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(color, _LINE, style, cap, join)
