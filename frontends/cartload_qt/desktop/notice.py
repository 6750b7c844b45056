"""The system's notification: at the end of a cart, for who does other things meanwhile.

Desktop Notifications Specification, https://specifications.freedesktop.org/notification-spec/
"""

from __future__ import annotations

import logging
from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QSystemTrayIcon

from cartload_common.texts import safe, safe_lines
from cartload_qt.desktop import bus as bus_of
from cartload_qt.desktop.identity import APPLICATION

if TYPE_CHECKING:
    from PyQt6.QtDBus import QDBusConnection
    from PyQt6.QtGui import QIcon

_logger = logging.getLogger(__name__)

_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_LONGEST = 500
_SHOWN = 10_000
"""Milliseconds that a notification from the tray stays."""

_AS_THE_SYSTEM_LIKES = -1


class Notice(QObject):
    """Shows notifications, each in place of the one before; where there are none it does nothing."""

    def __init__(self, bus: QDBusConnection | None, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._icon = icon
        self.last_shown = 0
        self._tray: QSystemTrayIcon | None = None
        self._hiding = QTimer(self)
        self._hiding.setSingleShot(True)

    def show(self, title: str, text: str) -> None:
        """Show *text* under a *title*, both as they are."""
        title, text = safe(title[:_LONGEST]), safe_lines(text[:_LONGEST])
        if self._bus is None:
            self._show_from_tray(title, text)
            return
        # The text may have markup, the title may not. Services without markup get none to begin with.
        hints = {"desktop-entry": APPLICATION, "category": "transfer.complete"}
        arguments = (
            APPLICATION,
            bus_of.unsigned(self.last_shown),
            APPLICATION,
            title,
            escape(text, quote=False),
            bus_of.texts(()),
            hints,
            _AS_THE_SYSTEM_LIKES,
        )
        message = bus_of.method(_SERVICE, _PATH, _SERVICE, "Notify", arguments)
        message.setAutoStartService(True)  # on some desktops it runs only when somebody has something to say

        def failed(why: str) -> None:
            _logger.info("no notification over the bus: %s", why)
            self._show_from_tray(title, text)

        bus_of.call(self._bus, message, self, self._remember, failed)

    def _remember(self, answer: object) -> None:
        if isinstance(answer, list) and answer and isinstance(answer[0], int):
            self.last_shown = answer[0]

    def _show_from_tray(self, title: str, text: str) -> None:
        """Show it as a balloon of an icon that is there only so long."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._icon, self)
            self._hiding.timeout.connect(self._tray.hide)
        self._tray.show()
        self._tray.showMessage(title, text, self._icon, _SHOWN)
        self._hiding.start(2 * _SHOWN)
