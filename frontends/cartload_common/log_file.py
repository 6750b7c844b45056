"""The log of one run: where it is, and how it is kept while the run lasts."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from attrs import frozen

from cartload_common import texts
from cartload_common.log_handler import OWN_LOGGERS, LogHandler
from cartload_common.redaction import Redaction, environment_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VARIABLE = "CARTLOAD_LOG"
"""Names the folder of the logs, or says that there shall be none."""

_NONE = frozenset({"off", "no", "false", "0"})


@frozen
class LogPlace:
    """Where the log of one run goes instead of cartload's own folder, and what it is called there."""

    folder: Path
    stem: str


def is_unwanted() -> bool:
    """Tell whether the user wants no log."""
    return _named().lower() in _NONE


def folder() -> Path:
    """Say where logs belong."""
    return Path(_named()).expanduser() if _named() else platformdirs.user_log_path("cartload")


def _named() -> str:
    return os.environ.get(VARIABLE, "").strip()


@contextlib.contextmanager
def kept(redact: Redaction, warn: Callable[[str], None], place: LogPlace | None = None) -> Iterator[None]:
    """Keep a log meanwhile; where that is not possible, *warn* once and go on without.

    The variable goes before *place*. Only cartload's own folder is ever tidied up.
    """

    def give_up(error: OSError) -> None:
        why = texts.safe(redact(str(error)))
        warn(f"no log is kept: {why}. {VARIABLE} names another folder, or off.")

    redact.learn(environment_secrets(os.environ))
    with contextlib.ExitStack() as opened:
        opened.enter_context(_attached(logging.NullHandler()))
        try:
            if not is_unwanted():
                handler = _handler(redact, give_up, None if _named() else place)
                opened.enter_context(_attached(handler))
        except OSError as error:
            give_up(error)
        yield


def current() -> LogHandler | None:
    """Give what writes the log of this run, if one is kept and can be written."""
    kept_ones = (each for each in logging.getLogger().handlers if isinstance(each, LogHandler))
    return next((each for each in kept_ones if each.fault is None), None)


def _handler(redact: Redaction, give_up: Callable[[OSError], None], place: LogPlace | None) -> LogHandler:
    if place is not None:
        return LogHandler(place.folder, redact, give_up, place.stem)
    handler = LogHandler(folder(), redact, give_up)
    handler.prune()
    return handler


@contextlib.contextmanager
def _attached(handler: logging.Handler) -> Iterator[None]:
    """Have all loggers write to *handler*, cartload's own in detail; all is put back at the end.

    Where no log is kept it is one that does nothing: without any, logging writes to the screen.
    """
    root, own = logging.getLogger(), [logging.getLogger(name) for name in OWN_LOGGERS]
    levels = [(logger, logger.level) for logger in own]
    root.addHandler(handler)
    for logger in own:
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for logger, level in levels:
            logger.setLevel(level)
        root.removeHandler(handler)
        handler.close()
