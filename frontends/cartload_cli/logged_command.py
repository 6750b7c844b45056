"""A command that keeps a log: what it was asked to do, on what, and how it ended."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from cartload_cli import failures, this_run
from cartload_common import environment, log_file
from cartload_common.redaction import STRUCK, is_secret_name, option_secrets, proxy_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload_common.log_file import LogPlace

_logger = logging.getLogger(__name__)

_PASSED_ON = (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError)
"""What is no failure of the command, and for who called it to tell."""


class LoggedCommand(click.Command):
    """A command whose run is logged, and whose errors are shown while the log is still open."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; gives its exit code."""
        redact = this_run.begin_redaction()
        redact.learn(option_secrets(ctx.params.get("plugins") or {}, None))
        redact.learn(proxy_secrets(ctx.params.get("proxy")))
        told = ctx.params
        warn = _be_silent if told.get("quiet") or told.get("json") else failures.note
        with log_file.kept(redact, warn, self.log_place(ctx)):
            self._begin(ctx)
            began = time.monotonic()
            try:
                code = super().invoke(ctx)
            except _PASSED_ON as passed:
                _logger.info("ended by %s", type(passed).__name__)
                raise
            except Exception as error:  # noqa: BLE001 - every error becomes a line and an exit code
                code = failures.show(error)
            _logger.info("exit code %d after %.1f s", code or 0, time.monotonic() - began)
            return code

    def log_place(self, ctx: click.Context) -> LogPlace | None:
        """Say where the log goes, if not into cartload's own folder."""
        del ctx
        return None

    def tell_log(self, ctx: click.Context, path: Path) -> None:
        """Tell the user where the log is."""
        if ctx.params.get("verbose"):
            click.echo(f"log: {path}", err=True)

    def _begin(self, ctx: click.Context) -> None:
        """Write what runs where, and what was typed: the choices, not the words, which may hold secrets."""
        log = log_file.current()
        if log is None:
            return
        _tell_versions()
        _logger.info("command: %s", " ".join((ctx.info_name or "", *_choices(ctx))))
        self.tell_log(ctx, log.path)


def _be_silent(text: str) -> None:
    """Say nothing where nobody wants to be told."""


def _tell_versions() -> None:
    software, platform = environment.software(), environment.this_platform()
    _logger.info("cartload %s, %s, %s", software.cartload, software.python, software.tls)
    _logger.info("on %s %s (%s), %s", platform.system, platform.release, platform.version, platform.machine)
    _logger.debug("with %s", ", ".join(f"{name} {version}" for name, version in software.packages.items()))


def _choices(ctx: click.Context) -> Iterator[str]:
    for parameter in ctx.command.params:
        name = parameter.name or ""
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            value = ctx.params.get(name)
            yield f"{name}={STRUCK if is_secret_name(name) else _word(name, value)}"


def _word(name: str, value: object) -> str:
    """Write a choice; of plugins' options the names alone: which are secret is known when they are loaded."""
    if name == "plugins" and isinstance(value, dict):
        return json.dumps([f"{plugin}.{option}" for plugin, table in value.items() for option in table])
    return json.dumps(value, default=str, ensure_ascii=False)
