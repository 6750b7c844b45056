"""The main window with everything in it that can be there at once, for what holds for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from PyQt6.QtCore import QSettings

from cartload.events import AttemptFailed
from cartload.model import License, SeriesUID
from cartload.plan import Plan
from cartload.progress import Shortfall
from cartload.state import TaskState
from cartload_common.redaction import Redaction
from cartload_qt.choices import Choices
from cartload_qt.controller import Controller
from cartload_qt.recent import CartState, RecentCart
from cartload_qt.window.main_window import MainWindow
from frontends.qt.carts import REPORT
from frontends.qt.table.table_plans import a_plan_task, going, small, uid

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

PAGES = ("start", "reading", "cart")
LICENSED = 7
"""The series whose details are shown: its licence has an address, and it failed."""

_FAILED = (Shortfall(SeriesUID("1.2"), TaskState.FAILED, "no"),)


def whole_window(qtbot: QtBot, folder: Path) -> MainWindow:
    """Make the window, and fill its pages as if there were a session."""
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(Controller(Redaction()), Choices(directory=folder), memory, Redaction())
    qtbot.addWidget(window)
    states = {state: _cart(state) for state in CartState}
    window.start_page.show_recent(list(states.values()))
    window.reading_page.begin("cart.tcia")
    window.reading_page.show_described(3, 7)
    _fill_cart(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def show_page(window: MainWindow, name: str) -> None:
    pages = {"start": window.start_page, "reading": window.reading_page, "cart": window.cart_page}
    window.pages.setCurrentWidget(pages[name])


def _fill_cart(window: MainWindow) -> None:
    page = window.cart_page
    licensed = a_plan_task(LICENSED, licence=License("CC BY 4.0", "https://licences.example/by"))
    page.model.show_plan(Plan((*small().tasks, licensed)))
    page.model.apply([AttemptFailed(licensed.series_uid, 1, "nbia", "no", None)])
    page.model.apply(going(licensed, TaskState.FETCHING, TaskState.FAILED, reason="no"))
    page.table.show_series(uid(LICENSED))
    page.choices.show_namings(["classic", "descriptive", "template"], lambda _: ("a/path", ""))
    page.choices.naming.setCurrentIndex(page.choices.naming.findData("template"))
    page.ending.show_report(evolve(REPORT, shortfalls=_FAILED), can_retry=True)
    page.choices.setEnabled(True)
    page.filter.settling.show()
    for action in window.actions():
        action.setEnabled(True)


def _cart(state: CartState) -> RecentCart:
    cart = RecentCart(
        manifest="/a/b.tcia", root="/data", name="b", series=12, done=7, state=state, when=1_000_000.0
    )
    return evolve(cart, name=f"cart {state.value}")
