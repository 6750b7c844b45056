"""What holds for the whole window: by keyboard alone, read aloud, in large letters, in the dark."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtGui import QColor, QFont, QImage, QKeySequence, QPainter, QPalette, QShortcut
from PyQt6.QtWidgets import QApplication, QMenu, QWidget

from cartload.state import TaskState
from cartload_qt.table import symbols
from cartload_qt.table.columns import Column
from cartload_qt.table.words import state_word
from frontends.qt.keyboard import (
    cut_off,
    is_inner,
    key_of,
    takes_focus,
    twice,
    unnamed,
    visible_keys,
    with_texts,
)
from frontends.qt.pressing import press
from frontends.qt.table.table_plans import uid
from frontends.qt.whole_window import LICENSED, PAGES, show_page, whole_window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from cartload_qt.window.main_window import MainWindow

every_page = pytest.mark.parametrize("page", PAGES)
in_every_language = pytest.mark.usefixtures("language")
_LARGE = 20
_DARK, _LIGHT = QColor(45, 45, 48), QColor(240, 240, 240)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    return whole_window(qtbot, tmp_path)


@pytest.fixture
def restored(qapp: QApplication) -> Iterator[QApplication]:
    """Give the application, and put back how all of it looks."""
    font, palette = QFont(qapp.font()), QPalette(qapp.palette())
    yield qapp
    qapp.setFont(font)
    qapp.setPalette(palette)


def menus(window: MainWindow) -> list[QMenu]:
    bar = window.menuBar()
    assert bar is not None
    return [menu for action in bar.actions() if (menu := action.menu()) is not None]


def keys_of(menu: QMenu) -> list[str]:
    return [key_of(action.text()) for action in menu.actions() if not action.isSeparator()]


# --- names and keys -------------------------------------------------------------------------------


@every_page
def test_whatever_takes_the_focus_has_a_name(window: MainWindow, page: str) -> None:
    show_page(window, page)
    assert unnamed(window) == []


@in_every_language
@every_page
def test_no_key_stands_for_two_things_on_a_page(window: MainWindow, page: str) -> None:
    show_page(window, page)
    titles = [key_of(menu.title()) for menu in menus(window)]
    assert all(titles)
    assert twice([*titles, *visible_keys(window)]) == []


@in_every_language
def test_every_entry_of_a_menu_has_a_key_of_its_own(window: MainWindow) -> None:
    for menu in menus(window):
        keys = keys_of(menu)
        assert all(keys), menu.title()
        assert twice(keys) == []


@in_every_language
def test_every_entry_of_the_tables_menu_has_a_key_of_its_own(window: MainWindow) -> None:
    for number in (1, LICENSED):  # one has an error to be shown
        window.cart_page.table.show_series(uid(number))
        keys = keys_of(window.cart_page.table.menu())
        assert all(keys)
        assert twice(keys) == []


def test_no_shortcut_stands_for_two_things(window: MainWindow) -> None:
    actions = window.actions()
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    keys += [shortcut.key().toString() for shortcut in window.findChildren(QShortcut)]
    assert twice(keys) == []
    assert QKeySequence("F5").toString() in keys


# --- the tab key ----------------------------------------------------------------------------------


def wanted(window: MainWindow) -> set[QWidget]:
    """Give what the tab key has to reach."""
    return {
        each
        for each in window.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and takes_focus(each) and not is_inner(each)
    }


def visited(window: MainWindow, key: Qt.Key) -> list[QWidget]:
    """Press a key until the focus is where it was: gives all that had it."""
    found: list[QWidget] = []
    while (focused := window.focusWidget()) is not None and focused not in found:
        found.append(focused)
        press(focused, key)
        assert len(found) < 200, found[-5:]
    return found


def begin(window: MainWindow, page: str, qtbot: QtBot) -> None:
    show_page(window, page)
    qtbot.waitUntil(window.isActiveWindow)
    first = next(iter(wanted(window)))
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)


@every_page
@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_the_tab_key_reaches_everything_and_is_caught_nowhere(
    window: MainWindow, page: str, key: Qt.Key, qtbot: QtBot
) -> None:
    begin(window, page, qtbot)
    found = visited(window, key)
    assert wanted(window) - set(found) == set()


@every_page
def test_the_tab_key_goes_as_people_read(window: MainWindow, page: str, qtbot: QtBot) -> None:
    begin(window, page, qtbot)
    found = [each for each in visited(window, Qt.Key.Key_Tab) if each in wanted(window)]
    places = [QRect(each.mapTo(window, QPoint()), each.size()) for each in found]
    top = min(range(len(places)), key=lambda number: (places[number].top(), places[number].left()))
    following = [*range(top, len(places)), *range(top)]
    for one, next_ in pairwise(following):
        is_below = places[next_].top() >= places[one].bottom() - places[one].height() // 2
        is_together = found[next_].parentWidget() is found[one].parentWidget()
        is_beside = is_together and places[next_].left() >= places[one].right()
        is_inside = found[one].isAncestorOf(found[next_])
        assert is_below or is_beside or is_inside, (found[one], found[next_])


# --- large letters --------------------------------------------------------------------------------


@in_every_language
@every_page
def test_nothing_is_cut_off_in_large_letters(
    restored: QApplication, page: str, qtbot: QtBot, tmp_path: Path
) -> None:
    restored.setFont(large(restored))
    window = whole_window(qtbot, tmp_path)
    show_page(window, page)
    settle(window)
    assert cut_off(window) == []


@in_every_language
@every_page
def test_nothing_is_cut_off_when_letters_become_large(
    window: MainWindow, restored: QApplication, page: str
) -> None:
    show_page(window, page)
    before = {label: label.fontInfo().pointSizeF() for label in with_texts(window)}
    restored.setFont(large(restored))
    settle(window)
    assert cut_off(window) == []
    assert before
    assert [label for label, size in before.items() if label.fontInfo().pointSizeF() < 1.5 * size] == []


def large(application: QApplication) -> QFont:
    font = QFont(application.font())
    font.setPointSize(_LARGE)
    return font


def settle(window: MainWindow) -> None:
    """Let layouts and styles catch up."""
    for _ in range(5):
        QApplication.processEvents()
    window.adjustSize()
    QApplication.processEvents()


def test_rows_of_the_table_grow_with_the_letters(window: MainWindow, restored: QApplication) -> None:
    show_page(window, "cart")
    table = window.cart_page.table
    first = window.cart_page.model.index(0, 0)
    before = table.visualRect(first).height()
    restored.setFont(large(restored))
    settle(window)
    after = table.visualRect(first).height()
    assert after > before
    assert after >= table.fontMetrics().height()


# --- light and dark -------------------------------------------------------------------------------


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def lightness(image: QImage) -> float:
    """Say how light a picture is in the middle, from 0 to 255."""
    points = [(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)]
    found = sorted(image.pixelColor(x, y).lightness() for x, y in points)
    return found[len(found) // 2]


def contrast(image: QImage) -> int:
    """Say how far the lightest is from the darkest."""
    found = [image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())]
    return max(found) - min(found)


@every_page
def test_the_window_turns_dark_while_it_is_open(
    window: MainWindow, restored: QApplication, page: str
) -> None:
    show_page(window, page)
    restored.setPalette(QPalette(_LIGHT))
    settle(window)
    assert lightness(picture(window)) > 180
    restored.setPalette(QPalette(_DARK))
    settle(window)
    assert lightness(picture(window)) < 75


@pytest.mark.parametrize("color", [_LIGHT, _DARK])
def test_symbols_are_seen_on_light_and_on_dark(
    window: MainWindow, restored: QApplication, color: QColor
) -> None:
    restored.setPalette(QPalette(_LIGHT))
    show_page(window, "cart")
    settle(window)
    picture(window)  # whatever is kept of drawings was made for another palette
    restored.setPalette(QPalette(color))
    settle(window)
    assert contrast(status_symbol(window)) > 100
    for action in window.actions():
        if not action.icon().isNull():
            drawn = QImage(16, 16, QImage.Format.Format_RGB32)
            drawn.fill(color)
            painter = QPainter(drawn)
            action.icon().paint(painter, drawn.rect())
            painter.end()
            assert contrast(drawn) > 100, action.text()


def status_symbol(window: MainWindow) -> QImage:
    table = window.cart_page.table
    index = window.cart_page.model.index(0, Column.STATUS)
    table.scrollTo(index)
    place, viewport = table.visualRect(index), table.viewport()
    assert viewport is not None
    return picture(viewport).copy(QRect(place.left(), place.top(), place.height(), place.height()))


# --- colours are no signs -------------------------------------------------------------------------


@in_every_language
def test_every_state_has_a_word_of_its_own(qapp: QApplication) -> None:
    del qapp
    words = [state_word(state) for state in TaskState]
    assert len(set(words)) == len(words)


def test_every_state_has_a_shape_of_its_own(qapp: QApplication) -> None:
    drawn = [symbols.icon(state, qapp.palette(), 32, 1).pixmap(32, 32).toImage() for state in TaskState]
    assert all(one != other for one, other in combinations(drawn, 2))
