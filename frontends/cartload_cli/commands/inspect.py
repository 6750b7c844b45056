"""``cartload inspect``: what is in a cart, before anything is downloaded."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, Unpack

import click

from cartload.session import Session
from cartload_cli import listing, this_run
from cartload_cli.cart_options import CartGiven, cart_options
from cartload_cli.interrupts import Interrupts
from cartload_cli.logged_command import LoggedCommand
from cartload_cli.login_options import LoginGiven, login_options
from cartload_cli.logins import Logins
from cartload_cli.logs import heard_logs
from cartload_cli.render import view_for
from cartload_common import options, texts
from cartload_common.log_choices import log_choices
from cartload_common.log_events import log_event
from cartload_common.messages import Loudness, license_message
from cartload_common.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.plan import Plan


class Given(CartGiven):
    """What the command line gives to ``inspect``."""

    json: bool
    login: LoginGiven


@click.command(cls=LoggedCommand)
@cart_options
@login_options
@click.option("--json", is_flag=True, help="Write JSON.")
def command(**given: Unpack[Given]) -> None:
    """Show what is in a cart; nothing is downloaded.

    MANIFEST is the cart's file, or - for the standard input. Of each series: collection, patient, study,
    description, images, size, licence, whether it is held already, and where it will go. Where the output
    is not a terminal, it is one line of tab-separated values for each series. The licences with the number of
    their series are told besides, those that forbid commercial use first.
    """
    settings = options.read_settings(options.chosen_settings(given))
    source = options.read_manifest(given["manifest"])
    registry = options.load_registry(settings, given["plugins"])
    logins = Logins(given["login"], settings, attended=False)
    with Session(
        source,
        given["directory"],
        settings,
        registry,
        server=given["server"],
        credentials=logins.find,
        trust=logins.trust,
    ) as session:
        log_choices(settings, registry, this_run.redaction())
        watching = Watching(time.time)
        plan = _inspect(session, watching, Loudness.QUIET if given["json"] else Loudness.NORMAL)
    if given["json"]:
        for line in listing.document(plan, source.name, watching.server, session.root):
            click.echo(line)
        return
    if sys.stdout.isatty():
        click.echo(f"\nFolders are below {texts.safe(str(session.root))}\n")
    for line in _lines(plan):
        click.echo(line)


def _inspect(session: Session, watching: Watching, loudness: Loudness) -> Plan:
    view = view_for(watching, loudness)
    session.subscribe(log_event)
    session.subscribe(watching)
    session.subscribe(view)
    with Interrupts(session.cancel), heard_logs(view.say), view:
        plan = session.inspect()
        for group in plan.licenses():
            if group.terms.commercial:  # the others were told with the plan
                view.say(license_message(group))
        return plan


def _lines(plan: Plan) -> Iterator[str]:
    if sys.stdout.isatty():
        return listing.pages(plan, shutil.get_terminal_size().columns)
    return listing.columns(plan)
