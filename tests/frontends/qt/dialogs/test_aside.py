"""Work beside the window brings its outcome, or its error, to the window's own thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PyQt6.QtCore import QThreadPool

from cartload.errors import LoginError
from cartload_qt.dialogs.aside import Aside

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_the_outcome_comes_in_the_windows_thread(qtbot: QtBot) -> None:
    heard: list[tuple[object, bool]] = []
    aside = Aside()
    aside.done.connect(lambda outcome: heard.append((outcome, is_main())))
    aside.begin(is_main)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(False, True)]


def test_an_error_is_an_outcome(qtbot: QtBot) -> None:
    def fail() -> object:
        raise error

    heard: list[object] = []
    error = LoginError("no")
    aside = Aside()
    aside.done.connect(heard.append)
    aside.begin(fail)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [error]


def test_whoever_is_gone_is_not_told(qtbot: QtBot) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def work() -> object:
        begun.set()
        return may_end.wait(10)

    heard: list[object] = []
    aside = Aside()
    aside.done.connect(heard.append)
    aside.begin(work)
    qtbot.waitUntil(begun.is_set)
    aside.deleteLater()
    del aside
    may_end.set()
    pool = QThreadPool.globalInstance()
    assert pool is not None
    assert pool.waitForDone(10_000)
    qtbot.wait(0)
    assert heard == []


def is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
