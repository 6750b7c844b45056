"""T18: nothing that a server, a manifest or a file says is taken for markup, anywhere in the window."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QApplication, QToolTip

from cartload.errors import TransportError
from cartload.events import AttemptFailed, PluginFailed, TaskChanged, Warned
from cartload.model import License
from cartload.state import TaskState
from cartload.testing.archive import manifest_text
from cartload_archive import ArchiveOptions, ArchiveServer, Stall
from cartload_archive.faults import Fault
from cartload_qt.desktop.notice import Notice
from cartload_qt.dialogs.policy import PolicyDialog
from cartload_qt.dialogs.trouble import ErrorDialog
from cartload_qt.dialogs.unfinished import UnfinishedDialog
from cartload_qt.recent import CartState, RecentCart, RecentCarts
from cartload_qt.stage import Stage
from cartload_qt.table.arranging import Grouping
from cartload_qt.table.columns import Column
from frontends.qt.applications import Browser, Desk, press
from plainness import assert_plain, is_harmless, shows_just_text
from plugins.network.scripted_server import answer
from small_carts import a_catalogue, a_record, a_series
from toxics import Door, ToxicProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.testing.archive import ArchiveSeries
    from toxics import Passing

TEXTS = (
    "<b>bold</b>",
    "<img src='http://evil.example/x.png'>",
    "a & b &amp; <a href='file:///etc/passwd'>c</a>",
    "cart\u202egpj.exe",
    "two\r\nlines\x1b[2J and\ttabs",
    "%1 {name} %n <!-- x -->",
    "x" * 5_000,
)
LINKS = (
    "file:///etc/passwd",
    "javascript:alert(1)",
    "smb://evil.example/x",
    "http:evil",
    "https://good.example/<b>",
    "https://good.example/a\nb",
    "data:text/html,<script>alert(1)</script>",
)
ALL = " ".join(TEXTS[:-1])
NAME = "R&D <b>\u202e cart.tcia" if sys.platform != "win32" else "R&D \u202e cart.tcia"


def hostile_series(number: int) -> ArchiveSeries:
    text = TEXTS[number % len(TEXTS)]
    stored = a_series(a_record(number), 2)
    record = evolve(
        stored.record,
        patient_id=text,
        collection=text,
        series_description=text,
        study_description=text,
        manufacturer=text,
        modality=text,
        data_description_uri=LINKS[number % len(LINKS)],
        license=License(text, LINKS[number % len(LINKS)]),
    )
    return evolve(stored, record=record)


CATALOGUE = a_catalogue(map(hostile_series, range(len(TEXTS))), policy="\n".join(TEXTS))
UIDS = list(CATALOGUE.series)
REST = ArchiveOptions(servlets=None)
"""Its REST services alter no text."""


@pytest.fixture(autouse=True)
def once(home: Path) -> None:
    """Try each series once."""
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("attempts = 1\n")


def spoiled(passing: Passing) -> bytes:
    """Refuse the images of one series with a page of markup."""
    if passing.door is Door.ARCHIVE and passing.series_uid == UIDS[1]:
        return answer(f"Sorry. {ALL}".encode(), 503, {"X-Reason": "busy"})
    return passing.answer


@pytest.fixture
def cart(tmp_path: Path) -> Iterator[Path]:
    with ArchiveServer(CATALOGUE, REST) as server, ToxicProxy(server.url, alter=spoiled) as proxy:
        path = tmp_path / NAME
        path.write_text(manifest_text(CATALOGUE, proxy.servlet_url))
        yield path


def look(desk: Desk) -> None:
    """Draw the window as it is, and look at every text in it and over it."""
    assert not desk.window.grab().isNull()
    for widget in QApplication.topLevelWidgets():
        assert_plain(widget)
    letter = desk.window.fontMetrics().horizontalAdvance("m")
    assert desk.window.minimumSizeHint().width() < 150 * letter


def begin(desk: Desk, cart: Path) -> None:
    desk.open(cart)
    desk.do("Start")
    dialog = desk.dialog(PolicyDialog)
    look(desk)
    press(dialog, "Agree")


def test_a_cart_of_hostile_texts_is_shown_as_it_stands_from_start_to_end(
    desk: Desk, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Notice, "show", lambda _, title, text: told.extend((title, text)))
    begin(desk, cart)
    desk.until(Stage.ENDED)
    assert desk.page.model.state(UIDS[1]) is TaskState.FAILED
    assert "Sorry. " in desk.page.model.reason(UIDS[1])
    failed = [AttemptFailed(uid, 1, text, text, 1.0) for uid, text in zip(UIDS, TEXTS, strict=True)]
    ended = [
        TaskChanged(uid, TaskState.FETCHING, TaskState.FAILED, text)
        for uid, text in zip(UIDS, TEXTS, strict=True)
    ]
    desk.application.controller.happened.emit([*failed, *ended])
    assert is_harmless(desk.window.windowTitle())
    for uid in UIDS:
        desk.page.table.show_series(uid)
        look(desk)
    desk.page.model.set_grouping(Grouping.PATIENT)
    look(desk)
    for column in Column:
        desk.page.model.sort(column)
        desk.page.model.sort(-1)
    assert_plain(desk.page.table.menu())
    assert len(told) == 2
    assert all(map(is_harmless, told[1:]))  # the title is escaped by the notice itself


def test_what_is_read_is_named_as_it_stands(desk: Desk, tmp_path: Path) -> None:
    stall = Stall()
    with ArchiveServer(CATALOGUE, faults=lambda _: Fault(stall=stall)) as server:
        path = tmp_path / NAME
        path.write_text(manifest_text(CATALOGUE, server.servlet_url))
        desk.window.open_manifest(path)
        desk.wait(stall.reached.is_set)
        assert desk.window.pages.currentWidget() is desk.window.reading_page
        assert "<b>" in desk.window.reading_page.name.text() or sys.platform == "win32"
        look(desk)
        press(desk.window.reading_page, "Cancel")
        desk.until(Stage.EMPTY)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_carts_of_before_are_listed_as_they_stand(desk: Desk, text: str, tmp_path: Path) -> None:
    manifest = tmp_path / "cart.tcia"
    manifest.touch()
    cart = RecentCart(
        manifest=str(manifest),
        root=text,
        name=text,
        series=2,
        done=1,
        state=CartState.STOPPED,
        when=time.time(),
    )
    RecentCarts().record(cart)
    desk.application.show(None)
    desk.wait(desk.window.recent_menu.actions)
    dialog = desk.dialog(UnfinishedDialog)
    look(desk)
    (entry,) = desk.window.recent_menu.actions()
    assert entry.text().count("&") == 2 * text.count("&")
    assert shows_just_text(entry.toolTip())
    dialog.reject()


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_what_is_noted_and_told_of_errors_is_shown_as_it_stands(desk: Desk, text: str) -> None:
    desk.application.controller.happened.emit([Warned(text, text), PluginFailed(text, text)])
    assert is_harmless(desk.note)
    assert desk.note
    desk.application.controller.refused.emit(TransportError(text, subject=text))
    dialog = desk.dialog(ErrorDialog)
    look(desk)
    press(dialog, "Close")


def test_a_tip_on_the_screen_is_just_text(desk: Desk, cart: Path) -> None:
    desk.open(cart)
    table = desk.page.table
    viewport = table.viewport()
    assert viewport is not None
    for uid in UIDS:
        place = table.visualRect(desk.page.model.index_of(uid, Column.PATIENT)).center()
        QApplication.sendEvent(viewport, QHelpEvent(QHelpEvent.Type.ToolTip, place, QPoint()))
        assert shows_just_text(QToolTip.text())
        look(desk)
    QToolTip.hideText()


def test_no_link_leads_anywhere_but_to_the_web(desk: Desk, cart: Path, browser: Browser) -> None:
    desk.open(cart)
    for uid in UIDS:
        desk.page.table.show_series(uid)
        if desk.page.details.link.isVisible():
            desk.page.details.link.click()
    assert browser.opened == ["https://good.example/%3Cb%3E"]
    for address in (*LINKS, "", " https://x", "HTTP://good.example", "//evil.example", "C:\\evil.exe"):
        desk.page.details.link_wanted.emit(address)
    assert {each.partition(":")[0].lower() for each in browser.opened} == {"http", "https"}
