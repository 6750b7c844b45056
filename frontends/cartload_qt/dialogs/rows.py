"""Tables of texts that others wrote, to be read and copied; as long as they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PyQt6.QtGui import QAction, QGuiApplication, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from cartload_common import texts
from cartload_qt.plain import tip
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QKeyEvent
    from PyQt6.QtWidgets import QWidget

Row = tuple[str, ...]

_MOST_OF_A_CELL = 300
_MEASURED = 50
"""By so many rows the widths of columns are chosen: measuring 20,000 takes a second."""
_WIDEST = 66
"""Digits, as many as an identifier has; the last column has what is left."""


class Rows(QAbstractTableModel):
    """Rows of texts under titles."""

    def __init__(self, titles: Sequence[str], rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._rows = list(rows)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Count the rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give a cell's text, and all of it as its tip."""
        if not index.isValid():
            return None
        text = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return texts.safe(text[:_MOST_OF_A_CELL])
        return tip(text) if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give a column's title."""
        is_title = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._titles[section] if is_title and 0 <= section < len(self._titles) else None

    def replace(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def text(self, rows: Sequence[int] | None = None) -> str:
        """Give rows for the clipboard, a line each; all of them by default."""
        chosen = self._rows if rows is None else [self._rows[row] for row in rows]
        return "\n".join("\t".join(texts.safe(cell) for cell in row) for row in chosen)


class RowsView(QTableView):
    """Shows rows; Ctrl+C copies those that are selected."""

    def __init__(self, rows: Rows, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setModel(rows)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self._lay_out_headers()
        self.addAction(self._copying())
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def keyPressEvent(self, e: QKeyEvent | None) -> None:
        """Copy rows, where Qt's own views copy a cell."""
        if e is not None and e.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(e)

    def selected(self) -> list[int]:
        """Give the selected rows, from above."""
        selection = self.selectionModel()
        return sorted(index.row() for index in selection.selectedRows()) if selection else []

    def copy(self) -> None:
        """Copy the selected rows; all, where none is."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._rows.text(self.selected() or None))

    def fit(self) -> None:
        """Choose the widths of the columns by their first rows."""
        metrics = self.fontMetrics()
        widest = _WIDEST * metrics.horizontalAdvance("0")
        for column in range(self._rows.columnCount() - 1):
            index = self._rows.index
            shown = [index(row, column).data() for row in range(min(_MEASURED, self._rows.rowCount()))]
            title = self._rows.headerData(column, Qt.Orientation.Horizontal)
            width = max(metrics.horizontalAdvance(str(text)) for text in (title, *shown))
            self.setColumnWidth(column, min(width, widest) + 3 * metrics.averageCharWidth())

    def _lay_out_headers(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        if across is not None and down is not None:
            across.setStretchLastSection(True)
            across.setHighlightSections(False)
            across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            down.setVisible(False)
            down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            down.setDefaultSectionSize(self.fontMetrics().lineSpacing() + self.fontMetrics().height() // 3)
        self.fit()

    def _copying(self) -> QAction:
        action = QAction(tr("&Copy"), self)
        action.setShortcut(QKeySequence.StandardKey.Copy)  # for the menu to show
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(self.copy)
        return action
