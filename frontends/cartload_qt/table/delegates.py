"""Paints the cells that are more than text: the bar, the symbol of the state, the mark of a licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QBrush, QPalette
from PyQt6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cartload.state import TaskState
from cartload_qt.table import roles, symbols

if TYPE_CHECKING:
    from PyQt6.QtCore import QModelIndex
    from PyQt6.QtGui import QColor, QIcon, QPainter
    from PyQt6.QtWidgets import QWidget

_RESTING = frozenset({TaskState.PAUSED, TaskState.WAITING, TaskState.FAILED})
_NEVER = frozenset({TaskState.DENIED, TaskState.REMOVED})


class ProgressDelegate(QStyledItemDelegate):
    """Paints how far a series is: a bar with the percentage in it, hatched where nothing moves."""

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint the cell, and the bar in it; none for what does not come."""
        drawn = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        text, drawn.text = drawn.text or "", ""
        style = QApplication.style()
        if painter is None or style is None:
            return
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, drawn.widget)
        state, done = index.data(roles.STATE), index.data(roles.PERCENT)
        if isinstance(done, int) and not (state in _NEVER and not done):
            painter.save()
            is_resting = state in _RESTING and index.data(roles.UID) is not None  # a group is never still
            _paint_bar(painter, drawn, text, done, is_resting=is_resting)
            painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Give rows some air, so that bars do not touch."""
        del index
        metrics = option.fontMetrics
        return QSize(metrics.horizontalAdvance("100%") * 2, metrics.height() + metrics.height() // 2)


class StateDelegate(QStyledItemDelegate):
    """Paints the state's symbol before its word."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent
        self._drawn: dict[tuple[object, ...], QIcon] = {}

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:
        """Add the symbol."""
        super().initStyleOption(option, index)
        state = index.data(roles.STATE)
        if option is not None and isinstance(state, TaskState):
            side = option.fontMetrics.height()
            _decorate(option, self._icon(state, option.palette, side), side)

    def _icon(self, state: TaskState, palette: QPalette, side: int) -> QIcon:
        ratio = self._widget.devicePixelRatioF()
        key = (state, palette.cacheKey(), side, ratio)
        if key not in self._drawn:
            self._drawn[key] = symbols.icon(state, palette, side, ratio)
        return self._drawn[key]


class LicenseDelegate(QStyledItemDelegate):
    """Paints a warning before the name of a licence that forbids commercial use."""

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:
        """Add the mark."""
        super().initStyleOption(option, index)
        style = QApplication.style()
        if option is not None and style is not None and index.data(roles.RESTRICTED):
            mark = style.standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning)
            _decorate(option, mark, option.fontMetrics.height())


def _decorate(option: QStyleOptionViewItem, icon: QIcon, side: int) -> None:
    option.icon = icon
    option.decorationSize = QSize(side, side)
    option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration


def _paint_bar(
    painter: QPainter, option: QStyleOptionViewItem, text: str, done: int, *, is_resting: bool
) -> None:
    margin = max(2, option.fontMetrics.height() // 6)
    track = option.rect.adjusted(margin, margin, -margin, -margin)
    color = option.palette.color
    painter.setPen(color(QPalette.ColorRole.Mid))
    painter.setBrush(color(QPalette.ColorRole.Base))
    painter.drawRect(track.adjusted(0, 0, -1, -1))
    inner = track.adjusted(1, 1, -1, -1)
    filled = QRect(inner.left(), inner.top(), inner.width() * done // 100, inner.height())
    if is_resting:
        painter.fillRect(filled, QBrush(color(QPalette.ColorRole.Mid), Qt.BrushStyle.BDiagPattern))
        _write(painter, inner, text, inner, color(QPalette.ColorRole.Text))
        return
    painter.fillRect(filled, color(QPalette.ColorRole.Highlight))
    rest = inner.adjusted(filled.width(), 0, 0, 0)
    _write(painter, filled, text, inner, color(QPalette.ColorRole.HighlightedText))
    _write(painter, rest, text, inner, color(QPalette.ColorRole.Text))


def _write(painter: QPainter, part: QRect, text: str, whole: QRect, color: QColor) -> None:
    """Write the text in the middle of the *whole*, but only that of it which lies in a *part*."""
    painter.setClipRect(part)
    painter.setPen(color)
    painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, text)
