from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import pytest

from cartload_qt.desktop.awake_elsewhere import CONTINUOUS, SYSTEM_REQUIRED, Caffeinate, ExecutionState

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_the_mac_s_program_runs_until_it_is_released(qtbot: QtBot, tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(600)"
    way = Caffeinate((sys.executable, "-c", program))
    way.hold("a cart")
    child = way.child
    assert child is not None
    qtbot.waitUntil(started.exists, timeout=30_000)
    assert child.poll() is None
    way.release()
    assert child.poll() is not None
    assert way.child is None


def test_a_mac_without_the_program_may_sleep(caplog: pytest.LogCaptureFixture) -> None:
    way = Caffeinate(("/nowhere/caffeinate",))
    with caplog.at_level(logging.INFO):
        way.hold("a cart")
    assert way.child is None
    assert "the computer may fall asleep" in caplog.text
    way.release()
    assert way.child is None


def test_windows_is_told_that_the_system_is_needed_and_then_no_longer() -> None:
    told: list[int] = []

    def change(state: int) -> int:
        told.append(state)
        return 1

    way = ExecutionState(change)
    way.hold("a cart")
    way.release()
    assert told == [CONTINUOUS | SYSTEM_REQUIRED, CONTINUOUS]


def test_a_windows_that_refuses_may_sleep(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ExecutionState(lambda _: 0).hold("a cart")
    assert "Windows refused" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="there is Windows to tell")
def test_without_windows_it_is_as_if_it_refused(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ExecutionState().hold("a cart")
    assert "Windows refused" in caplog.text
