"""All that the window tells the desktop, through one door. Nothing of it raises, or makes the window wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from cartload_qt.desktop import awake as awake_of
from cartload_qt.desktop import bus as bus_of
from cartload_qt.desktop.icon import application_icon
from cartload_qt.desktop.launcher import Launcher
from cartload_qt.desktop.notice import Notice
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from PyQt6.QtDBus import QDBusConnection


class Desktop(QObject):
    """Progress at the icon, a notification at the end, and no sleep in between."""

    def __init__(self, parent: QObject | None = None, *, bus: QDBusConnection | None = None) -> None:
        super().__init__(parent)
        bus = bus or bus_of.session_bus()
        self._notice = Notice(bus, application_icon(), self)
        self._launcher = Launcher(bus, self)
        self._awake = awake_of.Awake(awake_of.ways_here(), tr("A cart is being downloaded"))

    def progress(self, done: int, total: int) -> None:
        """Show how much is done; the parts are of any unit."""
        self._launcher.show(done, total)

    def busy(self, yes: bool) -> None:  # noqa: FBT001 - it takes a signal's value
        """Keep the computer awake while there is something to do; the progress goes when there is not."""
        if yes:
            self._awake.hold()
        else:
            self._awake.release()
            self._launcher.clear()

    def finished(self, title: str, text: str) -> None:
        """Tell who does other things meanwhile that it is over."""
        self._notice.show(title, text)
