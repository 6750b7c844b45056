"""``cartload download``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import attrs
import click

from cartload.settings import Existing, Settings
from cartload_cli.cart_options import (
    ATTEMPTS,
    JOBS,
    RATE,
    CartGiven,
    ExitCodesCommand,
    cart_options,
    chosen_loudness,
)
from cartload_cli.login_options import LoginGiven, login_options
from cartload_cli.logins import Logins
from cartload_cli.questions import Answers
from cartload_cli.run import Order, download
from cartload_cli.streams import is_attended
from cartload_common import options
from cartload_common.policy_ledger import PolicyLedger

if TYPE_CHECKING:
    from cartload_common.exit_codes import ExitCode


class Given(CartGiven):
    """What the command line gives to ``download``."""

    jobs: int | None
    limit_rate: int | None
    existing: str | None
    attempts: int | None
    check: bool | None
    login: LoginGiven
    accept_policy: bool
    allowed_only: bool
    json: bool
    report: Path | None
    quiet: bool
    verbose: bool


@click.command(cls=ExitCodesCommand)
@cart_options
@login_options
@click.option("-j", "--jobs", type=JOBS, metavar="N", help="Series to fetch at once.  [default: 4]")
@click.option(
    "--limit-rate",
    type=RATE,
    metavar="RATE",
    help="Bytes a second for all series together, such as 20M.  [default: no limit]",
)
@click.option(
    "--existing",
    type=click.Choice([choice.value for choice in Existing]),
    help="What to do when part of the cart is there.  [default: ask at a terminal, else missing]",
)
@click.option("--accept-policy", is_flag=True, help="Agree to the archive's data usage policy.")
@click.option("--allowed-only", is_flag=True, help="Go on without the series that are denied.")
@click.option(
    "--retries",
    "attempts",
    type=ATTEMPTS,
    metavar="N",
    help="Attempts for each series.  [default: as the manifest says, else 4]",
)
@click.option(
    "--check/--no-check", default=None, help="Verify against the archive's MD5 list.  [default: check]"
)
@click.option("--json", is_flag=True, help="Write events as JSON lines, the report as the last one.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report: text, or .json or .html by its suffix.",
)
@click.option("-q", "--quiet", is_flag=True, help="Tell only what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Tell every attempt that failed, and what plugins log.")
def command(**given: Unpack[Given]) -> ExitCode:
    """Bring home every series of a cart.

    MANIFEST is the cart's file, or - for the standard input. The series go into a folder named after it.
    What is there and whole is not fetched again: run the same command to go on after an interruption.
    """
    loudness = chosen_loudness(quiet=given["quiet"], verbose=given["verbose"])
    attended = is_attended()
    settings = options.read_settings(options.chosen_settings(given))
    logins = Logins(given["login"], settings, attended=attended)
    return download(
        Order(
            source=options.read_manifest(given["manifest"]),
            directory=given["directory"],
            settings=_settled(settings, attended=attended),
            registry=options.load_registry(settings, given["plugins"]),
            answers=Answers(
                accept_policy=given["accept_policy"],
                allowed_only=given["allowed_only"],
                attended=attended,
                log_in=logins.log_in,
            ),
            logins=logins,
            server=given["server"],
            loudness=loudness,
            json=given["json"],
            report=given["report"],
            ledger=PolicyLedger.usual(),
        )
    )


def _settled(settings: Settings, *, attended: bool) -> Settings:
    """Ask what to do with what is there only where somebody can answer."""
    if settings.existing is Existing.ASK and not attended:
        return attrs.evolve(settings, existing=Existing.MISSING)
    return settings
