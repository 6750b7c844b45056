"""What the window remembers of itself is never written by the thread that draws."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import QCoreApplication, QSettings

from cartload_qt.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    Work = Callable[[], object]


@pytest.fixture
def asked() -> list[Work]:
    return []


@pytest.fixture
def memory(qtbot: QtBot, tmp_path: Path, asked: list[Work]) -> Memory:
    del qtbot
    return Memory(tmp_path / "window.ini", asked.append)


def in_a_thread(work: Work) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_value_is_at_hand_at_once_and_written_when_the_other_thread_comes_to_it(
    memory: Memory, asked: list[Work], tmp_path: Path
) -> None:
    memory.setValue("directory", "/data")
    memory.setValue("folder", "/carts")
    QCoreApplication.sendPostedEvents()  # by which Qt itself would have written
    assert memory.value("directory") == "/data"
    assert not (tmp_path / "window.ini").exists()
    (work,) = asked
    in_a_thread(work)
    written = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    assert (written.value("directory"), written.value("folder")) == ("/data", "/carts")
    assert "directory=/data" in (tmp_path / "window.ini").read_text()


def test_what_changes_after_a_writing_is_written_again(
    memory: Memory, asked: list[Work], tmp_path: Path
) -> None:
    memory.setValue("directory", "/data")
    in_a_thread(asked.pop())
    memory.setValue("directory", "/more")
    in_a_thread(asked.pop())
    assert "directory=/more" in (tmp_path / "window.ini").read_text()


def test_what_was_kept_is_read_when_it_begins(tmp_path: Path, memory: Memory, asked: list[Work]) -> None:
    memory.setValue("directory", "/data")
    in_a_thread(asked.pop())
    assert Memory(tmp_path / "window.ini", asked.append).value("directory") == "/data"
