"""Dialogs one at a time: each is opened when the one before has been answered, none blocks anything."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from attrs import frozen
from PyQt6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

    from cartload_qt.dialogs.dialog import Dialog


@frozen(eq=False)
class _Request:
    make: Callable[[], Dialog]
    take: Callable[[object], None]
    of_the_run: bool


class Asking(QObject):
    """Opens dialogs over *window* and hands on their answers, in the order in which they were asked for."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._waiting: deque[_Request] = deque()
        self._asked: _Request | None = None
        self.open: Dialog | None = None

    def ask(
        self, make: Callable[[], Dialog], take: Callable[[object], None], *, of_the_run: bool = False
    ) -> None:
        """Open the dialog that *make* makes, as soon as no other is open, and give its answer to *take*.

        One *of_the_run* means nothing any more when that is over.
        """
        self._waiting.append(_Request(make, take, of_the_run))
        self._next()

    def withdraw(self) -> None:
        """Close what is of the run with its careful answer, and forget what waits of it."""
        self._waiting = deque(request for request in self._waiting if not request.of_the_run)
        if self.open is not None and self._asked is not None and self._asked.of_the_run:
            self.open.reject()

    def _next(self) -> None:
        if self.open is not None or not self._waiting:
            return
        request = self._asked = self._waiting.popleft()
        dialog = self.open = request.make()

        def answered(answer: object) -> None:
            self.open = self._asked = None
            request.take(answer)
            self._next()

        dialog.answered.connect(answered)
        dialog.open()
