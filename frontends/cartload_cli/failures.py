"""Shows an error that ended the command; a fault of cartload itself goes into a file, not on the screen."""

from __future__ import annotations

import os
import platform
import sys
import time
import traceback
from typing import TYPE_CHECKING

import click
import platformdirs

from cartload.errors import CartloadError, StoppedError
from cartload.registry import describe_fault
from cartload.version import __version__
from cartload_cli import exit_codes, texts
from cartload_cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from pathlib import Path


def show(error: Exception) -> ExitCode:
    """Say on the standard error what went wrong, and give the exit code for it."""
    code = exit_codes.of_error(error)
    if isinstance(error, StoppedError):
        click.echo(f"stopped: {texts.safe(str(error))}", err=True)
        return code
    if code is not ExitCode.FAULT and isinstance(error, CartloadError):
        lines = texts.error_lines(error)
    else:
        lines = _fault_lines(error)
    color = False if "NO_COLOR" in os.environ else None
    click.secho(lines[0], err=True, fg="red", color=color)
    for line in lines[1:]:
        click.echo(line, err=True)
    return code


def _fault_lines(error: Exception) -> list[str]:
    said = texts.safe(describe_fault(error))
    lines = [f"error: a fault of cartload itself: {said}"]
    try:
        log = _write_log(error)
    except OSError as unwritten:
        return [*lines, f"The log could not be written either: {texts.safe(str(unwritten))}"]
    return [*lines, f"What was received is kept. Please report it with this file: {texts.safe(str(log))}"]


def _write_log(error: Exception) -> Path:
    """Write the trace, readable to this user alone; the arguments are left out, they may hold secrets."""
    folder = platformdirs.user_log_path("cartload", ensure_exists=True)
    path = folder / f"fault-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    heading = f"cartload {__version__}, Python {sys.version}, {platform.platform()}\n\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.write(heading + "".join(traceback.format_exception(error)))
    return path
