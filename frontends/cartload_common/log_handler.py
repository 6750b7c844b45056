"""Log files of one process: lines that cannot be forged, in parts of bounded size.

Each process has files of its own. A file that several processes share must be locked to be rotated, which
network file systems promise and do not keep, and Windows renames no file that another process has open. Here,
a full file is left as it is and another one begun, so nothing is ever renamed.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import re
import time
import traceback
from collections import deque
from typing import TYPE_CHECKING

from cartload_common import texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TextIO

    from cartload_common.redaction import Redaction

PART_BYTES = 4_000_000
LAST_PARTS = 3
"""Of one process its first part is kept, which tells what it is, and so many of the last."""

FILES_KEPT = 25
DAY = 86_400.0
"""Of earlier processes so many files are kept, and all that are younger than a day: theirs may be alive."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
"""Windows would write two characters for a line's end."""

OWN_LOGGERS = (
    "cartload",
    "cartload_archive",
    "cartload_cli",
    "cartload_common",
    "cartload_plugins",
    "cartload_qt",
    "cartload_retriever",
)
_FILE = re.compile(r"cartload-\d{8}-\d{6}-\d+(\.\d+)?\.log")


class LineFormatter(logging.Formatter):
    """Writes a record as one line, escaped; the lines of a traceback are marked as belonging to it."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Give the record's lines."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        heading = f"{moment}.{record.msecs:03.0f}Z {record.levelname:<8} {record.process} {record.name}: "
        lines = [heading + self._clean(message_of(record))]
        if record.exc_info and record.exc_info[1] is not None:
            trace = "".join(traceback.format_exception(record.exc_info[1]))
            lines += [f"    | {self._clean(line)}" for line in trace.splitlines()]
        return "\n".join(lines) + "\n"

    def _clean(self, text: str) -> str:
        return texts.safe(self._redact(text))


def message_of(record: logging.LogRecord) -> str:
    """Give a record's text, or what it was made from where that is wrongly made."""
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 - a library's mistake in a log call must end nothing
        return f"{record.msg!r} with {record.args!r} ({type(error).__name__})"


class LogHandler(logging.Handler):
    """Writes into files in *folder*; *give_up* is told once when that fails, and nothing is written then.

    The files are called by *stem*, else by the moment and the number of the process. Raises OSError when
    the first file cannot be made.
    """

    def __init__(
        self, folder: Path, redact: Redaction, give_up: Callable[[OSError], None], stem: str | None = None
    ) -> None:
        super().__init__(logging.DEBUG)
        self.redact = redact
        self.setFormatter(LineFormatter(redact))
        self.fault: OSError | None = None
        self._folder = folder
        self._give_up = give_up
        self._stem = stem or f"cartload-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.getpid()}"
        self._numbers = itertools.count(1)
        self._later: deque[Path] = deque()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self._stream = self._open()
        self._size = 0

    @property
    def latest(self) -> Path:
        """Give the part that is written now."""
        return self._later[-1] if self._later else self.path

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep all that is cartload's own; of libraries what they warn of: their details tell too much."""
        own = record.name.partition(".")[0] in OWN_LOGGERS
        return (own or record.levelno >= logging.WARNING) and bool(super().filter(record))

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record, so that it is there even if the process is killed the next moment."""
        if self.fault is not None:
            return
        text = self.format(record)
        try:
            if self._size + len(text) > PART_BYTES:
                self._begin_part()
            self._size += self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError) as error:  # a ValueError: it was closed under us
            self.fault = error if isinstance(error, OSError) else OSError(str(error))
            self._give_up(self.fault)

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):  # what could not be written was told
            self._stream.close()
        super().close()

    def prune(self) -> None:
        """Delete files of earlier processes; what cannot be deleted stays for a later run."""
        aged: list[tuple[float, Path]] = []
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if _FILE.fullmatch(path.name):
                    aged.append((path.stat().st_mtime, path))
        old = sorted(aged, reverse=True)[FILES_KEPT:]
        for path in [path for at, path in old if at < time.time() - DAY]:
            with contextlib.suppress(OSError):
                path.unlink()

    def _begin_part(self) -> None:
        path, stream = self._open()
        earlier, self._stream, self._size = self._stream, stream, 0
        earlier.close()
        self._later.append(path)
        if len(self._later) > LAST_PARTS:
            with contextlib.suppress(OSError):  # a program that shows it may hold it
                self._later.popleft().unlink()

    def _open(self) -> tuple[Path, TextIO]:
        """Make a file that nobody had, readable to this user alone; it never follows a link."""
        for number in self._numbers:
            part = "" if number == 1 else f".{number}"
            path = self._folder / f"{self._stem}{part}.log"
            try:
                descriptor = os.open(path, _NEW, 0o600)
            except FileExistsError:  # of a process of that number on another computer with this home
                continue
            return path, os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n")
        raise AssertionError("the numbers came to an end")
