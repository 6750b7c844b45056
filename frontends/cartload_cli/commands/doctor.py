"""``cartload doctor``: what hinders a download, and what to do about it."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Unpack

import click

from cartload import settings as settings_files
from cartload.diagnosing import Diagnosis
from cartload.errors import SettingsError
from cartload.settings import Settings
from cartload_cli import this_run
from cartload_cli.cart_options import (
    SERVER_OPTION,
    SET_OPTION,
    STORAGE_OPTION,
    TRANSPORT_OPTION,
    ExitCodesCommand,
    NetworkGiven,
    network_options,
)
from cartload_cli.doctor import showing
from cartload_cli.doctor.examination import Case, sections
from cartload_cli.interrupts import Interrupts
from cartload_cli.login_options import LoginGiven
from cartload_cli.logins import Logins
from cartload_cli.logs import heard_logs
from cartload_common import options
from cartload_common.exit_codes import ExitCode
from cartload_common.log_choices import log_choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.network import Finding
    from cartload.registry import Registry
    from cartload_common.messages import Message

_logger = logging.getLogger(__name__)


class Given(NetworkGiven):
    """What the command line gives to ``doctor``."""

    manifest: str | None
    directory: Path
    storage: str | None
    plugins: Mapping[str, Mapping[str, object]] | None
    transport: str | None
    server: str | None
    json: bool


class DoctorCommand(ExitCodesCommand):
    """Two of its codes tell of what was found, not of a download."""

    meanings: ClassVar[Mapping[ExitCode, str]] = {
        ExitCode.COMPLETE: "Nothing hinders a download; there may be warnings.",
        ExitCode.FAILED: "Something does; each is a line marked as trouble.",
    }


@click.command(cls=DoctorCommand)
@click.argument("manifest", metavar="[MANIFEST]", required=False)
@click.option(
    "-d",
    "--directory",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where the cart's folder would go.  [default: the current directory]",
)
@STORAGE_OPTION
@SET_OPTION
@TRANSPORT_OPTION
@SERVER_OPTION
@network_options
@click.option("--json", is_flag=True, help="Write JSON, at the end.")
def command(**given: Unpack[Given]) -> ExitCode:
    """Look for what hinders a download, and say what to do about it.

    Each thing is a line. It looks at the versions, the settings, the plugins and the log; at the destination;
    and, for the archive of MANIFEST, or of --server, or else for the public one, at the login, the proxy, the
    name, the connection, the certificate, the clock and the protocols. It asks as a guest; where a login is
    known, the archive is asked once whether it accepts that. It downloads nothing.
    """
    settings, registry, error = _prepared(given)
    redact = log_choices(settings, registry, this_run.redaction())
    diagnosis = Diagnosis(settings, registry)
    case = Case(
        manifest=given["manifest"],
        server=given["server"],
        directory=given["directory"],
        settings=settings,
        settings_path=options.settings_path(os.environ),
        settings_error=error,
        registry=registry,
        diagnosis=diagnosis,
        login=Logins(LoginGiven(), settings, attended=False).find,
    )
    found: list[tuple[str, Finding]] = []
    with Interrupts(diagnosis.cancel), heard_logs(_unheard):
        for section in sections(case):
            if not given["json"]:
                showing.show_title(redact.but_users(section.title))
            for finding in section.findings:
                found.append((section.title, finding))
                _logger.info("%s: %s: %s", finding.condition.value, finding.check, finding.what)
                if not given["json"]:
                    showing.show(finding, redact.but_users)
    if given["json"]:
        click.echo(json.dumps(showing.document(found, redact.plain), indent=2))
    else:
        showing.show_verdict([finding for _, finding in found])
    return ExitCode.FAILED if any(finding.is_bad for _, finding in found) else ExitCode.COMPLETE


def _prepared(given: Given) -> tuple[Settings, Registry, SettingsError | None]:
    """Read the settings; where they are wrong, go on with what was typed, or with none."""
    chosen = options.chosen_settings(given)
    error: SettingsError | None = None
    try:
        settings = options.read_settings(chosen)
        return settings, options.load_registry(settings, given["plugins"]), None
    except SettingsError as wrong:
        error = wrong
    typed = {name: value for name, value in chosen.items() if value is not None}
    try:
        settings = settings_files.merge(Settings(), typed, options.COMMAND_LINE)
    except SettingsError:  # it is told with the first one, or by itself when that is mended
        settings = Settings()
    return settings, options.load_registry(settings), error


def _unheard(message: Message) -> None:
    """Leave what libraries warn of to the log."""
    del message
