"""While a cart is read and described: how far that is, and the way out."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from cartload_qt.plain import Label
from cartload_qt.translation import figure, numbered, tr


class ReadingPage(QWidget):
    """Names the manifest, counts the series that the archive has described; ``cancel_wanted`` ends it."""

    cancel_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Label(wraps=True)
        self.name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Series described"))
        self.count = Label()
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.cancel = QPushButton(tr("Ca&ncel"))
        self.cancel.clicked.connect(self.cancel_wanted)
        column = QVBoxLayout(self)
        column.addStretch()
        column.addWidget(self.name)
        column.addWidget(self.bar)
        column.addWidget(self.count)
        column.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        margin = self.fontMetrics().averageCharWidth() * 16
        column.setContentsMargins(margin, 0, margin, 0)

    def begin(self, name: str) -> None:
        """Start over with another manifest."""
        self.name.setText(tr("Reading {name} …", name=name))
        self.bar.setRange(0, 0)
        self.count.setText(tr("asking the archive what is in it"))
        self.cancel.setFocus()

    def show_described(self, described: int, total: int) -> None:
        """Say how many series were described, of so many."""
        self.bar.setRange(0, total)
        self.bar.setValue(described)
        self.count.setText(
            numbered("{done} of {number} series", "{done} of {number} series", total, done=figure(described))
        )
