"""Below the table: where the cart goes, and how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from cartload.settings import MOST_JOBS, FileNames
from cartload_common import texts
from cartload_qt import destination, measures
from cartload_qt.bridge import Bridge, Outcome
from cartload_qt.choices import Choices
from cartload_qt.destination import Place
from cartload_qt.plain import Label, tip
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PAUSE = 300
"""Milliseconds without a key before a destination is looked at."""

TEMPLATE = "template"


class ChoicesPanel(QGroupBox):
    """Destination, naming, file names, annotations, check, series at once; ``changed`` brings the Choices."""

    changed = pyqtSignal(object)

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(tr("Destination and names"), parent)
        self._preview: Callable[[Choices], tuple[str, str]] = lambda _: ("", "")
        self._needed = 0
        self._bridge = Bridge(self)
        self._bridge.ended.connect(self._looked)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._look)
        self.place: Place | None = None
        self._make()
        self._lay_out()
        self.show_choices(choices)

    def _make(self) -> None:
        self.folder = QLineEdit()
        self.browse = QPushButton(tr("&Browse …"))
        self.found = Label(wraps=True)
        self.naming = QComboBox()
        self.template = QLineEdit()
        self.template.setAccessibleName(tr("Template"))
        self.template.setPlaceholderText("{collection}/{patient}/{study_date}/{modality}")
        self.path = Label(wraps=True, selectable=True)
        self.file_names = QComboBox()
        self.file_names.addItems([words for _, words in _file_name_words()])
        self.annotations = QComboBox()
        self.annotations.addItems([words for _, words in _annotation_words()])
        self.check = QCheckBox(tr("Verif&y against the archive's checksums"))
        self.jobs = QSpinBox()
        self.jobs.setRange(1, MOST_JOBS)
        self.folder.textChanged.connect(self._folder_typed)
        self.browse.clicked.connect(self._browse)
        self.template.textChanged.connect(self._tell)
        self.naming.currentIndexChanged.connect(self._tell)
        self.file_names.currentIndexChanged.connect(self._tell)
        self.annotations.currentIndexChanged.connect(self._tell)
        self.check.toggled.connect(self._tell)
        self.jobs.valueChanged.connect(self._tell)

    def _lay_out(self) -> None:
        where, names = QHBoxLayout(), QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self.browse)
        names.addWidget(self.naming)
        names.addWidget(self.template, 1)
        left = (
            (_named(tr("&Destination:"), self.folder), where),
            (None, self.found),
            (_named(tr("Folder na&mes:"), self.naming), names),
            (Label(tr("For example:")), self.path),
        )
        right = (
            (_named(tr("File &names:"), self.file_names), self.file_names),
            (_named(tr("&Annotations:"), self.annotations), self.annotations),
            (_named(tr("S&eries at once:"), self.jobs), self.jobs),
            (None, self.check),
        )
        columns = QHBoxLayout(self)
        columns.addLayout(_grid(left), 3)
        columns.addSpacing(self.fontMetrics().averageCharWidth() * 4)
        columns.addLayout(_grid(right), 2)

    def show_namings(self, names: Iterable[str], preview: Callable[[Choices], tuple[str, str]]) -> None:
        """Offer these namings; *preview* gives an example of a path, or what is wrong."""
        chosen = self.choices().naming
        self._preview = preview
        self.naming.blockSignals(True)
        self.naming.clear()
        for name in names:
            self.naming.addItem(texts.safe(name), name)
        self.naming.setCurrentIndex(max(0, self.naming.findData(chosen)))
        self.naming.blockSignals(False)
        self._tell()

    def show_needed(self, needed: int) -> None:
        """Say how many bytes are to come, for the room that they need."""
        self._needed = needed
        self._show_place()

    def show_choices(self, choices: Choices) -> None:
        """Show what is chosen."""
        if self.naming.findData(choices.naming) < 0:
            self.naming.addItem(texts.safe(choices.naming), choices.naming)
        self.naming.setCurrentIndex(self.naming.findData(choices.naming))
        self.folder.setText(str(choices.directory))
        self.template.setText(choices.template or "")
        self.file_names.setCurrentIndex([kind for kind, _ in _file_name_words()].index(choices.file_names))
        self.annotations.setCurrentIndex([wish for wish, _ in _annotation_words()].index(choices.annotations))
        self.check.setChecked(choices.check)
        self.jobs.setValue(choices.jobs)
        self._tell()

    def choices(self) -> Choices:
        """Give what is chosen now."""
        naming = self.naming.currentData() or "descriptive"
        return Choices(
            directory=Path(self.folder.text()).expanduser(),
            naming=naming,
            template=(self.template.text() or None) if naming == TEMPLATE else None,
            file_names=_file_name_words()[self.file_names.currentIndex()][0],
            annotations=_annotation_words()[self.annotations.currentIndex()][0],
            check=self.check.isChecked(),
            jobs=self.jobs.value(),
        )

    def _tell(self) -> None:
        choices = self.choices()
        self.template.setVisible(choices.naming == TEMPLATE)
        example, fault = self._preview(choices)
        self.path.setText(tr("Not possible: {why}", why=fault) if fault else example)
        self.path.setToolTip(tip(fault or example))
        self.changed.emit(choices)

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Where the cart is to go"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    # --- the destination, looked at in a thread: network drives take their time

    def _folder_typed(self) -> None:
        self.place = None
        self.found.setText(tr("checking …"))
        self._later.start(_PAUSE)
        self._tell()

    def _look(self) -> None:
        if self._bridge.is_busy:
            self._later.start(_PAUSE)
        else:
            self._bridge.begin(destination.looking(self.choices().directory))

    def _looked(self, outcome: Outcome) -> None:
        place = outcome.value if isinstance(outcome.value, Place) else None
        if place is None or place.directory != self.choices().directory:
            return
        self.place = place
        self._show_place()
        self.changed.emit(self.choices())

    def _show_place(self) -> None:
        if self.place is not None:
            self.found.setText(place_words(self.place, self._needed))

    @property
    def is_usable(self) -> bool:
        """Tell whether nothing speaks against the destination and the names, as far as is known."""
        return not (self.place is not None and self.place.fault) and not self._preview(self.choices())[1]


def place_words(place: Place, needed: int) -> str:
    """Say what was found at a destination, and whether *needed* bytes fit."""
    if place.fault:
        return tr("✗ It cannot be used: {why}", why=place.fault)
    if place.free is None:
        return tr("✓ It can be written.")
    free, wanted = measures.size(place.free), measures.size(needed)
    if place.free < needed:
        return tr("⚠ Only {free} are free, the cart needs {needed}.", free=free, needed=wanted)
    return tr("✓ It can be written; {free} are free, the cart needs {needed}.", free=free, needed=wanted)


def _grid(rows: Iterable[tuple[QWidget | None, QWidget | QLayout]]) -> QGridLayout:
    """Lay out rows with a label each; a form would give texts of several lines too little room."""
    grid = QGridLayout()
    grid.setColumnStretch(1, 1)
    for row, (label, shown) in enumerate(rows):
        if label is not None:
            grid.addWidget(label, row, 0)
        if isinstance(shown, QWidget):
            grid.addWidget(shown, row, 1)
        else:
            grid.addLayout(shown, row, 1)
    return grid


def _named(text: str, buddy: QWidget) -> Label:
    label = Label(text)
    label.setBuddy(buddy)
    return label


def _file_name_words() -> tuple[tuple[FileNames, str], ...]:
    return (
        (FileNames.ORDINAL, tr("in order (1-01.dcm, 1-02.dcm)")),
        (FileNames.SERVER, tr("as the archive calls them")),
        (FileNames.UID, tr("by their SOP Instance UID")),
    )


def _annotation_words() -> tuple[tuple[bool | None, str], ...]:
    return (
        (None, tr("as the manifest says")),
        (True, tr("fetch them")),
        (False, tr("leave them out")),
    )
