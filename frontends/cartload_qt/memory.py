"""What the window remembers of itself: kept at hand, and written to its file beside the thread that draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Memory(QSettings):
    """Reads its file once, when it is made; *do* has each writing done in another thread.

    Qt would write in the thread that made it, whenever that is next idle: a home on a slow network drive
    would be felt.
    """

    def __init__(self, path: Path, do: Callable[[Callable[[], object]], object]) -> None:
        super().__init__(str(path), QSettings.Format.IniFormat)
        self._do = do
        self._is_asked = False

    def setValue(  # type: ignore[override]  # Qt would take bytes as a key, too
        self, key: str | None, value: object
    ) -> None:
        """Keep a value, and have it written."""
        super().setValue(key, value)
        if not self._is_asked:
            self._is_asked = True
            self._do(self._write)

    def event(self, event: QEvent | None) -> bool:
        """Leave out what Qt does when it finds time: to write."""
        if event is not None and event.type() is QEvent.Type.UpdateRequest:
            return True
        return super().event(event)

    def _write(self) -> None:
        self._is_asked = False
        # Another object of the same file: Qt has both speak of the same values, each in its own thread.
        QSettings(self.fileName(), QSettings.Format.IniFormat).sync()
