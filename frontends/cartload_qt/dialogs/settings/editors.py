"""The widgets in which values are typed or picked: one for each shape of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from cartload_common import texts
from cartload_qt.dialogs.settings.fields import Shape, read, typed
from cartload_qt.dialogs.wording import shortened
from cartload_qt.settings_text import UNSET
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from cartload_qt.dialogs.settings.fields import Field

_LINES_SHOWN = 3
_LETTERS = 12


class Editor(QWidget):
    """Shows and changes one value; ``chosen`` comes when somebody changed it."""

    chosen = pyqtSignal(object)

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._name = name
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)

    def show_value(self, value: object) -> None:
        """Show a value that was not chosen here."""
        raise NotImplementedError

    def describe(self, text: str) -> None:
        """Tell who cannot see it what is said below the editor."""
        widget = self.focusProxy()
        if widget is not None:
            widget.setAccessibleDescription(text)

    def _place(self, widget: QWidget) -> None:
        """Take the widget that gets the focus."""
        widget.setAccessibleName(self._name)
        self.setFocusProxy(widget)
        self.row.addWidget(widget, 1)


def editor_for(field: Field, name: str, parent: QWidget | None = None) -> Editor:
    """Make the editor of a field that is called *name*."""
    if field.shape in {Shape.TRUTH, Shape.CHOICE}:
        return ChoiceEditor(field, name, parent)
    if field.shape is Shape.LINES:
        return LinesEditor(field, name, parent)
    return PathEditor(field, name, parent) if field.shape is Shape.PATH else LineEditor(field, name, parent)


class LineEditor(Editor):
    """A line to type in; one that holds a secret is hidden until it is to be shown."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._line = QLineEdit(self)
        self._line.setPlaceholderText(default_text(field))
        self._line.textEdited.connect(lambda text: self.chosen.emit(read(field, text)))
        self._place(self._line)
        if field.is_secret:
            self._add_showing()

    def show_value(self, value: object) -> None:
        """Show it."""
        self._line.setText(typed(value))

    def _add_showing(self) -> None:
        shows = QPushButton(tr("Show"), self)
        shows.setCheckable(True)
        shows.setAutoDefault(False)
        shows.setAccessibleName(tr("Show {name}", name=self._name))
        shows.toggled.connect(self._show_secret)
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self.row.addWidget(shows)

    def _show_secret(self, shown: bool) -> None:  # noqa: FBT001 - as the signal has it
        self._line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)


class PathEditor(LineEditor):
    """A line with a way to look for the file."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        browse = QPushButton(tr("Browse…"), self)
        browse.setAutoDefault(False)
        browse.setAccessibleName(tr("Browse for {name}", name=name))
        browse.clicked.connect(self._browse)
        self.row.addWidget(browse)

    def _browse(self) -> None:
        dialog = QFileDialog(self, self._name, self._line.text())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, path: str) -> None:
        self._line.setText(path)
        self.chosen.emit(read(self._field, path))


class LinesEditor(Editor):
    """A list: each line is an item of it."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._text = QPlainTextEdit(self)
        self._text.setTabChangesFocus(True)
        self._text.setPlaceholderText(tr("one a line"))
        self._text.setMaximumHeight((_LINES_SHOWN + 1) * self._text.fontMetrics().lineSpacing())
        self._text.textChanged.connect(self._tell)
        self._is_own = False
        self._place(self._text)

    def show_value(self, value: object) -> None:
        """Show it."""
        self._is_own = True
        self._text.setPlainText(typed(value))
        self._is_own = False

    def _tell(self) -> None:
        if not self._is_own:
            self.chosen.emit(read(self._field, self._text.toPlainText()))


class ChoiceEditor(Editor):
    """A list to pick from, headed by the default; what else stands in the file is listed, too."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._box = QComboBox(self)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(_LETTERS)
        self._box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._values: list[object] = [UNSET, *field.choices]
        self._box.addItem(default_text(field) or tr("(not set)"))
        for value in field.choices:
            self._box.addItem(_choice_text(value))
        self._box.activated.connect(lambda index: self.chosen.emit(self._values[index]))
        self._place(self._box)

    def show_value(self, value: object) -> None:
        """Show it."""
        if value not in self._values:
            self._values.append(value)
            self._box.addItem(_choice_text(value))
        self._box.setCurrentIndex(self._values.index(value))


def default_text(field: Field) -> str:
    """Say what holds when nothing is chosen."""
    if field.is_required:
        return tr("to be given")
    if field.default is UNSET or field.default is None or field.default in ("", []):
        return ""
    return tr("Default: {value}", value=_choice_text(field.default))


def _choice_text(value: object) -> str:
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    return texts.safe(shortened(typed(value)))
