"""The progress at the application's icon in the taskbar or dock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtDBus import QDBusMessage
from PyQt6.QtGui import QGuiApplication

from cartload_qt.desktop.identity import APPLICATION

if TYPE_CHECKING:
    from PyQt6.QtDBus import QDBusConnection

_INTERFACE = "com.canonical.Unity.LauncherEntry"
_PATH = "/com/cartload/launcherentry"
_ADDRESS = f"application://{APPLICATION}.desktop"
_WHOLE = 100


class Launcher(QObject):
    """Shows progress: on Linux by the signal that docks and taskbars listen to, elsewhere as a number."""

    def __init__(self, bus: QDBusConnection | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._shown: int | None = None

    def show(self, done: int, total: int) -> None:
        """Show how much is done; a new whole percent is told, and nothing in between."""
        percent = min(_WHOLE, max(0, done * _WHOLE // total)) if total > 0 else 0
        self._tell(percent)

    def clear(self) -> None:
        """Show nothing any more."""
        self._tell(None)

    def _tell(self, percent: int | None) -> None:
        if percent == self._shown:
            return
        self._shown = percent
        if self._bus is None:
            application = QGuiApplication.instance()
            if isinstance(application, QGuiApplication):
                application.setBadgeNumber(percent or 0)
            return
        update = QDBusMessage.createSignal(_PATH, _INTERFACE, "Update")
        told = {"progress": (percent or 0) / _WHOLE, "progress-visible": percent is not None}
        update.setArguments([_ADDRESS, told])
        self._bus.send(update)
