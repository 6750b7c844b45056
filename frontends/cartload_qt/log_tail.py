"""The end of a log that grows: what was added since the last look, and never more than a bounded piece."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import define

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 256 * 1024


@define
class LogTail:
    """Reads a file from where it was left, and the log's next part when that one is full."""

    _path: Path | None = None
    _at: int = 0

    def added(self, path: Path) -> str:
        """Give the whole lines that came since the last call; raises OSError when it cannot be read."""
        before = ""
        if path != self._path:
            with suppress(OSError):  # an early part may be deleted by now
                before = self._rest()
            self._path, self._at = path, 0
        return before + self._rest()

    def _rest(self) -> str:
        if self._path is None:
            return ""
        with self._path.open("rb") as file:
            size = file.seek(0, 2)
            begin = max(self._at, size - MOST_BYTES)
            file.seek(begin)
            content = file.read(size - begin)
        if begin > self._at:  # it begins within a line
            cut = content.find(b"\n") + 1
            begin, content = begin + cut, content[cut:]
        whole = content[: content.rfind(b"\n") + 1]
        self._at = begin + len(whole)
        return whole.decode("utf-8", errors="replace")
