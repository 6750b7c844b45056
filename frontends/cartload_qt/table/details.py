"""All that is known of one series, to be read and copied: who and where it is, and what went wrong when."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cartload_common import texts
from cartload_qt import plain
from cartload_qt.plain import Label
from cartload_qt.table.columns import study_text
from cartload_qt.table.tips import attempt_line, license_lines
from cartload_qt.table.words import state_line
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cartload.model import License, SeriesRecord, SeriesUID
    from cartload_qt.table.model import SeriesModel
    from cartload_qt.table.rows import Details

_MOST_OF_A_FACT = 2000
_AT_THE_LEFT = 5
"""So many facts, that people know a series by, stand beside those that computers do."""


class DetailsPane(QScrollArea):
    """Shows one series of *model* and what happens to it; ``link_wanted`` brings the licence's address."""

    link_wanted = pyqtSignal(str)

    def __init__(self, model: SeriesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.uid: SeriesUID | None = None
        self._shown: Details | None = None
        self._address = ""
        self.facts = Facts(self)
        self.link = QPushButton(tr("Read the l&icence"), self)
        self.link.clicked.connect(lambda: self.link_wanted.emit(self._address))
        self.attempts = QPlainTextEdit(self)
        self.empty = Label(tr("Select a series to see all about it."), self, wraps=True)
        self._lay_out()
        model.happened.connect(self._look)
        model.modelReset.connect(self._look)
        self._look()

    def show_series(self, uid: SeriesUID | None) -> None:
        """Show a series of the model; None shows none."""
        self.uid = uid
        self._look()

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Details of the series"))
        self.attempts.setReadOnly(True)
        self.attempts.setTabChangesFocus(True)
        self.attempts.setAccessibleName(tr("Attempts that failed"))
        self.attempts.setMinimumHeight(self.fontMetrics().lineSpacing() * 4)
        inside = QWidget(self)
        lines = QVBoxLayout(inside)
        lines.addWidget(self.empty)
        lines.addWidget(self.facts)
        lines.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(self.attempts, 1)
        lines.addStretch()
        self.setWidget(inside)

    def _look(self) -> None:
        """Read the series again; what is selected for copying stays so unless there is something new."""
        details = self._details()
        if details is not None and details == self._shown:
            return
        self._shown = details
        for part in (self.facts, self.link, self.attempts):
            part.setVisible(details is not None)
        self.empty.setVisible(details is None)
        if details is not None:
            self._show(details)

    def _details(self) -> Details | None:
        """Give what is known of the series; None once another plan is shown that does not have it."""
        if self.uid is None or self.uid not in self._model.rows:
            return None
        return self._model.details(self.uid)

    def _show(self, details: Details) -> None:
        self.facts.show_details(details)
        record = details.task.record
        self._address = web_address(record.license if record else None)
        self.link.setVisible(bool(self._address))
        self.link.setToolTip(plain.tip(self._address))
        self.attempts.setVisible(bool(details.attempts))
        told = "\n".join(texts.safe(attempt_line(attempt)) for attempt in details.attempts)
        if told != self.attempts.toPlainText():
            self.attempts.setPlainText(told)


class Facts(QWidget):
    """Facts of a series under their names, to be selected by mouse and keyboard; empty ones are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        columns = QHBoxLayout()
        column.addLayout(columns)
        column.addStretch(1)
        grids = (QGridLayout(), QGridLayout())  # a form would cut off texts of several lines
        columns.addLayout(grids[0], 1)
        columns.addSpacing(self.fontMetrics().averageCharWidth() * 4)
        columns.addLayout(grids[1], 1)
        top = Qt.AlignmentFlag.AlignTop
        for grid in grids:
            grid.setColumnStretch(1, 1)
            grid.setAlignment(top)
        self._headings: list[Label] = []
        self.values: list[Label] = []
        for place, (name, _) in enumerate(_FACTS):
            value = Label(parent=self, wraps=True, selectable=True)
            heading = Label(name(), self)
            heading.setBuddy(value)
            grid = grids[place >= _AT_THE_LEFT]
            grid.addWidget(heading, place, 0, top)
            grid.addWidget(value, place, 1, top)
            self._headings.append(heading)
            self.values.append(value)

    def show_details(self, details: Details) -> None:
        """Show the facts of one series."""
        for row, (_, read) in enumerate(_FACTS):
            text = "\n".join(line[:_MOST_OF_A_FACT] for line in read(details) if line)
            if text != self.values[row].text():
                self.values[row].setText(text)
            for part in (self._headings[row], self.values[row]):
                part.setVisible(bool(text))


def web_address(license_: License | None) -> str:
    """Give the address of a licence if a browser may open it, else nothing: a server may send anything."""
    address = license_.uri.strip() if license_ else ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname and address.isprintable() else ""


def _status(details: Details) -> Iterator[str]:
    yield state_line(details.state)
    yield details.reason


def _license(details: Details) -> Iterator[str]:
    record, terms = details.task.record, details.task.terms
    if record is not None:
        yield from license_lines(record.license)
    if terms is not None and not terms.commercial:
        yield tr("Not for commercial use.")
    if terms is not None:
        yield terms.notice


def _recorded(read: Callable[[SeriesRecord], str | None]) -> Callable[[Details], Iterator[str]]:
    def lines(details: Details) -> Iterator[str]:
        record = details.task.record
        yield (read(record) or "") if record else ""

    return lines


def _series(details: Details) -> Iterator[str]:
    record = details.task.record
    if record is not None:
        yield " ".join(filter(None, (record.series_number, record.modality, record.series_description)))


def _one(read: Callable[[Details], str]) -> Callable[[Details], Iterator[str]]:
    return lambda details: iter((read(details),))


_FACTS: Sequence[tuple[Callable[[], str], Callable[[Details], Iterator[str]]]] = (
    (lambda: tr("Status"), _status),
    (lambda: tr("Collection"), _recorded(lambda record: record.collection)),
    (lambda: tr("Patient"), _recorded(lambda record: record.patient_id)),
    (lambda: tr("Study"), _recorded(study_text)),
    (lambda: tr("Series"), _series),
    (lambda: tr("Study Instance UID"), _recorded(lambda record: record.study_uid)),
    (lambda: tr("Series Instance UID"), _one(lambda details: details.task.series_uid)),
    (lambda: tr("Licence"), _license),
    (lambda: tr("Folder"), _one(lambda details: details.directory)),
)
