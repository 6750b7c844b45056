"""Without a cart: where to drop one, and those of earlier times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPalette, QPen
from PyQt6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from cartload.state import TaskState
from cartload_common import texts
from cartload_qt.desktop.icon import application_icon
from cartload_qt.following import Heading, Sign
from cartload_qt.measures import moment
from cartload_qt.plain import Label, tip
from cartload_qt.recent import CartState
from cartload_qt.table import symbols
from cartload_qt.translation import figure, numbered, tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QPaintEvent

    from cartload_qt.recent import RecentCart


_SIGNS: Mapping[CartState, TaskState] = {
    CartState.RUNNING: TaskState.FETCHING,
    CartState.STOPPED: TaskState.PAUSED,
    CartState.FAILED: TaskState.FAILED,
    CartState.COMPLETE: TaskState.COMPLETE,
}
"""Carts bear the symbols that their series have in the table."""


class StartPage(QWidget):
    """Takes a manifest by drop (``dropped`` brings its Path) or button, or a cart of before (``resumed``)."""

    dropped = pyqtSignal(object)
    resumed = pyqtSignal(object)
    open_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.button = LargeButton(tr("&Open manifest …"))
        self.button.clicked.connect(self.open_wanted)
        self._title = Label(tr("&Recent carts"))
        self.list = QListWidget()
        self._title.setBuddy(self.list)
        self._lay_out()
        self.list.itemActivated.connect(self._activated)
        self._carts: Sequence[RecentCart] = ()
        self.show_recent(())

    def _lay_out(self) -> None:
        line = self.fontMetrics().lineSpacing()
        self.list.setIconSize(QSize(line * 3 // 2, line * 3 // 2))
        self.list.setSpacing(line // 5)
        self.list.setAlternatingRowColors(True)
        column = QVBoxLayout()
        column.setSpacing(line // 2)
        column.addWidget(DropArea(self.button), 3)
        column.addSpacing(line)
        column.addWidget(self._title)
        column.addWidget(self.list, 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(line, line, line, line)
        row.addStretch(1)
        row.addLayout(column, 5)
        row.addStretch(1)

    def show_recent(self, carts: Sequence[RecentCart]) -> None:
        """List carts: the name, how far each came and when, and where it is."""
        self._carts = carts
        self.list.clear()
        for cart in carts:
            item = QListWidgetItem(symbols.living_icon(_SIGNS[cart.state]), recent_words(cart))
            item.setToolTip(tip(cart.manifest))
            self.list.addItem(item)
        for part in (self._title, self.list):
            part.setVisible(bool(carts))

    def _activated(self, item: QListWidgetItem) -> None:
        self.resumed.emit(self._carts[self.list.row(item)])

    def dragEnterEvent(self, a0: QDragEnterEvent | None) -> None:
        """Welcome a file."""
        welcome(a0)

    def dropEvent(self, a0: QDropEvent | None) -> None:
        """Take it."""
        if (path := dropped(a0)) is not None:
            self.dropped.emit(path)


class LargeButton(QPushButton):
    """A button that is hard to miss."""

    def sizeHint(self) -> QSize:
        """Ask for room around the text, however large that is."""
        metrics = self.fontMetrics()
        return (
            super().sizeHint().expandedTo(QSize(metrics.averageCharWidth() * 24, metrics.lineSpacing() * 2))
        )


class DropArea(QWidget):
    """Shows that a file can be dropped, by a dashed frame, with the *button* for those who drop nothing."""

    def __init__(self, button: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = self.fontMetrics().lineSpacing()
        sign = Sign(6)
        sign.show_icon(application_icon)
        heading = Heading(tr("Drop a manifest here"))
        about = Label(
            tr("A manifest is the file that the archive's portal gives you for a cart (manifest-….tcia)."),
            wraps=True,
        )
        column = QVBoxLayout(self)
        column.setSpacing(line // 2)
        column.addStretch()
        for label in (sign, heading, about):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(line // 2)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint the frame."""
        super().paintEvent(a0)
        width = max(1, self.fontMetrics().height() // 8)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), width, Qt.PenStyle.DashLine))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(self.rect().adjusted(width, width, -width, -width), width * 5, width * 5)
        painter.end()


def recent_words(cart: RecentCart) -> str:
    """Tell a cart of before in two lines: its name, and how far it came, when, and where it is."""
    done, series = figure(cart.done), figure(cart.series)
    how = (
        numbered("complete, {number} series", "complete, {number} series", cart.series)
        if not cart.is_unfinished
        else tr("{done} of {series} series", done=done, series=series)
    )
    told = tr("{how} · {when} · {folder}", how=how, when=moment(cart.when), folder=texts.safe(cart.root))
    return f"{texts.safe(cart.name)}\n{told}"


def welcome(event: QDragEnterEvent | None) -> None:
    """Accept what is dragged over a window if it is one local file."""
    if event is not None and dropped(event) is not None:
        event.acceptProposedAction()


def dropped(event: QDropEvent | None) -> Path | None:
    """Give the one local file that is dragged or dropped."""
    data = None if event is None else event.mimeData()
    urls = [] if data is None else data.urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
