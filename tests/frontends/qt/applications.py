"""The whole window in this process, and a user who presses what it shows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QObject, QUrl, pyqtSlot
from PyQt6.QtGui import QAction, QDesktopServices
from PyQt6.QtWidgets import QAbstractButton, QLabel, QWidget

from cartload_common.redaction import Redaction
from cartload_qt.application import Application
from cartload_qt.dialogs.policy import PolicyDialog
from cartload_qt.stage import Stage
from dialog_parts import plain
from frontends.qt.carts import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from cartload.model import SeriesUID
    from cartload_qt.dialogs.dialog import Dialog
    from cartload_qt.recent import RecentCart
    from cartload_qt.window.cart_page import CartPage
    from cartload_qt.window.main_window import MainWindow

D = TypeVar("D", bound="Dialog")

QUIT = "quit"
SCHEMES = ("file", "http", "https", "javascript", "data", "mailto", "smb")


def kept_alive(patch: pytest.MonkeyPatch) -> list[str | int]:
    """Let no window end the tests; gives how they wanted to: ``QUIT``, or the exit code."""
    ends: list[str | int] = []
    patch.setattr("cartload_qt.application.QApplication.quit", lambda: ends.append(QUIT))
    patch.setattr("cartload_qt.application.os._exit", ends.append)
    return ends


class Desk:
    """A window with its application."""

    def __init__(self, qtbot: QtBot, directory: Path) -> None:
        self.qtbot = qtbot
        self.application = Application(Redaction())
        self.page.choices.folder.setText(str(directory))

    @property
    def window(self) -> MainWindow:
        return self.application.window

    @property
    def page(self) -> CartPage:
        return self.window.cart_page

    @property
    def stage(self) -> Stage:
        return self.application.controller.stage

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def until(self, *stages: Stage) -> None:
        self.wait(lambda: self.stage in stages)

    def settled(self) -> None:
        """Wait until nothing is done beside."""
        self.wait(lambda: not self.application._beside.is_busy)

    def open(self, path: Path) -> None:
        refused: list[Exception] = []
        self.application.controller.refused.connect(refused.append)
        self.window.open_manifest(path)
        self.wait(lambda: self.stage is Stage.SHOWN or refused)
        self.application.controller.refused.disconnect(refused.append)
        assert refused == []

    def do(self, text: str) -> None:
        """Choose an action of the window by its text, as a menu would, if it can do something."""
        (action,) = [each for each in self.window.findChildren(QAction) if plain(each.text()) == text]
        assert action.isEnabled(), text
        action.trigger()

    def can(self, text: str) -> bool:
        (action,) = [each for each in self.window.findChildren(QAction) if plain(each.text()) == text]
        return action.isEnabled()

    def dialog(self, kind: type[D]) -> D:
        """Wait for a dialog of a kind."""
        found: list[D] = []

        def is_there() -> bool:
            found[:] = [each for each in (self.window.asking.open,) if isinstance(each, kind)]
            return bool(found)

        self.wait(is_there)
        return found[0]

    def press(self, text: str, kind: type[D]) -> None:
        """Press a button of the dialog of a kind that comes."""
        press(self.dialog(kind), text)

    def select(self, *uids: SeriesUID) -> None:
        """Select series in the table."""
        table, selection = self.page.table, self.page.table.selectionModel()
        assert selection is not None
        selection.clearSelection()
        flags = selection.SelectionFlag
        for uid in uids:
            selection.select(self.page.model.index_of(uid), flags.Select | flags.Rows)
        assert table.selected_uids() == list(uids)

    @property
    def note(self) -> str:
        """What the status bar says."""
        bar = self.window.statusBar()
        return "" if bar is None else bar.currentMessage()

    def leave(self) -> None:
        """Close what is open, and the window."""
        if self.window.asking.open is not None:
            self.window.asking.open.reject()
        self.application.controller.close()
        self.until(Stage.EMPTY)
        self.settled()
        self.application._last.stop()
        self.window.hide()
        self.window.deleteLater()
        self.application.deleteLater()


class Browser(QObject):
    """Stands in for the programs that the desktop would start."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @pyqtSlot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@contextmanager
def browsing() -> Iterator[Browser]:
    """Have addresses of every kind opened by a stand-in."""
    made = Browser()
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, made, "open")
    yield made
    for scheme in SCHEMES:
        QDesktopServices.unsetUrlHandler(scheme)


def press(owner: QWidget, text: str) -> None:
    """Press a button by its text."""
    found = [each for each in owner.findChildren(QAbstractButton) if plain(each.text()) == text]
    assert len(found) == 1, [plain(each.text()) for each in owner.findChildren(QAbstractButton)]
    assert found[0].isEnabled(), text
    found[0].click()


def begin(desk: Desk, cart: Path) -> None:
    """Open a cart, start it, and agree."""
    desk.open(cart)
    desk.do("Start")
    desk.press("Agree", PolicyDialog)


def bring_home(desk: Desk, cart: Path) -> None:
    """Do so, and wait for the end."""
    begin(desk, cart)
    desk.until(Stage.ENDED)


def labels(owner: QObject) -> str:
    """Give all that the labels of a dialog say."""
    return "\n".join(label.text() for label in owner.findChildren(QLabel))


def recent(desk: Desk) -> list[RecentCart]:
    """Give the carts of before, once the list is written."""
    desk.settled()
    return list(desk.application.carts.recent())
