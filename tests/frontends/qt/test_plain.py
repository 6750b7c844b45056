"""What others wrote is never taken for markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QTextDocumentFragment

from cartload_qt import plain

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOSTILE = [
    "<b>bold</b>",
    "<img src='http://evil.example/x.png'>",
    "a & b &amp; <a href='x'>c</a>",
    "two\nlines  and   spaces",
    "<!-- x -->",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tip_shows_just_the_text(text: str) -> None:
    shown = QTextDocumentFragment.fromHtml(plain.tip(text)).toPlainText()
    assert shown.replace("\u2028", "\n").replace("\u00a0", " ") == text


def test_no_text_makes_no_tip() -> None:
    assert plain.tip("") == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_shows_just_the_text(qtbot: QtBot, text: str) -> None:
    label = plain.Label(text)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == text


def test_what_turns_the_reading_direction_is_escaped(qtbot: QtBot) -> None:
    label = plain.Label("cart\u202egpj.exe")
    qtbot.addWidget(label)
    assert label.text() == "cart\\u202egpj.exe"


def test_an_ampersand_in_a_menu_is_one() -> None:
    assert plain.menu_text("R&D <b>") == "R&&D <b>"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_message_box_is_plain(qtbot: QtBot, text: str) -> None:
    box = plain.box(None, "title", text, more=text, details=text)
    qtbot.addWidget(box)
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert (box.text(), box.informativeText(), box.detailedText()) == (text, text, text)
