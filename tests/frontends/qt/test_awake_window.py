"""The window never blocks: not while a large cart is read, described, planned, started, fetched, or left."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt

from cartload.state import TaskState
from cartload_plugins.transports.mock.script import series_uid
from cartload_qt.dialogs.confirming import LeaveDialog
from cartload_qt.dialogs.existing import ExistingDialog
from cartload_qt.stage import Stage
from cartload_qt.table.arranging import Grouping
from cartload_qt.table.columns import Column
from drawing_thread import GLANCE, pace
from frontends.qt.watching_thread import watched

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from frontends.qt.applications import Desk
from frontends.qt.watching_thread import Watch

SERIES = 20_000
FETCHED = 400
"""Series that come before the user pauses; more would show nothing else."""

MOST_ATTEMPTS = 3
"""What the window does itself it does every time; what others do to the machine passes."""

_SETTINGS = f"""\
transport = "mock"
[plugins.mock]
series = {SERIES}
images = 1
image_bytes = 1024
"""
_MANIFEST = """\
downloadServerUrl=http://mock.invalid/servlet
includeAnnotation=true
manifestVersion=3.0
ListOfSeriesToDownload=
"""


@pytest.fixture
def cart(home: Path, tmp_path: Path) -> Path:
    """Write a cart of an archive that is made up in this process."""
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(_SETTINGS)
    path = tmp_path / "cart.tcia"
    lines = "".join(f"{series_uid(number)}\n" for number in range(1, SERIES + 1))
    path.write_text(_MANIFEST + lines)
    return path


def idle(desk: Desk, folder: Path) -> Desk:
    """Wait until the window has nothing more to do, about to go to a new folder."""
    desk.page.choices.folder.setText(str(folder))
    desk.wait(lambda: desk.page.choices.place is not None)
    desk.settled()
    return desk


def complete(desk: Desk) -> int:
    return desk.application.controller.progress.snapshot().counts.get(TaskState.COMPLETE, 0)


def breathe(desk: Desk, watch: Watch) -> None:
    """Let the window draw what changed."""
    beats = watch.beats
    desk.wait(lambda: watch.beats > beats + 2)


def go_all_the_way(desk: Desk, cart: Path, watch: Watch) -> None:
    """Do all that a user does with a cart."""
    bring_some_home(desk, cart, watch)
    end_and_begin_again(desk, cart, watch)
    watch.end()


def bring_some_home(desk: Desk, cart: Path, watch: Watch) -> None:
    """Do what a user does while a cart comes."""
    page = desk.page
    watch.begin("read, described and planned")
    desk.open(cart)
    watch.begin("prepared and started")
    desk.do("Start")
    desk.until(Stage.RUNNING)
    watch.begin("fetched")
    desk.wait(lambda: complete(desk) >= FETCHED)
    watch.begin("sorted, filtered and grouped")
    wishes: tuple[Callable[[], object], ...] = (
        lambda: page.table.sortByColumn(Column.STATUS, Qt.SortOrder.DescendingOrder),
        lambda: page.filter.box.setText("1"),
        page.filter.left.emit,
        page.filter.box.clear,
        lambda: page.model.set_grouping(Grouping.PATIENT),
        lambda: page.model.set_grouping(Grouping.NONE),
    )
    for wish in wishes:
        wish()
        breathe(desk, watch)
    watch.begin("paused")
    desk.do("Pause")
    desk.until(Stage.PAUSED)
    watch.begin("reported")
    desk.window.save_report(cart.with_name("report.txt"))
    desk.wait(lambda: desk.note.startswith("The report is in"))
    watch.begin("resumed")
    desk.do("Resume")
    desk.until(Stage.RUNNING)
    watch.begin("selected")
    page.table.selectAll()
    breathe(desk, watch)


def end_and_begin_again(desk: Desk, cart: Path, watch: Watch) -> None:
    """Do what a user does who changed his mind."""
    page = desk.page
    watch.begin("stopped")
    desk.do("Stop")
    desk.until(Stage.ENDED)
    watch.begin("deleted, all of it")
    page.table.selectAll()
    desk.do("Delete from cart")
    breathe(desk, watch)
    watch.begin("read again")
    desk.window.open_manifest(cart)
    desk.until(Stage.READING)
    desk.until(Stage.SHOWN)
    watch.begin("gone on with")
    desk.do("Start")
    desk.press("Start", ExistingDialog)
    desk.until(Stage.RUNNING)
    watch.begin("closed")
    desk.do("Close cart")
    desk.press("Leave and stop", LeaveDialog)
    desk.until(Stage.EMPTY)


def test_no_step_of_a_large_cart_holds_the_window_up(
    cart: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps: dict[str, float] = {}
    for attempt in range(MOST_ATTEMPTS):
        with watched(monkeypatch) as watch:
            go_all_the_way(idle(desk, tmp_path / f"data {attempt}"), cart, watch)
        longest = GLANCE * pace()
        assert len(watch.longest) == 13
        again = watch.longest.keys() if attempt == 0 else steps.keys()
        steps = {step: watch.longest[step] for step in again if watch.longest[step] > longest}
        if not steps:
            break
    assert steps == {}


def test_no_step_of_a_large_cart_has_the_window_wait_for_a_disk_or_a_network(
    cart: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with watched(monkeypatch) as watch:
        go_all_the_way(idle(desk, tmp_path / "data"), cart, watch)
    assert watch.waits == []


def test_what_would_hold_the_window_up_is_noticed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    with watched(monkeypatch) as watch:
        watch.begin("idle")
        qtbot.waitUntil(lambda: watch.beats > 1)
        assert watch.longest["idle"] < GLANCE * pace()
        longest = GLANCE * pace()
        until = time.thread_time() + longest + 0.01
        while time.thread_time() < until:
            pass
        beats = watch.beats
        qtbot.waitUntil(lambda: watch.beats > beats)
        watch.end()
    assert watch.longest["idle"] > longest


def test_what_would_wait_for_a_disk_is_noticed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    del qtbot
    with watched(monkeypatch) as watch:
        (tmp_path / "a").touch()
        watch.begin("reading")
        (tmp_path / "a").read_bytes()
        (tmp_path / "a").stat()
        os.scandir(tmp_path).close()
        watch.end()
        (tmp_path / "a").read_bytes()
    assert [each.split()[1] for each in watch.waits] == ["open", "os.stat", "os.scandir"]
