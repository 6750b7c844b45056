"""The message bus of a Linux desktop: calls that never make the window wait, and values of the right type."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QMetaType
from PyQt6.QtDBus import (
    QDBusArgument,
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusPendingReply,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PyQt6.QtCore import QObject

_PATIENCE = 5000
"""Milliseconds until an answer counts as none."""


def session_bus(
    environment: Mapping[str, str] = os.environ, system: str = sys.platform
) -> QDBusConnection | None:
    """Give the bus of the user's session; None where there is none.

    It is looked for first: asked for a bus that is not there, the library would start one.
    """
    if system in {"darwin", "win32"}:
        return None
    usual = Path(environment.get("XDG_RUNTIME_DIR") or "/nowhere") / "bus"
    if not environment.get("DBUS_SESSION_BUS_ADDRESS") and not usual.exists():
        return None
    return _if_connected(QDBusConnection.sessionBus())


def system_bus(system: str = sys.platform) -> QDBusConnection | None:
    """Give the bus of the system's services; None where there is none."""
    if system in {"darwin", "win32"}:
        return None
    return _if_connected(QDBusConnection.systemBus())


def unsigned(number: int) -> QDBusArgument:
    """Give a number the type ``u``: of itself it would be ``i``."""
    return QDBusArgument(number, QMetaType.fromName(b"uint").id())


def texts(values: Sequence[str]) -> QDBusArgument:
    """Give a list the type ``as``: of itself it would be ``av``."""
    return QDBusArgument(list(values), QMetaType.fromName(b"QStringList").id())


def method(service: str, path: str, interface: str, name: str, arguments: Sequence[object]) -> QDBusMessage:
    """Make the call of a service that runs: none is started for it."""
    message = QDBusMessage.createMethodCall(service, path, interface, name)
    message.setArguments(list(arguments))
    message.setAutoStartService(False)
    return message


def call(
    bus: QDBusConnection,
    message: QDBusMessage,
    parent: QObject,
    answered: Callable[[Sequence[object]], None],
    failed: Callable[[str], None],
) -> None:
    """Send a call, and hand on its answer, or why there is none, when it comes, if *parent* lives so long."""
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message, _PATIENCE), parent)

    def finished() -> None:
        reply = QDBusPendingReply(watcher)
        if reply.isError():
            failed(reply.error().message())
        else:
            answered(reply.reply().arguments())
        watcher.deleteLater()

    watcher.finished.connect(finished)


def _if_connected(bus: QDBusConnection) -> QDBusConnection | None:
    return bus if bus.isConnected() else None
