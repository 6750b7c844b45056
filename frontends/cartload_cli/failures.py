"""Shows an error that ended the command; a fault of cartload itself goes into the log, not on the screen."""

from __future__ import annotations

import logging
import os

import click

from cartload.errors import CartloadError, StoppedError
from cartload.registry import describe_fault
from cartload_cli import this_run
from cartload_common import exit_codes, log_file, texts
from cartload_common.exit_codes import ExitCode

_logger = logging.getLogger(__name__)


def show(error: Exception) -> ExitCode:
    """Say on the standard error and in the log what went wrong, and give the exit code for it."""
    code = exit_codes.of_error(error)
    if code is ExitCode.FAULT or not isinstance(error, CartloadError):
        _tell(_fault_lines(error))
        return code
    if log_file.current() is not None:
        level = logging.INFO if isinstance(error, StoppedError) else logging.ERROR
        _logger.log(level, "%s: %s", type(error).__name__, error)
        _logger.debug("where it came from:", exc_info=error)
    if isinstance(error, StoppedError):
        click.echo(this_run.redaction().for_screen(f"stopped: {texts.safe(str(error))}"), err=True)
    else:
        _tell(texts.error_lines(error))
    return code


def note(text: str) -> None:
    """Say something that hinders nothing."""
    click.echo(f"note: {text}", err=True)


def _tell(lines: list[str]) -> None:
    redact = this_run.redaction()
    color = False if "NO_COLOR" in os.environ else None
    click.secho(redact.for_screen(lines[0]), err=True, fg="red", color=color)
    for line in lines[1:]:
        click.echo(redact.for_screen(line), err=True)


def _fault_lines(error: Exception) -> list[str]:
    said = texts.safe(describe_fault(error))
    return [f"error: a fault of cartload itself: {said}", "What was received is kept.", _traced(error)]


def _traced(error: Exception) -> str:
    """Write the trace into the log, beginning one where there is none yet, and say where it is."""
    if log_file.current() is not None:
        return _trace(error)
    if log_file.is_unwanted():
        return f"{log_file.VARIABLE} wants no log: without it, the next time the details are in one."
    with log_file.kept(this_run.redaction(), note):
        return _trace(error)


def _trace(error: Exception) -> str:
    _logger.critical("a fault of cartload itself", exc_info=error)
    log = log_file.current()
    if log is None:
        return "The details are lost with it: they could not be written."
    return f"Please report it with this file: {texts.safe(str(log.path))}"
