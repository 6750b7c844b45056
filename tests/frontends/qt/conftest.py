"""The window's tests need no display: Qt draws into memory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QLocale, QTranslator

from cartload_qt import translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtWidgets import QApplication

from frontends.qt.applications import Browser, Desk, browsing, kept_alive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def american() -> None:
    """Have numbers written in one way, wherever the tests run."""
    QLocale.setDefault(QLocale("en_US"))


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest, qapp: QApplication, american: None) -> Iterator[str]:
    """Have the window speak each language that there is."""
    del american  # it comes first
    code = str(request.param)
    QLocale.setDefault(QLocale(code))
    translation.install(qapp, QLocale(code))
    yield code
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)


@pytest.fixture
def ends() -> Iterator[list[str | int]]:
    """Let no window end the tests; gives how they wanted to."""
    with pytest.MonkeyPatch.context() as patch:
        yield kept_alive(patch)


@pytest.fixture
def desk(qtbot: QtBot, ends: list[str | int], tmp_path: Path) -> Iterator[Desk]:
    """Give the whole window, as it is when somebody starts it."""
    del ends
    made = Desk(qtbot, tmp_path / "data")
    made.application.show(None)
    yield made
    made.leave()


@pytest.fixture
def again(qtbot: QtBot, ends: list[str | int], tmp_path: Path) -> Iterator[Desk]:
    """Give another window, of the next start, which is not shown yet."""
    del ends
    made = Desk(qtbot, tmp_path / "elsewhere")
    yield made
    made.leave()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Have addresses opened by a stand-in for the desktop's programs."""
    with browsing() as made:
        yield made
