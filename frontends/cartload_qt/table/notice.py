"""Tells that licences in the cart forbid commercial use, before anybody finds out too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStyle, QWidget

from cartload_qt.following import Sign
from cartload_qt.plain import Label
from cartload_qt.translation import numbered, tr

if TYPE_CHECKING:
    from cartload_qt.table.model import SeriesModel


class CommercialNotice(QFrame):
    """A line that is there when a series of *model* has such a licence, and filters the table to them."""

    def __init__(self, model: SeriesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._number = -1
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.text = Label(parent=self, wraps=True)
        self.filtering = QPushButton(tr("&Show only these"), self)
        self.filtering.setCheckable(True)
        self._lay_out()
        self.filtering.clicked.connect(self._filter)
        model.arranged.connect(self._look)
        model.happened.connect(self._look)
        self._look()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        mark = Sign(1.2, self)
        mark.show_icon(self._mark)
        line.addWidget(mark)
        line.addWidget(self.text, 1)
        line.addWidget(self.filtering)

    def _mark(self) -> QIcon:
        style = self.style()
        return QIcon() if style is None else style.standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning)

    def _filter(self, is_wanted: bool) -> None:  # noqa: FBT001 - Qt's signal brings it
        self._model.set_filter(evolve(self._model.choices.filter, restricted=is_wanted))

    def _look(self) -> None:
        number = self._model.rows.count_restricted()
        self.filtering.setChecked(self._model.choices.filter.restricted)
        if number != self._number:
            self._number = number
            self.text.setText(
                numbered(
                    "Not for commercial use: the licence of {number} series forbids it.",
                    "Not for commercial use: the licences of {number} series forbid it.",
                    number,
                )
            )
        # Whoever filtered to them must be able to show all again, when the last of them is gone, too.
        self.setVisible(number > 0 or self.filtering.isChecked())
