"""Whether the window can be opened here; and when not, why, and what to do."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from cartload_common import texts
from cartload_common.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_EXTRA = frozenset({"PyQt6", "tomlkit"})
"""The packages that the extra ``qt`` brings."""

_INSTEAD = "Without a window: cartload download MANIFEST"


class NoWindowError(click.ClickException):
    """There is no window to be had here; the text says why, and what to do."""

    exit_code = ExitCode.USAGE


def is_likely() -> bool:
    """Tell at once, importing nothing, whether a window would open: the extra and a display are there."""
    from cartload_qt.desktop import displays  # noqa: PLC0415 - only who may want a window needs it

    return has_extra() and displays.named(os.environ)


def has_extra() -> bool:
    """Tell whether the extra ``qt`` is installed."""
    return all(find_spec(name) for name in sorted(_EXTRA))


def require_extra() -> None:
    """Raise NoWindowError, which says what to install, when the extra ``qt`` is not there."""
    if not has_extra():
        raise NoWindowError(_without_extra())


def load() -> Callable[[Path | None], int]:
    """Import the window, which brings Qt along; raises NoWindowError, before Qt would end the process."""
    from cartload_qt.desktop import displays, libraries  # noqa: PLC0415 - likewise

    require_extra()
    if why := displays.obstacle(os.environ):
        raise NoWindowError(_told(why))
    try:
        from cartload_qt.main import run  # noqa: PLC0415 - likewise
    except ImportError as error:
        if not _is_of_qt(error):
            raise
        complaint = str(error)
        lacking = libraries.missing("offscreen", complaint) if sys.platform == "linux" else ()
        raise NoWindowError(_told(displays.lacking_text(lacking, complaint))) from error
    return run


def _is_of_qt(error: ImportError) -> bool:
    """Tell a library that the system lacks from a fault of cartload's own modules."""
    return not isinstance(error, ModuleNotFoundError) or (error.name or "").partition(".")[0] in _EXTRA


def _told(why: str) -> str:
    return texts.safe_lines(f"no window can be opened: {why}\n{_INSTEAD}")


def _without_extra() -> str:
    quote = '"' if sys.platform == "win32" else "'"
    return (
        "the window needs PyQt6, which is not installed. To install it:\n"
        f"  pip install {quote}cartload[qt]{quote}\n{_INSTEAD}"
    )
