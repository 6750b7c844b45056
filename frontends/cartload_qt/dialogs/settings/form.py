"""A form: a row for each field with its label, its editor, its help, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QPalette
from PyQt6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from cartload_common import texts
from cartload_qt.dialogs.dialog import Wrapped, bold
from cartload_qt.dialogs.settings.editors import editor_for
from cartload_qt.plain import Label, menu_text
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload_qt.dialogs.settings.draft import Draft, Group
    from cartload_qt.dialogs.settings.fields import Field
    from cartload_qt.dialogs.settings.words import Words


class Form(QWidget):
    """The fields of a group over a draft; ``changed`` comes when one was edited."""

    changed = pyqtSignal()

    def __init__(  # noqa: PLR0913 - a form is all of these
        self,
        draft: Draft,
        group: Group,
        words: Mapping[str, Words],
        winning: Mapping[str, str],
        *,
        shown: tuple[str, ...] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._draft = draft
        self._group = group
        self._rows = QFormLayout(self)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._faults: dict[str, Label] = {}
        self._whole = _fault_label(self)
        self._rows.addRow(self._whole)
        by_name = {field.name: field for field in group.fields}
        for name in by_name if shown is None else shown:
            self._add(by_name[name], words.get(name), winning.get(name, ""))

    @property
    def is_right(self) -> bool:
        """Tell whether nothing is wrong with what it shows."""
        return not any(label.text() for label in (self._whole, *self._faults.values()))

    def _add(self, field: Field, words: Words | None, variable: str) -> None:
        title = words.label if words else label_of(field.name)
        editor = editor_for(field, title.replace("&", ""), self)
        editor.show_value(self._draft.value(field.key))
        editor.chosen.connect(lambda value: self._choose(field, value))
        below = QVBoxLayout()
        below.addWidget(editor)
        if variable:
            won = tr("The environment variable {name} is set, and wins over this.", name=variable)
            below.addWidget(bold(won, self))
        if text := words.help if words else field.help:
            below.addWidget(_faint(text, self))
            editor.describe(texts.safe(text))
        self._faults[field.name] = _fault_label(self)
        below.addWidget(self._faults[field.name])
        label = Label(title, self)
        label.setBuddy(editor.focusProxy())
        self._rows.addRow(label, below)
        self._judge(field.name)

    def _choose(self, field: Field, value: object) -> None:
        self._draft.choose(field.key, value)
        for name in self._faults:
            self._judge(name)
        _tell(self._whole, self._draft.fault_together(self._group))
        self.changed.emit()

    def _judge(self, name: str) -> None:
        _tell(self._faults[name], self._draft.fault(self._group, name))


def scrolling(page: QWidget) -> QScrollArea:
    """Let a page be longer than the window."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(page)
    for each in (page, area.viewport()):
        if each is not None:
            each.setAutoFillBackground(False)  # it has the colour of what it stands in
    return area


def label_of(name: str) -> str:
    """Make a label of a name that stands in a file."""
    words = name.replace("_", " ")
    return menu_text(words[:1].upper() + words[1:]) + ":"


def _fault_label(owner: QWidget) -> Label:
    label = bold("", owner)
    label.setVisible(False)
    return label


def _tell(label: Label, fault: str) -> None:
    label.setText(tr("⚠ {fault}", fault=fault) if fault else "")
    label.setVisible(bool(fault))


def _faint(text: str, owner: QWidget) -> Label:
    label = Wrapped(text, owner)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
