"""One window for each user: a second start hands its manifest to the first, and ends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from PyQt6.QtCore import QDeadlineTimer, QObject, QThread, QTimer, pyqtSignal
from PyQt6.QtNetwork import QLocalServer, QLocalSocket

from cartload_qt.desktop import handing_over
from cartload_qt.desktop.meeting_place import meeting_place

if TYPE_CHECKING:
    from pathlib import Path

    from cartload_qt.desktop.meeting_place import MeetingPlace

_logger = logging.getLogger(__name__)

_PATIENCE = 3000
"""Milliseconds that a start waits for the window to take its manifest; then it opens one of its own."""

_TURN = 100
"""Milliseconds between two tries: the other may just be starting."""

_MOST_VISITORS = 8


class SingleInstance(QObject):
    """The first start listens, each later one hands over; where that cannot be, each has its window."""

    handed = pyqtSignal(object)
    """A manifest that another start was given (``Path``), or None: somebody wants to see the window."""

    def __init__(self, place: MeetingPlace | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place or meeting_place()
        self._lock = FileLock(self._place.lock, blocking=False, mode=0o600) if self._place else None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_MOST_VISITORS)
        self._server.newConnection.connect(self._welcome)

    @property
    def is_listening(self) -> bool:
        """Tell whether this is the window that others hand over to."""
        return self._server.isListening()

    def hand_over(self, manifest: Path | None, patience: int = _PATIENCE) -> bool:
        """Hand *manifest* to the window that is there; False when this start has to be the window.

        From then on it listens, if it can. *patience* is in milliseconds.
        """
        if self._place is None or self._lock is None:
            _logger.warning("no folder of this user's own to listen in: each start has a window of its own")
            return False
        message = handing_over.message(manifest)
        deadline = QDeadlineTimer(patience)
        try:
            while not deadline.hasExpired():
                if _is_taken(self._lock):
                    self._listen(self._place)
                    return False
                if _send(self._place, message, deadline):
                    return True
                QThread.msleep(_TURN)
        except OSError as error:
            _logger.warning("cannot meet other starts: %s", error)
            return False
        _logger.warning("the window that is there does not answer")
        return False

    def close(self) -> None:
        """Listen no longer; the next start is the first."""
        self._server.close()
        if self._lock is not None:
            self._lock.release()

    def _listen(self, place: MeetingPlace) -> None:
        """Listen, in place of one who ended without leaving: whoever has the lock is alone."""
        address = place.new_address()
        QLocalServer.removeServer(address)
        if not self._server.listen(address):
            _logger.warning("cannot listen for other starts: %s", self._server.errorString())

    def _welcome(self) -> None:
        while (visitor := self._server.nextPendingConnection()) is not None:
            visit = _Visit(visitor, self)
            visit.came.connect(self.handed)
            visit.listen()


class _Visit(QObject):
    """One start that comes with its message; who sends none, or another, is shown out."""

    came = pyqtSignal(object)

    def __init__(self, socket: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        socket.setParent(self)
        socket.setReadBufferSize(handing_over.MOST_BYTES + 1)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self.deleteLater)

    def listen(self) -> None:
        """Hear what the visitor says, but not for ever."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(self._socket.abort)
        timer.start(_PATIENCE)
        self._read()

    def _read(self) -> None:
        if not self._socket.canReadLine():
            if self._socket.bytesAvailable() > handing_over.MOST_BYTES:
                self._refuse("it is too long")
            return
        try:
            manifest = handing_over.understood(bytes(self._socket.readLine().data()))
        except ValueError as error:
            self._refuse(str(error))
            return
        self._socket.write(handing_over.TAKEN)
        self._socket.flush()
        self._socket.disconnectFromServer()
        self.came.emit(manifest)

    def _refuse(self, why: str) -> None:
        _logger.warning("what another start sent is not taken: %s", why)
        self._socket.abort()
        self.deleteLater()


def _is_taken(lock: FileLock) -> bool:
    """Take the lock, which the system takes back from whoever ends, however; raises OSError."""
    try:
        lock.acquire()
    except Timeout:
        return False
    return True


def _send(place: MeetingPlace, message: bytes, deadline: QDeadlineTimer) -> bool:
    """Send a message, and wait until it was taken; no event loop runs yet."""
    try:
        address = place.address()
    except FileNotFoundError:  # it has only just begun
        return False
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(_rest(deadline)):
        return False
    socket.write(message)
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_rest(deadline)):
            return False
    return bytes(socket.readLine().data()) == handing_over.TAKEN


def _rest(deadline: QDeadlineTimer) -> int:
    return max(1, deadline.remainingTime())
