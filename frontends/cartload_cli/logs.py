"""What libraries and plugins log while a session runs: shown with --verbose, escaped as all the rest."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from cartload_common import texts
from cartload_common.log_handler import message_of
from cartload_common.messages import Loudness, Message, Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_OWN = frozenset({"cartload_cli", "cartload_common"})
"""What these log, the frontend tells in its own words."""


class _Telling(logging.Handler):
    """Turns each record into a message."""

    def __init__(self, tell: Callable[[Message], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def filter(self, record: logging.LogRecord) -> bool:
        """Leave out what the frontend logs itself: it tells the same in its own words."""
        return record.name.partition(".")[0] not in _OWN and bool(super().filter(record))

    def emit(self, record: logging.LogRecord) -> None:
        text = f"log of {record.name}: {message_of(record)}"
        self._tell(Message(texts.safe(text), Tone.FAINT, Loudness.VERBOSE))


@contextlib.contextmanager
def heard_logs(tell: Callable[[Message], None]) -> Iterator[None]:
    """Tell warnings and log records as messages meanwhile, instead of writing them into the display."""
    handler, root = _Telling(tell), logging.getLogger()
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)
