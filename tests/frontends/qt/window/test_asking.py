"""Dialogs come one at a time, and those of a run go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtWidgets import QWidget

from cartload_qt.dialogs.about import AboutDialog
from cartload_qt.dialogs.confirming import LeaveDialog
from cartload_qt.window.asking import Asking

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_second_dialog_waits_for_the_answer_to_the_first(window: QWidget) -> None:
    asking, answers = Asking(window), list[object]()
    for _ in range(2):
        asking.ask(lambda: LeaveDialog(1, window), answers.append)
    first = asking.open
    assert first is not None
    first.give(answer=True)
    assert answers == [True]
    assert asking.open not in {None, first}


def test_what_is_of_a_run_goes_with_it_with_its_careful_answer(window: QWidget) -> None:
    asking, answers = Asking(window), list[object]()
    for _ in range(2):
        asking.ask(lambda: LeaveDialog(1, window), answers.append, of_the_run=True)
    asking.withdraw()
    assert asking.open is None
    assert answers == [False]


def test_what_is_not_of_the_run_stays_and_comes(window: QWidget) -> None:
    asking, answers = Asking(window), list[object]()
    asking.ask(lambda: AboutDialog(window), answers.append)
    asking.ask(lambda: LeaveDialog(1, window), answers.append, of_the_run=True)
    asking.ask(lambda: AboutDialog(window), answers.append)
    first = asking.open
    asking.withdraw()
    assert asking.open is first
    assert first is not None
    first.reject()
    assert isinstance(asking.open, AboutDialog)
    assert answers == [None]
