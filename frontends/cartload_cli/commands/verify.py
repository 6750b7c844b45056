"""``cartload verify``: whether what was downloaded still is what it was, and its repair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Unpack

import click

from cartload_cli.cart_options import (
    SERVER_OPTION,
    SET_OPTION,
    STORAGE_OPTION,
    TRANSPORT_OPTION,
    ExitCodesCommand,
    NetworkGiven,
    chosen_loudness,
    network_options,
)
from cartload_cli.login_options import LoginGiven, login_options
from cartload_cli.logins import Logins
from cartload_cli.questions import Answers
from cartload_cli.streams import is_attended
from cartload_cli.verifying import Order, verify
from cartload_common import options
from cartload_common.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping


class Given(NetworkGiven):
    """What the command line gives to ``verify``."""

    directory: Path
    login: LoginGiven
    repair: bool
    storage: str | None
    transport: str | None
    server: str | None
    plugins: Mapping[str, Mapping[str, object]] | None
    accept_policy: bool
    allowed_only: bool
    json: bool
    quiet: bool
    verbose: bool


class VerifyCommand(ExitCodesCommand):
    """Two of its codes tell of files, not of a download."""

    meanings: ClassVar[Mapping[ExitCode, str]] = {
        ExitCode.COMPLETE: "Every series is whole; files that cartload did not write do no harm.",
        ExitCode.FAILED: "Something is missing or damaged, and was not repaired, or not all of it.",
        ExitCode.DESTINATION: "There is no journal to compare with, or the directory cannot be used.",
    }


@click.command(cls=VerifyCommand)
@click.argument(
    "directory", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIRECTORY"
)
@click.option("--repair", is_flag=True, help="Fetch what is missing or damaged, and nothing else.")
@STORAGE_OPTION
@SET_OPTION
@TRANSPORT_OPTION
@SERVER_OPTION
@network_options
@login_options
@click.option("--accept-policy", is_flag=True, help="Agree to the archive's data usage policy.")
@click.option("--allowed-only", is_flag=True, help="Repair without the series that are denied.")
@click.option("--json", is_flag=True, help="Write a JSON line for each series, and a report as the last one.")
@click.option("-q", "--quiet", is_flag=True, help="Tell only what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Tell of whole series, too.")
def command(**given: Unpack[Given]) -> ExitCode:
    """Check that what was downloaded is still there, unaltered; repair it.

    DIRECTORY is a cart's folder, or a folder with several of them. Every file's size and digest are compared
    with what was stored; without --repair no archive is asked. Files that cartload did not write are told and
    never touched.
    """
    settings = options.read_settings(options.chosen_settings(given))
    attended = is_attended()
    logins = Logins(given["login"], settings, attended=attended)
    return verify(
        Order(
            directory=given["directory"],
            settings=settings,
            registry=options.load_registry(settings, given["plugins"]),
            repair=given["repair"],
            answers=Answers(
                accept_policy=given["accept_policy"],
                allowed_only=given["allowed_only"],
                attended=attended,
                log_in=logins.log_in,
            ),
            logins=logins,
            server=given["server"],
            loudness=chosen_loudness(quiet=given["quiet"], verbose=given["verbose"]),
            json=given["json"],
        )
    )
