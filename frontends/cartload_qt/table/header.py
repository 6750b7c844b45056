"""The headings: which columns are shown, how wide, in which order; kept from one start to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHeaderView, QMenu

from cartload_qt import plain
from cartload_qt.table.columns import Column, title
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PyQt6.QtCore import QPoint, QSettings
    from PyQt6.QtWidgets import QWidget

_STATE_KEY = "table/columns"
_NAMES_KEY = "table/column_names"

_LETTERS: Mapping[Column, int] = {
    Column.COLLECTION: 17,
    Column.PATIENT: 12,
    Column.STUDY: 22,
    Column.SERIES: 10,
    Column.DESCRIPTION: 20,
    Column.MODALITY: 8,
    Column.IMAGES: 7,
    Column.ANNOTATIONS: 11,
    Column.SIZE: 9,
    Column.LICENSE: 15,
    Column.PROGRESS: 11,
    Column.STATUS: 13,
}
"""How wide columns are at first, in letters of the user's font."""

_LETTERS_OF_A_GROUP = 31


class SeriesHeader(QHeaderView):
    """The headings; the first column stays where it is, and is always shown, for it names the groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setSortIndicatorClearable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumSectionSize(self.fontMetrics().horizontalAdvance("x") * 3)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)

    def shown(self) -> Sequence[Column]:
        """Give the columns that are shown, from left to right."""
        ordered = (Column(self.logicalIndex(place)) for place in range(self.count()))
        return [column for column in ordered if not self.isSectionHidden(column)]

    def reset_columns(self) -> None:
        """Show all columns, as wide as at first and in their first order."""
        letter = self.fontMetrics().horizontalAdvance("n")
        for column in Column:
            self.setSectionHidden(column, False)
            self.moveSection(self.visualIndex(column), column)
            self.resizeSection(column, letter * _LETTERS[column])

    def make_room_for_groups(self) -> None:
        """Widen the first column, unless it is wide enough: groups and what is in them stand there."""
        wanted = self.fontMetrics().horizontalAdvance("n") * _LETTERS_OF_A_GROUP
        self.resizeSection(Column.COLLECTION, max(wanted, self.sectionSize(Column.COLLECTION)))

    def columns_menu(self, parent: QWidget) -> QMenu:
        """Make a menu that shows and hides columns, and puts them back."""
        menu = QMenu(tr("Co&lumns"), parent)
        for column in Column:
            menu.addAction(self._toggle(column, menu))
        menu.addSeparator()
        reset = QAction(tr("&Reset columns"), menu)
        reset.triggered.connect(self.reset_columns)
        menu.addAction(reset)
        return menu

    def save(self, settings: QSettings) -> None:
        """Keep the columns as they are."""
        settings.setValue(_STATE_KEY, self.saveState())
        settings.setValue(_NAMES_KEY, _names())

    def restore(self, settings: QSettings) -> bool:
        """Show the columns as they were kept; tells whether there was anything kept that is understood.

        What another version kept of other columns would show the wrong ones: it is left alone.
        """
        state, names = settings.value(_STATE_KEY), settings.value(_NAMES_KEY)
        if names != _names() or not isinstance(state, QByteArray) or not self.restoreState(state):
            return False
        self.setSectionHidden(Column.COLLECTION, False)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        return True

    def _toggle(self, column: Column, parent: QMenu) -> QAction:
        action = QAction(plain.menu_text(title(column)), parent)
        action.setCheckable(True)
        action.setChecked(not self.isSectionHidden(column))
        action.setEnabled(column is not Column.COLLECTION)
        action.toggled.connect(lambda is_shown: self.setSectionHidden(column, not is_shown))
        return action

    def _open_menu(self, place: QPoint) -> None:
        menu = self.columns_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(place))


def _names() -> str:
    return ",".join(column.name for column in Column)
