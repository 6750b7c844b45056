from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtDBus import QDBusUnixFileDescriptor

from cartload_qt.desktop import bus as bus_of
from cartload_qt.desktop.awake_linux import (
    GNOME,
    LOGIND,
    POWER_MANAGEMENT,
    ServiceInhibitor,
    ways_of_the_buses,
)
from frontends.qt.desktop.services import Asked, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytestqt.qtbot import QtBot

    from cartload_qt.desktop import awake_linux
    from frontends.qt.desktop.conftest import Connect

WITH_A_NUMBER = [
    (GNOME, Asked("Inhibit", ["cartload", 0, "a cart", 4], "susu")),
    (POWER_MANAGEMENT, Asked("Inhibit", ["cartload", "a cart"], "ss")),
]


def number() -> Sequence[object]:
    return [bus_of.unsigned(42)]


def nothing() -> Sequence[object]:
    return []


@pytest.mark.parametrize(("asked", "told"), WITH_A_NUMBER)
def test_a_desktop_is_asked_and_told_when_it_is_over(
    qtbot: QtBot, connect: Connect, asked: awake_linux.Service, told: Asked
) -> None:
    there = service(
        connect(), asked.name, asked.path, asked.interface, {"Inhibit": number, asked.undo: nothing}
    )
    way = ServiceInhibitor(connect(), asked)
    way.hold("a cart")
    qtbot.waitUntil(lambda: way.is_granted)
    with qtbot.waitSignal(there.was_asked):
        way.release()
    assert there.asked == [told, Asked(asked.undo, [42], "u")]


def test_what_is_granted_too_late_is_given_back(qtbot: QtBot, connect: Connect) -> None:
    there = service(
        connect(), GNOME.name, GNOME.path, GNOME.interface, {"Inhibit": number, "Uninhibit": nothing}
    )
    way = ServiceInhibitor(connect(), GNOME)
    way.hold("a cart")
    way.release()
    qtbot.waitUntil(lambda: there.members() == ["Inhibit", "Uninhibit"])
    assert not way.is_granted


def test_of_two_answers_the_later_is_kept(qtbot: QtBot, connect: Connect) -> None:
    numbers = iter((1, 2))
    there = service(
        connect(),
        GNOME.name,
        GNOME.path,
        GNOME.interface,
        {"Inhibit": lambda: [bus_of.unsigned(next(numbers))], "Uninhibit": nothing},
    )
    way = ServiceInhibitor(connect(), GNOME)
    way.hold("a cart")
    way.release()
    way.hold("a cart")
    qtbot.waitUntil(lambda: way.is_granted)
    qtbot.waitUntil(lambda: len(there.asked) == 3)
    assert [each.arguments for each in there.asked if each.member == "Uninhibit"] == [[1]]


def test_a_desktop_that_refuses_is_not_told_that_it_is_over(qtbot: QtBot, connect: Connect) -> None:
    there = service(connect(), GNOME.name, GNOME.path, GNOME.interface, {})
    way = ServiceInhibitor(connect(), GNOME)
    with qtbot.waitSignal(there.was_asked):
        way.hold("a cart")
    way.release()
    assert there.members() == ["Inhibit"]
    assert not way.is_granted


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    yield reading, writing
    os.close(reading)


def test_systemd_s_file_is_held_open_until_it_is_released(
    qtbot: QtBot, connect: Connect, pipe: tuple[int, int]
) -> None:
    reading, writing = pipe

    def file() -> Sequence[object]:
        given = QDBusUnixFileDescriptor(writing)
        os.close(writing)
        return [given]

    def is_closed() -> bool:
        try:
            return os.read(reading, 1) == b""
        except BlockingIOError:
            return False

    there = service(connect(), LOGIND.name, LOGIND.path, LOGIND.interface, {"Inhibit": file})
    way = ServiceInhibitor(connect(), LOGIND)
    way.hold("a cart")
    qtbot.waitUntil(lambda: way.is_granted)
    assert there.asked[0].arguments == ["idle", "cartload", "a cart", "block"]
    assert not is_closed()
    way.release()
    qtbot.waitUntil(is_closed)
    assert there.members() == ["Inhibit"]


@pytest.mark.usefixtures("qapp")
@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="they have no buses")
def test_without_a_desktop_s_bus_no_desktop_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus_of, "session_bus", lambda: None)
    monkeypatch.setattr(bus_of, "system_bus", lambda: None)
    assert ways_of_the_buses() == ()
