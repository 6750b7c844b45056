"""Keeps a Linux computer awake: the desktop's services and systemd's are asked, those that are there.

No desktop has all of them, and to be asked twice harms none. What the user orders, a closed lid among it,
is not hindered: that would need more than a window may ask for.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from attrs import frozen
from PyQt6.QtCore import QObject

from cartload_qt.desktop import bus as bus_of
from cartload_qt.desktop.identity import APPLICATION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtDBus import QDBusConnection

    from cartload_qt.desktop.awake import Inhibitor

_logger = logging.getLogger(__name__)


@frozen
class Service:
    """One service: whom to ask, with what arguments for a reason, and how to take it back.

    Without *undo* the answer is a file, and to close it takes it back.
    """

    name: str
    path: str
    interface: str
    arguments: Callable[[str], Sequence[object]]
    undo: str = ""


GNOME = Service(
    "org.gnome.SessionManager",
    "/org/gnome/SessionManager",
    "org.gnome.SessionManager",
    lambda why: (APPLICATION, bus_of.unsigned(0), why, bus_of.unsigned(4)),  # no window; 4 is to suspend
    "Uninhibit",
)
"""GNOME, Cinnamon, MATE."""

POWER_MANAGEMENT = Service(
    "org.freedesktop.PowerManagement",
    "/org/freedesktop/PowerManagement/Inhibit",
    "org.freedesktop.PowerManagement.Inhibit",
    lambda why: (APPLICATION, why),
    "UnInhibit",
)
"""KDE Plasma, Xfce, LXQt."""

LOGIND = Service(
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager",
    lambda why: ("idle", APPLICATION, why, "block"),
)
"""systemd, which suspends where no desktop does."""


class ServiceInhibitor(QObject):
    """Asks one service; what it answers is kept until it is released."""

    def __init__(self, bus: QDBusConnection, service: Service, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._service = service
        self._turn = 0
        self._is_wanted = False
        self._granted: object = None

    @property
    def is_granted(self) -> bool:
        """Tell whether the service agreed."""
        return self._granted is not None

    def hold(self, why: str) -> None:
        """Ask for it."""
        self._is_wanted = True
        self._turn += 1
        turn = self._turn

        def answered(answer: Sequence[object]) -> None:
            self._keep(answer[0] if answer else None, is_late=turn != self._turn or not self._is_wanted)

        self._call("Inhibit", self._service.arguments(why), answered)

    def release(self) -> None:
        """Take it back; an answer that comes only now is taken back then."""
        self._is_wanted = False
        granted, self._granted = self._granted, None
        self._undo(granted)

    def _keep(self, granted: object, *, is_late: bool) -> None:
        if is_late:
            self._undo(granted)
        else:
            self._granted = granted

    def _undo(self, granted: object) -> None:
        """Give back a number; a file is closed as nobody has it any more."""
        if self._service.undo and isinstance(granted, int):
            self._call(self._service.undo, (bus_of.unsigned(granted),), lambda _: None)

    def _call(
        self, name: str, arguments: Sequence[object], answered: Callable[[Sequence[object]], None]
    ) -> None:
        service = self._service
        message = bus_of.method(service.name, service.path, service.interface, name, arguments)

        def failed(why: str) -> None:
            _logger.debug("%s of %s: %s", name, service.name, why)

        bus_of.call(self._bus, message, self, answered, failed)


def ways_of_the_buses() -> tuple[Inhibitor, ...]:
    """Give the services of both buses, as far as there are buses."""
    ways: list[Inhibitor] = []
    if session := bus_of.session_bus():
        ways += [ServiceInhibitor(session, GNOME), ServiceInhibitor(session, POWER_MANAGEMENT)]
    if system := bus_of.system_bus():
        ways.append(ServiceInhibitor(system, LOGIND))
    return tuple(ways)
