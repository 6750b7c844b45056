from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload_qt.desktop import awake
from cartload_qt.desktop import bus as bus_of
from cartload_qt.desktop.awake_linux import GNOME, ServiceInhibitor
from cartload_qt.desktop.facade import Desktop
from cartload_qt.desktop.icon import application_icon
from frontends.qt.desktop.services import Listener, service
from frontends.qt.desktop.test_launcher import INTERFACE
from frontends.qt.desktop.test_notice import NAME, PATH

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from frontends.qt.desktop.conftest import Connect


def test_a_whole_cart_is_told_to_the_desktop(
    qtbot: QtBot, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, own = connect(), connect()
    notices = service(services, NAME, PATH, NAME, {"Notify": lambda: [bus_of.unsigned(1)]})
    power = service(
        services,
        GNOME.name,
        GNOME.path,
        GNOME.interface,
        {"Inhibit": lambda: [bus_of.unsigned(2)], "Uninhibit": list},
    )
    progress = Listener(services, INTERFACE, "Update")
    way = ServiceInhibitor(own, GNOME)
    monkeypatch.setattr(awake, "ways_here", lambda: (way,))
    desktop = Desktop(bus=own)
    desktop.busy(yes=True)
    qtbot.waitUntil(lambda: way.is_granted)
    desktop.progress(1, 2)
    desktop.busy(yes=False)
    desktop.finished("Cart complete", "12 series")
    qtbot.waitUntil(lambda: len(progress.heard) == 2 and bool(notices.asked) and len(power.asked) == 2)
    assert power.members() == ["Inhibit", "Uninhibit"]
    assert notices.asked[0].arguments[3:5] == ["Cart complete", "12 series"]


@pytest.mark.usefixtures("qapp")
def test_where_the_desktop_has_nothing_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(bus_of, "session_bus", lambda: asked.append("session"))
    monkeypatch.setattr(bus_of, "system_bus", lambda: asked.append("system"))
    desktop = Desktop()
    desktop.busy(yes=True)
    desktop.progress(1, 2)
    desktop.finished("title", "text")
    desktop.busy(yes=False)
    assert set(asked) == {"session", "system"}  # each was looked for, and none was there


@pytest.mark.usefixtures("qapp")
def test_the_icon_is_drawn_in_all_sizes() -> None:
    image = application_icon().pixmap(16, 16).toImage()
    assert image.width() >= 16
    assert image.pixelColor(image.width() // 2, image.height() - 2).alpha() > 0
    assert image.pixelColor(0, 0).alpha() < 255
