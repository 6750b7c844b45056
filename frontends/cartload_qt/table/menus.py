"""The menu of the table: what is offered for the selected series; sorting and columns for the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QMenu

from cartload_qt import plain
from cartload_qt.table.arranging import Sorting
from cartload_qt.table.columns import Column, title
from cartload_qt.table.offers import Offer
from cartload_qt.translation import numbered, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PyQt6.QtWidgets import QWidget

    from cartload_qt.table.offers import Chosen

_KEYS: Mapping[Offer, QKeySequence.StandardKey | Qt.Key] = {
    Offer.COPY_ROWS: QKeySequence.StandardKey.Copy,
    Offer.REMOVE: QKeySequence.StandardKey.Delete,
    Offer.DETAILS: Qt.Key.Key_Return,
}


def offers_menu(
    parent: QWidget, chosen: Chosen, offered: frozenset[Offer], do: Callable[[Offer], None]
) -> QMenu:
    """Make a menu with an entry for each offer, enabled where it can be taken; *do* is called with it."""
    menu = QMenu(parent)
    for offer, text in _texts(chosen).items():
        action = QAction(text, menu)
        action.setEnabled(offer in offered)
        action.setData(offer)
        if offer in _KEYS:
            # Shown, so that people learn it: the key itself is the view's, which heeds it without a menu.
            action.setShortcut(QKeySequence(_KEYS[offer]))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _, offer=offer: do(offer))
        menu.addAction(action)
        if offer in {Offer.DETAILS, Offer.COPY_ROWS}:
            menu.addSeparator()
    return menu


def sorting_menu(parent: QWidget, sorting: Sorting, sort: Callable[[Sorting], None]) -> QMenu:
    """Make a menu of what the table can be sorted by; the column that it is sorted by turns it around."""
    menu = QMenu(tr("&Sort by"), parent)
    group = QActionGroup(menu)
    for column in (None, *Column):
        text = tr("Order of the cart") if column is None else plain.menu_text(title(column))
        is_current = column is sorting.column
        action = QAction(text, group)
        action.setCheckable(True)
        action.setChecked(is_current)
        following = Sorting(column, descending=is_current and column is not None and not sorting.descending)
        action.triggered.connect(lambda _, following=following: sort(following))
        menu.addAction(action)
    return menu


def _texts(chosen: Chosen) -> Mapping[Offer, str]:
    number = chosen.count
    return {
        Offer.DETAILS: tr("Show &error") if chosen.troubled else tr("Show &details"),
        Offer.COPY_UIDS: numbered("Copy series &UID", "Copy {number} series &UIDs", number),
        Offer.COPY_ROWS: numbered("&Copy row", "&Copy {number} rows", number),
        Offer.FOLDER: tr("Open &folder"),
        Offer.RETRY: tr("&Try again"),
        Offer.REMOVE: tr("&Remove from cart"),
    }
