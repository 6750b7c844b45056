"""Work that may wait for another program (a keyring that asks to be unlocked), done beside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, pyqtSignal

from cartload.errors import CartloadError

if TYPE_CHECKING:
    from collections.abc import Callable


class Aside(QObject):
    """Does one piece of work at a time; ``done`` brings what it gave, or its CartloadError, to the window.

    Whoever owns this may go before the work is done: nobody is told then.
    """

    done = pyqtSignal(object)

    def begin(self, work: Callable[[], object]) -> None:
        """Have *work* done in another thread."""
        pool = QThreadPool.globalInstance()
        assert pool is not None  # noqa: S101 - Qt has it as long as there is an application
        relay = _Relay(QCoreApplication.instance())
        relay.done.connect(self.done)
        relay.done.connect(relay.deleteLater)
        pool.start(_Work(work, relay))


class _Relay(QObject):
    """Belongs to the application, which waits for its threads: the other one never touches what is gone."""

    done = pyqtSignal(object)


class _Work(QRunnable):
    def __init__(self, work: Callable[[], object], relay: _Relay) -> None:
        super().__init__()
        self._work = work
        self._relay = relay

    def run(self) -> None:
        """Do it."""
        try:
            outcome = self._work()
        except CartloadError as error:
            outcome = error
        self._relay.done.emit(outcome)
