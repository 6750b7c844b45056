"""Whether a widget, and all that is in it, shows what others wrote as it stands."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PyQt6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PyQt6.QtGui import QAction, QTextDocumentFragment
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QStatusBar,
    QTextEdit,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
_TIPS = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.StatusTipRole, Qt.ItemDataRole.WhatsThisRole)


def is_harmless(text: str) -> bool:
    """Tell whether nothing in a text steers what is shown of it."""
    return not any(unicodedata.category(each) in {"Cc", "Cf"} and each != "\n" for each in text)


def shows_just_text(tip: str) -> bool:
    """Tell whether a tooltip is empty, plain, or made by ``plain.tip``, which lets no markup through."""
    if not Qt.mightBeRichText(tip):  # type: ignore[attr-defined]  # the stubs lack it
        return is_harmless(tip)
    inner = tip.removeprefix("<p style='white-space:pre-wrap'>").removesuffix("</p>")
    rendered = QTextDocumentFragment.fromHtml(tip).toPlainText()
    return "<" not in inner.replace("<br>", "") and "\ufffc" not in rendered  # which stands for an image


def cells(
    model: QAbstractItemModel, role: Qt.ItemDataRole, parent: QModelIndex | None = None
) -> Iterator[str]:
    """Give the texts of all cells, those in groups included."""
    above = parent or QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(above)
    for row in range(model.rowCount(above)):
        for column in range(columns):
            text = model.index(row, column, above).data(role)
            if isinstance(text, str):
                yield text
        first = model.index(row, 0, above)
        if model.rowCount(first):
            yield from cells(model, role, first)


def assert_plain(owner: QWidget) -> None:
    """Look at a widget and at all in it."""
    widgets = [owner, *owner.findChildren(QWidget)]
    for widget in widgets:
        _assert_plain(widget)
    for action in owner.findChildren(QAction):
        assert is_harmless(action.text())
        assert shows_just_text(action.toolTip()), action.toolTip()
        assert shows_just_text(action.statusTip())


def _assert_plain(widget: QWidget) -> None:
    assert not isinstance(widget, QTextEdit)
    for tip in (widget.toolTip(), widget.whatsThis(), widget.statusTip()):
        assert shows_just_text(tip), tip
    for text in _texts(widget):
        assert is_harmless(text), (widget, text)
    if widget.inherits("QTipLabel"):  # where Qt shows a tooltip
        assert isinstance(widget, QLabel)
        assert shows_just_text(widget.text()), widget.text()
    elif isinstance(widget, QLabel | QMessageBox) and widget.text():
        assert widget.textFormat() is Qt.TextFormat.PlainText, widget.text()
        assert not isinstance(widget, QLabel) or not widget.openExternalLinks()
    if isinstance(widget, QAbstractItemView) and not isinstance(widget.window(), QComboBox):
        model = widget.model()
        if model is not None:
            assert all(is_harmless(text) for role in _SHOWN for text in cells(model, role))
            assert all(shows_just_text(text) for role in _TIPS for text in cells(model, role))


def _texts(widget: QWidget) -> Iterator[str]:
    """Give what a widget shows besides cells and tooltips."""
    yield from (widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription())
    match widget:
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QProgressBar():
            yield widget.text()
        case QGroupBox():
            yield widget.title()
        case QStatusBar():
            yield widget.currentMessage()
        case QComboBox():
            yield from (widget.itemText(number) for number in range(widget.count()))
        case QPlainTextEdit() if widget.isReadOnly():
            yield widget.toPlainText()
        case _:
            pass
