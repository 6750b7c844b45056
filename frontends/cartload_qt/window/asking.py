"""Dialogs one at a time: each is opened when the one before has been answered, none blocks anything."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget

    from cartload_qt.dialogs.dialog import Dialog

    Make = Callable[[], Dialog]
    Take = Callable[[object], None]


class Asking(QObject):
    """Opens dialogs over *window* and hands on their answers, in the order in which they were asked for."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._waiting: deque[tuple[Make, Take]] = deque()
        self.open: Dialog | None = None

    def ask(self, make: Make, take: Take) -> None:
        """Open the dialog that *make* makes, as soon as no other is open, and give its answer to *take*."""
        self._waiting.append((make, take))
        self._next()

    def withdraw(self) -> None:
        """Close what is open with its careful answer, and forget what waits."""
        self._waiting.clear()
        if self.open is not None:
            self.open.reject()

    def _next(self) -> None:
        if self.open is not None or not self._waiting:
            return
        make, take = self._waiting.popleft()
        dialog = self.open = make()

        def answered(answer: object) -> None:
            self.open = None
            take(answer)
            self._next()

        dialog.answered.connect(answered)
        dialog.open()
