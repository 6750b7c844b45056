"""One cart: how far it is, its series, and below them where it goes and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cartload_qt.table.details import DetailsPane
from cartload_qt.table.filter_bar import FilterBar
from cartload_qt.table.model import SeriesModel
from cartload_qt.table.notice import CommercialNotice
from cartload_qt.table.view import SeriesView
from cartload_qt.window.choices_panel import ChoicesPanel
from cartload_qt.window.ending_bar import EndingBar
from cartload_qt.window.overall import OverallBar

if TYPE_CHECKING:
    from PyQt6.QtGui import QAction

    from cartload_qt.choices import Choices
    from cartload_qt.window.actions import Actions


class CartPage(QScrollArea):
    """Lays out the parts; who made them talk to each other is the window.

    Where letters are large and the window is small it scrolls: nothing is squeezed until it cannot be read.
    """

    def __init__(self, actions: Actions, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SeriesModel(self)
        self.overall = OverallBar()
        self.notice = CommercialNotice(self.model)
        self.filter = FilterBar(self.model)
        self.table = SeriesView(self.model)
        self.details = DetailsPane(self.model)
        self.choices = ChoicesPanel(choices)
        self.ending = EndingBar()
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.table)
        self.split.addWidget(self.details)
        self.details.setMinimumHeight(self.fontMetrics().lineSpacing() * 8)
        self.split.setStretchFactor(0, 4)
        self.split.setStretchFactor(1, 1)
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 8)
        self.split.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)  # it has the rest
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it scrolls to what has the focus
        self.setWidgetResizable(True)
        self.setWidget(self._laid_out(actions))
        self.model.modelReset.connect(self._choose_one)

    def _laid_out(self, actions: Actions) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        for part in (self.overall, self.notice, self.filter):
            column.addWidget(part)
        column.addWidget(self.split, 1)
        column.addWidget(self.choices)
        column.addWidget(self.ending)
        column.addLayout(_buttons(actions))
        return inside

    def _choose_one(self) -> None:
        """Choose a series of another plan: that which was the current one, else the first that is shown."""
        before, shown = self.details.uid, self.model.order
        if before is not None and before in self.model.rows:
            self.table.show_series(before)
        elif shown:
            self.table.show_series(self.model.rows.tasks[shown[0]].series_uid)


def _buttons(actions: Actions) -> QHBoxLayout:
    """Lay the buttons out: what goes on with the download, and apart from it what takes something away."""
    line = QHBoxLayout()
    for action in (actions.delete, actions.close_cart):
        line.addWidget(ActionButton(action))
    line.addStretch()
    for action in (actions.start, actions.pause, actions.resume):
        line.addWidget(ActionButton(action))
    return line


class ActionButton(QToolButton):
    """A button of an action, with its text: it is enabled exactly when the action is."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """Ask for room around the text, however large that is."""
        return super().sizeHint().expandedTo(QSize(0, self.fontMetrics().height() * 2))
