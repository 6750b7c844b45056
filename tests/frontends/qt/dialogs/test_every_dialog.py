"""What holds for every dialog: nothing hostile is rendered, all is reached by keyboard and has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)

from cartload_qt.translation import tr
from dialog_parts import opened, plain
from every_dialog import EVERY
from frontends.qt.keyboard import cut_off, is_inner, key_of, takes_focus, twice, unnamed, visible_keys
from plainness import assert_plain

if TYPE_CHECKING:
    from collections.abc import Iterator
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
        keeping = shown.button(plain(tr("&Keep in the system keyring")))
        qtbot.waitUntil(keeping.isEnabled)
    return shown


@every_dialog
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_is_rendered_as_markup_or_steers_what_is_shown(
    name: str, text: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, text, window, tmp_path, qtbot)
    assert_plain(shown.dialog)


@every_dialog
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_makes_a_dialog_larger_than_a_screen(
    name: str, text: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, text, window, tmp_path, qtbot)
    letter = shown.dialog.fontMetrics().horizontalAdvance("m")
    assert shown.dialog.minimumSizeHint().width() < 110 * letter
    assert shown.dialog.width() < 110 * letter


@every_dialog
def test_whatever_takes_the_focus_has_a_name(
    name: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, "text", window, tmp_path, qtbot)
    assert unnamed(shown.dialog) == []


@every_dialog
@pytest.mark.usefixtures("language")
def test_no_two_keys_are_the_same_on_one_page(
    name: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, "text", window, tmp_path, qtbot)
    assert twice(visible_keys(shown.dialog)) == []
    for tabs in shown.all(QTabWidget):
        titles = [key_of(tabs.tabText(number)) for number in range(tabs.count())]
        for page in range(tabs.count()):
            tabs.setCurrentIndex(page)
            assert twice([*titles, *visible_keys(shown.dialog)]) == []


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


@pytest.fixture(params=[0, 20])
def letters(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """Have letters of the usual size, and large ones."""
    before, font = QFont(qapp.font()), QFont(qapp.font())
    font.setPointSize(request.param or font.pointSize())
    qapp.setFont(font)
    yield
    qapp.setFont(before)


@every_dialog
@pytest.mark.usefixtures("language", "letters")
def test_nothing_is_cut_off_in_any_language_and_letters_of_any_size(
    name: str, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = made(name, "text", window, tmp_path, qtbot)
    pages = shown.all(QTabWidget)
    for page in range(pages[0].count() if pages else 1):
        for tabs in pages:
            tabs.setCurrentIndex(page)
        QApplication.processEvents()
        assert cut_off(shown.dialog) == []
