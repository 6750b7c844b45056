"""Without a cart: where to drop one, and those of earlier times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from cartload_common import texts
from cartload_qt.plain import Label, tip
from cartload_qt.translation import figure, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QDragEnterEvent, QDropEvent

    from cartload_qt.recent import RecentCart


class StartPage(QWidget):
    """Takes a manifest by drop (``dropped`` brings its Path) or button, or a cart of before (``resumed``)."""

    dropped = pyqtSignal(object)
    resumed = pyqtSignal(object)
    open_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._frame = QFrame()
        self._frame.setFrameShape(QFrame.Shape.StyledPanel)
        heading = Label(tr("Drop a manifest here"))
        font = heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        heading.setFont(font)
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        about = Label(
            tr("A manifest is the file that the archive's portal gives you for a cart (manifest-….tcia)."),
            wraps=True,
        )
        about.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton(tr("&Open manifest …"))
        self.button.clicked.connect(self.open_wanted)
        inner = QVBoxLayout(self._frame)
        inner.addStretch()
        inner.addWidget(heading)
        inner.addWidget(about)
        inner.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch()
        self._title = Label(tr("&Recent carts"))
        self.list = QListWidget()
        self._title.setBuddy(self.list)
        self.list.itemActivated.connect(self._activated)
        column = QVBoxLayout(self)
        column.addWidget(self._frame, 3)
        column.addWidget(self._title)
        column.addWidget(self.list, 2)
        self._carts: Sequence[RecentCart] = ()
        self.show_recent(())

    def show_recent(self, carts: Sequence[RecentCart]) -> None:
        """List carts: the name, how far each came, and where it is."""
        self._carts = carts
        self.list.clear()
        for cart in carts:
            item = QListWidgetItem(recent_words(cart))
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


def recent_words(cart: RecentCart) -> str:
    """Tell a cart of before in one line."""
    done, series = figure(cart.done), figure(cart.series)
    how = (
        tr("complete")
        if not cart.is_unfinished
        else tr("{done} of {series} series", done=done, series=series)
    )
    return f"{texts.safe(cart.name)}: {how} ({texts.safe(cart.root)})"


def welcome(event: QDragEnterEvent | None) -> None:
    """Accept what is dragged over a window if it is one local file."""
    if event is not None and dropped(event) is not None:
        event.acceptProposedAction()


def dropped(event: QDropEvent | None) -> Path | None:
    """Give the one local file that is dragged or dropped."""
    data = None if event is None else event.mimeData()
    urls = [] if data is None else data.urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
