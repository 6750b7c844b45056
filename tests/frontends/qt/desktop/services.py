"""Services on a message bus of the test's own: they write down what they are asked, and answer as told."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from attrs import frozen
from PyQt6.QtCore import QObject, pyqtClassInfo, pyqtSignal, pyqtSlot
from PyQt6.QtDBus import QDBusConnection, QDBusMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Answers = Mapping[str, Callable[[], Sequence[object]]]


@frozen
class Asked:
    """One call, with the types of its arguments as the bus carried them."""

    member: str
    arguments: list[object]
    signature: str


class Service(QObject):
    """Any service whose methods are among those below; what it does not know is an error."""

    was_asked = pyqtSignal()

    def __init__(self, bus: QDBusConnection, name: str, path: str, answers: Answers) -> None:
        super().__init__()
        self._bus = bus
        self._answers = answers
        self.asked: list[Asked] = []
        export = QDBusConnection.RegisterOption.ExportAllSlots
        assert bus.registerService(name)
        assert bus.registerObject(path, self, export)

    @pyqtSlot(QDBusMessage)
    def Notify(self, message: QDBusMessage) -> None:  # noqa: N802 - the names that the bus knows
        self._take(message)

    @pyqtSlot(QDBusMessage)
    def Inhibit(self, message: QDBusMessage) -> None:  # noqa: N802 - likewise
        self._take(message)

    @pyqtSlot(QDBusMessage)
    def Uninhibit(self, message: QDBusMessage) -> None:  # noqa: N802 - likewise
        self._take(message)

    @pyqtSlot(QDBusMessage)
    def UnInhibit(self, message: QDBusMessage) -> None:  # noqa: N802 - likewise
        self._take(message)

    def members(self) -> list[str]:
        return [each.member for each in self.asked]

    def _take(self, message: QDBusMessage) -> None:
        self.asked.append(Asked(message.member(), message.arguments(), message.signature()))
        message.setDelayedReply(True)
        answer = self._answers.get(message.member())
        if answer is None:
            self._bus.send(message.createErrorReply("org.example.No", "it will not"))
        else:
            self._bus.send(message.createReply(list(answer())))
        self.was_asked.emit()


def service(bus: QDBusConnection, name: str, path: str, interface: str, answers: Answers) -> Service:
    """Start a service that goes by the name of an interface: Qt reads it from the class."""

    # Its stub says that it returns nothing, but it makes a decorator.
    class_info = cast("Callable[[str, str], Callable[[type[Service]], type[Service]]]", pyqtClassInfo)

    @class_info("D-Bus Interface", interface)
    class Named(Service):
        pass

    return Named(bus, name, path, answers)


class Listener(QObject):
    """Writes down the signals of one name that pass on the bus."""

    heard_one = pyqtSignal()

    def __init__(self, bus: QDBusConnection, interface: str, name: str) -> None:
        super().__init__()
        self.heard: list[Asked] = []
        assert bus.connect("", "", interface, name, self.hear)

    @pyqtSlot(QDBusMessage)
    def hear(self, message: QDBusMessage) -> None:
        self.heard.append(Asked(message.member(), message.arguments(), message.signature()))
        self.heard_one.emit()
