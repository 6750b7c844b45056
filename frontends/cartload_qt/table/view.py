"""The table on the screen: selects, sorts, copies, and says what the user wants done; it does none of it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QItemSelection, QItemSelectionModel, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QKeySequence, QPainter, QPalette
from PyQt6.QtWidgets import QAbstractItemView, QApplication, QTreeView

from cartload_qt.table.arranging import Grouping
from cartload_qt.table.columns import Column
from cartload_qt.table.copying import rows_text
from cartload_qt.table.delegates import LicenseDelegate, ProgressDelegate, StateDelegate
from cartload_qt.table.header import SeriesHeader
from cartload_qt.table.menus import offers_menu, sorting_menu
from cartload_qt.table.offers import REMOVABLE, Offer, chosen, is_retryable, offers
from cartload_qt.table.typing_ahead import TypingAhead, find
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from PyQt6.QtCore import QModelIndex, QPoint, QSettings
    from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QPaintEvent
    from PyQt6.QtWidgets import QMenu, QWidget

    from cartload.model import SeriesUID
    from cartload_qt.table.arranging import Sorting
    from cartload_qt.table.model import SeriesModel

_GROUPING_KEY = "table/grouping"
_FEW = 200
"""Rows that are shown at once when they are in groups; more are opened by who wants to see them."""

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_DELETE = frozenset(
    # The keyboards of Apple have no other key for it.
    {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} if sys.platform == "darwin" else {Qt.Key.Key_Delete}
)


class SeriesView(QTreeView):
    """The downloads table.

    The lists that are signalled are of series UIDs: those to try again, to take out of the cart, and those
    that are selected (of a group all). ``folder_wanted`` brings a directory below the cart's folder,
    ``details_wanted`` the Details of a series, ``current_changed`` the UID of the row that the keyboard is
    on, or None.
    """

    retry_wanted = pyqtSignal(list)
    remove_wanted = pyqtSignal(list)
    folder_wanted = pyqtSignal(str)
    details_wanted = pyqtSignal(object)
    selection_changed = pyqtSignal(list)
    current_changed = pyqtSignal(object)

    def __init__(self, model: SeriesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._series = model
        self._can_retry = False
        self._typing = TypingAhead(QApplication.keyboardInputInterval() / 1000)
        self._doing: Mapping[Offer, Callable[[Sequence[int]], None]] = {
            Offer.COPY_UIDS: self._copy_uids,
            Offer.COPY_ROWS: self._copy_rows,
            Offer.FOLDER: lambda rows: self.folder_wanted.emit(model.rows.directory(rows[0])),
            Offer.RETRY: self._retry,
            Offer.REMOVE: self._remove,
            Offer.DETAILS: lambda rows: self.details_wanted.emit(model.rows.details(rows[0])),
        }
        self.setAccessibleName(tr("Series of the cart"))
        self._headings = SeriesHeader(self)
        self.setHeader(self._headings)
        self._look()
        self.setModel(model)
        # Of its own, which stays empty: by that of the table it asks every row, whenever it is drawn, whether
        # its columns are selected.
        self._headings.setSelectionModel(QItemSelectionModel(model, self._headings))
        self._headings.reset_columns()
        self._headings.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self._listen()

    # --- for the window ----------------------------------------------------------------------------------

    @property
    def headings(self) -> SeriesHeader:
        """Give the headings, which know the columns."""
        return self._headings

    def set_can_retry(self, *, can_retry: bool) -> None:
        """Say whether the session can try failed series again now."""
        self._can_retry = can_retry

    def selected_rows(self) -> Sequence[int]:
        """Give the rows of the model that are selected, all of a group where it is, each once."""
        selection = self.selectionModel()
        found: dict[int, None] = {}
        parts = selection.selection() if selection else QItemSelection()
        for number in range(len(parts)):
            part = parts[number]
            group = part.parent().row() + 1  # without a parent: 0, which is the number of the top
            found.update(
                dict.fromkeys(self._series.arrangement.rows_between(group, part.top(), part.bottom()))
            )
        return list(found)

    def selected_uids(self) -> list[SeriesUID]:
        """Give the series that are selected."""
        return self._uids(self.selected_rows())

    def offered(self) -> frozenset[Offer]:
        """Say what can be done with the selection now."""
        return offers(chosen(self._series.rows, self.selected_rows()), can_retry=self._can_retry)

    def do(self, offer: Offer) -> None:
        """Do, or signal, what is offered for the selection; nothing if it is not."""
        if offer in self.offered():
            self._doing[offer](self.selected_rows())

    def show_series(self, uid: SeriesUID) -> None:
        """Make a series the current one, select it alone and scroll to it, if it is shown at all."""
        index = self._series.index_of(uid)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def save_state(self, settings: QSettings) -> None:
        """Keep columns, sorting and grouping."""
        self._headings.save(settings)
        settings.setValue(_GROUPING_KEY, self._series.choices.grouping.value)

    def restore_state(self, settings: QSettings) -> None:
        """Show columns, sorting and grouping as they were kept; what is not understood stays as it is."""
        if self._headings.restore(settings):
            self.sortByColumn(self._headings.sortIndicatorSection(), self._headings.sortIndicatorOrder())
        kept = settings.value(_GROUPING_KEY)
        self._series.set_grouping(
            next((each for each in Grouping if each.value == kept), self._series.choices.grouping)
        )

    # --- what Qt calls --------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Heed the keys of the table before those of every tree."""
        if event is None or not self._heed(event):
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str | None) -> None:
        """Go to the row that begins with what is typed."""
        if not search:
            return
        beginning = self._typing.typed(search, time.monotonic())
        found = find(self._series.arrangement, self._series.row_at(self.currentIndex()), beginning)
        if found is not None:
            self.show_series(self._series.rows.tasks[found].series_uid)

    def selectAll(self) -> None:
        """Select every row; those of a list in one step: Qt would ask for each of them."""
        selection, first = self.selectionModel(), self._series.index(0, 0)
        if selection is None or self._series.arrangement.has_groups or not first.isValid():
            super().selectAll()
            return
        last = self._series.index(len(self._series.order) - 1, len(Column) - 1)
        selection.select(QItemSelection(first, last), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def contextMenuEvent(self, a0: QContextMenuEvent | None) -> None:
        """Open the menu where the mouse is; for the keyboard, at the current row."""
        viewport = self.viewport()
        if a0 is None or viewport is None:
            return
        if a0.reason() is a0.Reason.Keyboard:
            place = viewport.mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        else:
            place = a0.globalPos()
        self._open_menu(place)

    def paintEvent(self, e: QPaintEvent | None) -> None:
        """Say why the table is empty where the filter leaves nothing."""
        super().paintEvent(e)
        viewport = self.viewport()
        if viewport is not None and len(self._series.rows) and not self._series.order:
            painter = QPainter(viewport)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(viewport.rect(), flags, tr("No series matches the filter."))
            painter.end()

    def menu(self) -> QMenu:
        """Make the menu for the selection as it is."""
        summed = chosen(self._series.rows, self.selected_rows())
        menu = offers_menu(self, summed, offers(summed, can_retry=self._can_retry), self.do)
        menu.addSeparator()
        menu.addMenu(sorting_menu(menu, self._series.choices.sorting, self._sort))
        menu.addMenu(self._headings.columns_menu(menu))
        return menu

    # --- behind it ----------------------------------------------------------------------------------------

    def _look(self) -> None:
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setAllColumnsShowFocus(True)
        self.setRootIsDecorated(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegateForColumn(Column.PROGRESS, ProgressDelegate(self))
        self.setItemDelegateForColumn(Column.STATUS, StateDelegate(self))
        self.setItemDelegateForColumn(Column.LICENSE, LicenseDelegate(self))

    def _listen(self) -> None:
        self._series.arranged.connect(self._arranged)
        self._series.modelReset.connect(self._tell_selection)
        self.doubleClicked.connect(self._double_clicked)
        selection = self.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._selected)
            selection.currentRowChanged.connect(self._tell_current)

    def _arranged(self) -> None:
        is_grouped = self._series.choices.grouping is not Grouping.NONE
        if is_grouped and not self.rootIsDecorated():
            self._headings.make_room_for_groups()
        self.setRootIsDecorated(is_grouped)
        if is_grouped and len(self._series.order) <= _FEW:
            self.expandAll()

    def _selected(self, _: QItemSelection, __: QItemSelection) -> None:
        self._tell_selection()

    def _tell_selection(self) -> None:
        self.selection_changed.emit(self.selected_uids())

    def _tell_current(self, current: QModelIndex, _: QModelIndex) -> None:
        task = self._series.task(current) if current.isValid() else None
        self.current_changed.emit(task.series_uid if task else None)

    def _double_clicked(self, index: QModelIndex) -> None:
        if self._series.task(index) is not None:
            self.do(Offer.DETAILS)

    def _heed(self, event: QKeyEvent) -> bool:
        index, key = self.currentIndex(), event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.do(Offer.COPY_ROWS)
        elif key in _DELETE and not event.modifiers():
            self.do(Offer.REMOVE)
        elif key in _ENTER and self._series.row_at(index) is not None:
            self.do(Offer.DETAILS)
        elif key in _ENTER | {Qt.Key.Key_Space} and self._series.hasChildren(index.siblingAtColumn(0)):
            self.setExpanded(index.siblingAtColumn(0), not self.isExpanded(index.siblingAtColumn(0)))
        else:
            return False
        return True

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _sort(self, sorting: Sorting) -> None:
        order = Qt.SortOrder.DescendingOrder if sorting.descending else Qt.SortOrder.AscendingOrder
        self.sortByColumn(-1 if sorting.column is None else sorting.column, order)

    def _copy_uids(self, rows: Sequence[int]) -> None:
        _copy("\n".join(self._uids(rows)))

    def _copy_rows(self, rows: Sequence[int]) -> None:
        _copy(rows_text(self._series.rows, rows, self._headings.shown()))

    def _retry(self, rows: Sequence[int]) -> None:
        self.retry_wanted.emit(self._uids(row for row in rows if is_retryable(self._series.rows, row)))

    def _remove(self, rows: Sequence[int]) -> None:
        of = self._series.rows
        self.remove_wanted.emit(self._uids(row for row in rows if of.state(row) in REMOVABLE))

    def _uids(self, rows: Iterable[int]) -> list[SeriesUID]:
        tasks = self._series.rows.tasks
        return [tasks[row].series_uid for row in rows]


def _copy(text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
