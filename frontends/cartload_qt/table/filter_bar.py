"""The line above the table: which series are shown, how they are grouped, and how many that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from cartload.state import TaskState
from cartload_qt import plain
from cartload_qt.plain import Label
from cartload_qt.table.arranging import Filter, Grouping
from cartload_qt.table.rows import HERE
from cartload_qt.translation import figure, numbered, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QKeyEvent

    from cartload_qt.table.model import SeriesModel

_PAUSE = 150
"""Milliseconds without a key after which the table follows what was typed: a large cart takes a moment."""


class SearchBox(QLineEdit):
    """The box for words; Esc empties it, Enter and Down leave it for the table."""

    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(tr("Filter: patient, description, UID …"))
        self.setAccessibleName(tr("Filter the series"))
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Heed the keys that are the box's own."""
        key = a0.key() if a0 else None
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in _LEAVING:
            self.left.emit()
        else:
            super().keyPressEvent(a0)


class FilterBar(QWidget):
    """Filters and groups the series of *model*; ``left`` tells that the keyboard wants to go to the table."""

    left = pyqtSignal()

    def __init__(self, model: SeriesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.box = SearchBox(self)
        self.states = _combobox(self, tr("Show series"), _states())
        self.groups = _combobox(self, tr("Group by"), _groupings())
        self.settling = QPushButton(tr("&Update order"), self)
        self.settling.setToolTip(tr("Series have changed since they were sorted and filtered."))
        self.count = Label(parent=self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._lay_out()
        self._listen()
        self._arranged()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.box, 1)
        line.addWidget(self.states)
        line.addWidget(self.groups)
        line.addWidget(self.settling)
        line.addWidget(self.count)

    def _listen(self) -> None:
        finding = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        finding.activated.connect(self._begin)
        self.box.left.connect(self._leave)
        self.box.textChanged.connect(self._typed)
        self._pause.timeout.connect(self._search)
        self.states.activated.connect(self._chose_states)
        self.groups.activated.connect(self._chose_groups)
        self.settling.clicked.connect(self._model.settle)
        self._model.arranged.connect(self._arranged)
        self._model.outdated_changed.connect(self.settling.setVisible)

    def _begin(self) -> None:
        self.box.setFocus()
        self.box.selectAll()

    def _leave(self) -> None:
        self._search()
        self.left.emit()

    def _typed(self, text: str) -> None:
        if text:
            self._pause.start()
        else:
            self._search()

    def _search(self) -> None:
        self._pause.stop()
        self._model.set_filter(evolve(self._model.choices.filter, text=self.box.text()))

    def _chose_states(self, place: int) -> None:
        self._model.set_filter(evolve(self._model.choices.filter, states=self.states.itemData(place)))

    def _chose_groups(self, place: int) -> None:
        self._model.set_grouping(self.groups.itemData(place))

    def _arranged(self) -> None:
        """Show what is chosen, whoever chose it, and how many series that leaves."""
        choices = self._model.choices
        if not self._pause.isActive() and self.box.text() != choices.filter.text:
            self.box.setText(choices.filter.text)
            self._pause.stop()  # nobody typed it
        self.groups.setCurrentIndex(self.groups.findData(choices.grouping))
        self.states.setCurrentIndex(self.states.findData(choices.filter.states))
        self.settling.setVisible(self._model.is_outdated)
        self.count.setText(count_text(len(self._model.order), len(self._model.rows), choices.filter))


def count_text(shown: int, total: int, chosen: Filter) -> str:
    """Say how many series are shown."""
    if chosen == Filter():
        return numbered("{number} series", "{number} series", total)
    return numbered("{shown} of {number} series", "{shown} of {number} series", total, shown=figure(shown))


def _combobox(parent: QWidget, name: str, entries: Sequence[tuple[str, object]]) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setToolTip(plain.tip(name))
    for text, meant in entries:
        box.addItem(text, meant)
    return box


def _states() -> Sequence[tuple[str, frozenset[TaskState] | None]]:
    active = frozenset(state for state in TaskState if state.is_active)
    return (
        (tr("All states"), None),
        (tr("Not finished"), frozenset(state for state in TaskState if not state.is_final)),
        (tr("Under way"), active),
        (tr("Complete"), HERE),
        (tr("Failed"), frozenset({TaskState.FAILED})),
        (tr("No access"), frozenset({TaskState.DENIED})),
        (tr("Removed"), frozenset({TaskState.REMOVED})),
    )


def _groupings() -> Sequence[tuple[str, Grouping]]:
    return (
        (tr("No groups"), Grouping.NONE),
        (tr("By collection"), Grouping.COLLECTION),
        (tr("By patient"), Grouping.PATIENT),
    )


_LEAVING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down})
