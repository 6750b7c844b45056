"""What holds for every dialog: nothing hostile is rendered, all is reached by keyboard and has a name."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PyQt6.QtGui import QKeySequence, QTextDocumentFragment
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from dialog_parts import opened
from every_dialog import EVERY

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from cartload_qt.dialogs.dialog import Dialog
    from dialog_parts import Opened

HOSTILE = [
    "<b>bold</b>",
    "<img src='http://evil.example/x.png'>",
    "a & b &amp; <a href='x'>c</a>",
    "cart\u202egpj.exe",
    "two\nlines\r\nand\x1b[2J",
    "x" * 10_000,
    "%1 {name} %n",
]
every_dialog = pytest.mark.parametrize("name", EVERY)


def made(name: str, text: str, window: QWidget, folder: Path, qtbot: QtBot) -> Opened:
    shown = opened(EVERY[name](text, window, folder))
    if name == "login":
        keeping = shown.button("Keep in the system keyring")
        qtbot.waitUntil(keeping.isEnabled)
    return shown


def is_harmless(text: str) -> bool:
    return not any(unicodedata.category(each) in {"Cc", "Cf"} and each != "\n" for each in text)


def shows_just_text(tip: str) -> bool:
    """Tell whether a tooltip is empty, plain, or made by ``plain.tip``, which lets no markup through."""
    if not Qt.mightBeRichText(tip):  # type: ignore[attr-defined]  # the stubs lack it
        return True
    inner = tip.removeprefix("<p style='white-space:pre-wrap'>").removesuffix("</p>")
    rendered = QTextDocumentFragment.fromHtml(tip).toPlainText()
    return "<" not in inner.replace("<br>", "") and "\ufffc" not in rendered  # which stands for an image


def cells(model: QAbstractItemModel, role: Qt.ItemDataRole) -> list[str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    found = (
        model.index(row, column).data(role) for row in range(model.rowCount()) for column in range(columns)
    )
    return [text for text in found if isinstance(text, str)]


@every_dialog
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_is_rendered_as_markup_or_steers_what_is_shown(
    name: str, text: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, text, window, tmp_path, qtbot)
    assert shown.all(QTextEdit) == []
    assert is_harmless(shown.dialog.windowTitle())
    for label in shown.all(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert is_harmless(label.text())
    for passage in shown.all(QPlainTextEdit):
        assert is_harmless(passage.toPlainText()) or not passage.isReadOnly()
    for view in shown.all(QAbstractItemView):
        model = view.model()
        if model is not None and not isinstance(view.window(), QComboBox):
            assert all(map(is_harmless, cells(model, Qt.ItemDataRole.DisplayRole)))
            assert all(map(shows_just_text, cells(model, Qt.ItemDataRole.ToolTipRole)))
    for box in shown.all(QComboBox):
        assert all(is_harmless(box.itemText(number)) for number in range(box.count()))
    for widget in shown.all(QWidget):
        assert shows_just_text(widget.toolTip())
        assert shows_just_text(widget.whatsThis())


@every_dialog
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_makes_a_dialog_larger_than_a_screen(
    name: str, text: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, text, window, tmp_path, qtbot)
    letter = shown.dialog.fontMetrics().horizontalAdvance("m")
    assert shown.dialog.minimumSizeHint().width() < 110 * letter
    assert shown.dialog.width() < 110 * letter


def takes_focus(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def is_inner(widget: QWidget) -> bool:
    """Tell whether a widget is a part of one that Qt made, and named by that."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractItemView | QTabBar):
            return True
        parent = parent.parentWidget()
    return "qt_" in widget.objectName()


def has_name(widget: QWidget, buddies: set[int]) -> bool:
    if isinstance(widget, QAbstractButton) and widget.text():
        return True
    if isinstance(widget, QLabel | QTabBar | QTabWidget | QScrollArea):
        return True  # they are what they show
    return bool(widget.accessibleName()) or id(widget) in buddies


@every_dialog
def test_whatever_takes_the_focus_has_a_name(
    name: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, "text", window, tmp_path, qtbot)
    buddies = {id(label.buddy()) for label in shown.all(QLabel) if label.buddy() is not None}
    focusable = [each for each in shown.all(QWidget) if takes_focus(each) and not is_inner(each)]
    assert [each for each in focusable if not has_name(each, buddies)] == []


@every_dialog
def test_no_two_keys_are_the_same_on_one_page(
    name: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, "text", window, tmp_path, qtbot)
    assert twice(visible_keys(shown)) == []
    for tabs in shown.all(QTabWidget):
        titles = [key_of(tabs.tabText(number)) for number in range(tabs.count())]
        for page in range(tabs.count()):
            tabs.setCurrentIndex(page)
            assert twice([*titles, *visible_keys(shown)]) == []


def twice(keys: list[str]) -> list[str]:
    return [key for key, number in Counter(keys).items() if key and number > 1]


def visible_keys(shown: Opened) -> list[str]:
    buttons = [each.text() for each in shown.all(QAbstractButton) if each.isVisible()]
    labels = [each.text() for each in shown.all(QLabel) if each.isVisible() and each.buddy() is not None]
    return [key_of(text) for text in (*buttons, *labels)]


def key_of(text: str) -> str:
    return QKeySequence.mnemonic(text).toString()


@every_dialog
def test_each_dialog_has_one_default_button_and_closes_by_escape(
    name: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, "text", window, tmp_path, qtbot)
    marked = [each for each in shown.all(QPushButton) if each.isDefault()]
    assert len(marked) == 1
    shown.key(Qt.Key.Key_Escape)
    assert len(shown.answers) == 1
    assert not shown.dialog.isVisible()


@every_dialog
def test_all_is_reached_by_the_tab_key(name: str, window: QWidget, tmp_path: Path, qtbot: QtBot) -> None:
    shown = made(name, "text", window, tmp_path, qtbot)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)
    wanted = {
        each
        for each in shown.all(QWidget)
        if isinstance(each, kinds)
        and each.isVisible()
        and each.isEnabled()
        and takes_focus(each)
        and not is_inner(each)
    }
    assert wanted <= chain(shown.dialog)


def chain(dialog: Dialog) -> set[QWidget]:
    """Follow the focus as the tab key does."""
    found: set[QWidget] = set()
    each = dialog.nextInFocusChain()
    while each is not None and each is not dialog and each not in found:
        found.add(each)
        each = each.nextInFocusChain()
    return found
