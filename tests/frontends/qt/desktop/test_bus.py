from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cartload_qt.desktop import bus as bus_of
from frontends.qt.desktop.services import service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PyQt6.QtCore import QObject
    from pytestqt.qtbot import QtBot

    from frontends.qt.desktop.conftest import Connect


class Heard:
    """What came of a call."""

    def __init__(self) -> None:
        self.answers: list[Sequence[object]] = []
        self.faults: list[str] = []

    @property
    def is_over(self) -> bool:
        return bool(self.answers or self.faults)


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_there_is_no_bus_but_on_linux(system: str) -> None:
    assert bus_of.session_bus({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}, system) is None
    assert bus_of.system_bus(system) is None


def test_a_bus_that_nothing_speaks_of_is_not_started(tmp_path: Path) -> None:
    assert bus_of.session_bus({"XDG_RUNTIME_DIR": str(tmp_path)}, "linux") is None
    assert bus_of.session_bus({}, "linux") is None


@pytest.mark.skipif(sys.platform != "linux", reason="the others have none")
def test_a_bus_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/bus"}
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address["DBUS_SESSION_BUS_ADDRESS"])
    assert bus_of.session_bus(address, "linux") is None


def test_an_answer_is_handed_on(qtbot: QtBot, connect: Connect, qapp: QObject) -> None:
    there = service(connect(), "org.example", "/a", "org.example", {"Inhibit": lambda: ["yes", 7]})
    heard = Heard()
    message = bus_of.method(
        "org.example", "/a", "org.example", "Inhibit", ("why", bus_of.unsigned(4), bus_of.texts(()))
    )
    bus_of.call(connect(), message, qapp, heard.answers.append, heard.faults.append)
    qtbot.waitUntil(lambda: heard.is_over)
    assert heard.answers == [["yes", 7]]
    assert there.asked[0].signature == "suas"


def test_a_refusal_is_handed_on_in_its_words(qtbot: QtBot, connect: Connect, qapp: QObject) -> None:
    there = service(connect(), "org.example", "/a", "org.example", {})
    heard = Heard()
    bus_of.call(
        connect(),
        bus_of.method("org.example", "/a", "org.example", "Inhibit", ()),
        qapp,
        heard.answers.append,
        heard.faults.append,
    )
    qtbot.waitUntil(lambda: heard.is_over)
    assert there.members() == ["Inhibit"]
    assert heard.faults == ["it will not"]


def test_nobody_there_is_a_fault_not_a_wait(qtbot: QtBot, connect: Connect, qapp: QObject) -> None:
    heard = Heard()
    message = bus_of.method("org.example.nobody", "/a", "", "Inhibit", ())
    bus_of.call(connect(), message, qapp, heard.answers.append, heard.faults.append)
    qtbot.waitUntil(lambda: heard.is_over)
    assert heard.faults
