from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QSystemTrayIcon

from cartload_qt.desktop import bus as bus_of
from cartload_qt.desktop.notice import Notice
from frontends.qt.desktop.services import service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtDBus import QDBusArgument
    from pytestqt.qtbot import QtBot

    from frontends.qt.desktop.conftest import Connect

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"


class Tray:
    """A tray that writes down what it shows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, is_there: bool = True) -> None:
        self.shown: list[tuple[str, str]] = []
        monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: is_there)
        monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: is_there)
        monkeypatch.setattr(QSystemTrayIcon, "show", lambda _: None)
        monkeypatch.setattr(
            QSystemTrayIcon, "showMessage", lambda _, title, text, *__: self.shown.append((title, text))
        )


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> Tray:
    return Tray(monkeypatch)


def number(value: int) -> Callable[[], Sequence[QDBusArgument]]:
    return lambda: [bus_of.unsigned(value)]


def test_a_notification_has_the_shape_that_the_standard_wants(qtbot: QtBot, connect: Connect) -> None:
    there = service(connect(), NAME, PATH, NAME, {"Notify": number(7)})
    notice = Notice(connect(), QIcon())
    with qtbot.waitSignal(there.was_asked):
        notice.show("Cart complete", "12 series, 3.4 GB")
    (asked,) = there.asked
    assert asked.signature == "susssasa{sv}i"
    assert asked.arguments == [
        "cartload",
        0,
        "cartload",
        "Cart complete",
        "12 series, 3.4 GB",
        [],
        {"desktop-entry": "cartload", "category": "transfer.complete"},
        -1,
    ]


def test_what_others_wrote_is_no_markup_and_steers_nothing(qtbot: QtBot, connect: Connect) -> None:
    there = service(connect(), NAME, PATH, NAME, {"Notify": number(7)})
    notice = Notice(connect(), QIcon())
    with qtbot.waitSignal(there.was_asked):
        notice.show("cart\u202e\n", "<b>a</b> & <img src='x'>\nb\x1b" + "c" * 10_000)
    _, _, _, title, text, *_ = there.asked[0].arguments
    assert title == "cart\\u202e\\x0a"
    assert isinstance(text, str)
    assert text.startswith("&lt;b&gt;a&lt;/b&gt; &amp; &lt;img src='x'&gt;\nb\\x1bc")
    assert len(text) < 600


def test_the_next_one_takes_the_place_of_the_last(qtbot: QtBot, connect: Connect) -> None:
    there = service(connect(), NAME, PATH, NAME, {"Notify": number(7)})
    notice = Notice(connect(), QIcon())
    notice.show("first", "")
    qtbot.waitUntil(lambda: notice.last_shown == 7)
    with qtbot.waitSignal(there.was_asked):
        notice.show("second", "")
    assert [asked.arguments[1] for asked in there.asked] == [0, 7]


def test_where_no_service_takes_it_the_tray_shows_it(qtbot: QtBot, connect: Connect, tray: Tray) -> None:
    notice = Notice(connect(), QIcon())
    notice.show("title", "<b>")
    qtbot.waitUntil(lambda: bool(tray.shown))
    assert tray.shown == [("title", "<b>")]


@pytest.mark.usefixtures("qapp")
def test_without_a_bus_the_tray_shows_it(tray: Tray) -> None:
    notice = Notice(None, QIcon())
    notice.show("title", "text")
    notice.show("again", "text")
    assert tray.shown == [("title", "text"), ("again", "text")]


@pytest.mark.usefixtures("qapp")
def test_where_there_is_nothing_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    tray = Tray(monkeypatch, is_there=False)
    Notice(None, QIcon()).show("title", "text")
    assert tray.shown == []
