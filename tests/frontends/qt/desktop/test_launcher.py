from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QGuiApplication

from cartload_qt.desktop.launcher import Launcher
from frontends.qt.desktop.services import Listener

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from frontends.qt.desktop.conftest import Connect

INTERFACE = "com.canonical.Unity.LauncherEntry"


@pytest.fixture
def badges(qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    shown: list[int] = []
    monkeypatch.setattr(QGuiApplication, "setBadgeNumber", lambda _, number: shown.append(number))
    del qapp
    return shown


def test_progress_is_told_as_docks_want_it(qtbot: QtBot, connect: Connect) -> None:
    listener = Listener(connect(), INTERFACE, "Update")
    launcher = Launcher(connect())
    with qtbot.waitSignal(listener.heard_one):
        launcher.show(1, 4)
    (heard,) = listener.heard
    assert heard.signature == "sa{sv}"
    assert heard.arguments == [
        "application://cartload.desktop",
        {"progress": 0.25, "progress-visible": True},
    ]


def test_in_the_end_no_progress_is_shown(qtbot: QtBot, connect: Connect) -> None:
    listener = Listener(connect(), INTERFACE, "Update")
    launcher = Launcher(connect())
    launcher.show(1, 1)
    launcher.clear()
    qtbot.waitUntil(lambda: len(listener.heard) == 2)
    assert listener.heard[-1].arguments[1] == {"progress": 0.0, "progress-visible": False}


def test_a_part_of_a_percent_is_not_told(badges: list[int]) -> None:
    launcher = Launcher(None)
    for done in range(1000):
        launcher.show(done, 10_000)
    assert badges == list(range(10))


@pytest.mark.parametrize(
    ("done", "total", "shown"), [(0, 0, 0), (5, 0, 0), (3, 2, 100), (-1, 2, 0), (10**30, 2 * 10**30, 50)]
)
def test_odd_sums_are_shown_within_bounds(badges: list[int], done: int, total: int, shown: int) -> None:
    Launcher(None).show(done, total)
    assert badges == [shown]


def test_elsewhere_the_badge_goes_in_the_end(badges: list[int]) -> None:
    launcher = Launcher(None)
    launcher.show(1, 2)
    launcher.clear()
    launcher.clear()
    assert badges == [50, 0]
