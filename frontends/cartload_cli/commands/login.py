"""``cartload login``: keeps a login for one archive in the system keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import click

from cartload.errors import UnreachableError
from cartload_cli import archive_place, login_check
from cartload_cli.cart_options import SET_OPTION, ExitCodesCommand
from cartload_cli.login_options import LoginGiven, login_options
from cartload_cli.logins import Logins
from cartload_cli.streams import is_attended
from cartload_common import options, texts
from cartload_common.credentials.keeping import keep
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_common.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.credentials import Credentials
    from cartload.registry import Registry
    from cartload.settings import Settings
    from cartload_cli.archive_place import Place

MOST_QUESTIONS = 3


@click.command(cls=ExitCodesCommand)
@click.argument("archive", metavar="[ARCHIVE]", required=False)
@login_options
@click.option("--list", "listing", is_flag=True, help="Show where you have logged in, and as whom.")
@click.option(
    "--check/--no-check", default=True, help="Whether the archive is asked first.  [default: check]"
)
@SET_OPTION
def command(
    *,
    archive: str | None,
    login: LoginGiven,
    listing: bool,
    check: bool,
    plugins: Mapping[str, Mapping[str, object]] | None,
) -> ExitCode:
    """Keep a login for one archive in the system keyring.

    ARCHIVE is its address, or a manifest from it. Name and password are asked for, the password is not shown.
    The archive is asked whether it accepts them; what it refuses is not kept.
    """
    if listing:
        return _list()
    if archive is None:
        raise click.UsageError(
            "name the archive: cartload login https://archive.example, or a manifest from it."
        )
    settings = options.read_settings({"plugins": plugins})
    registry = options.load_registry(settings, plugins)
    store = KeyringStore()
    keyring = store.describe()  # after the plugins, for it may replace what finds them
    place = archive_place.place_of(archive, settings, registry)
    asking = _Asking(place, login, settings)
    credentials = asking.first()
    if check:
        tried = login_check.Tried(credentials, asking.another)
        credentials = _checked(place, tried, settings, registry)
    keep(store, LoginList(usual_path(), _warn), place.origin, credentials)
    click.echo(texts.safe(f"Kept in the keyring {keyring}: the login at {place.origin}."), err=True)
    return ExitCode.COMPLETE


class _Asking:
    """Gets the login from the options, else from whoever is at the terminal, a few times."""

    def __init__(self, place: Place, given: LoginGiven, settings: Settings) -> None:
        allowed = (*given.allowed, place.origin) if place.named else given.allowed
        self._logins = Logins(attrs.evolve(given, allowed=allowed), settings, attended=is_attended())
        self._logins.check(place.origin)
        self._origin = place.origin
        self._given = given.credentials
        self._asked = 0

    def first(self) -> Credentials:
        """Give the login; raises UsageError where none is given and nobody can be asked."""
        if self._given is not None:
            return self._given
        if not is_attended():
            raise click.UsageError(
                "nobody is at a terminal to be asked: give --username and --password-stdin, or --credentials."
            )
        credentials = self._ask()
        if credentials is None:
            raise click.Abort
        return credentials

    def another(self) -> Credentials | None:
        """Ask again after a refusal; archives lock accounts after many."""
        if self._given is not None or self._asked >= MOST_QUESTIONS:
            return None
        return self._ask(refused=True)

    def _ask(self, *, refused: bool = False) -> Credentials | None:
        self._asked += 1
        return self._logins.ask(self._origin, refused=refused)


def _checked(place: Place, tried: login_check.Tried, settings: Settings, registry: Registry) -> Credentials:
    """Give the login that the archive accepted; where it cannot be tried, say so and give the first."""
    try:
        good = login_check.check(place, tried, settings, registry)
    except UnreachableError as error:
        advice = "Nothing was kept; --no-check keeps a login untried."
        raise UnreachableError(error.what, subject=error.subject, advice=advice) from error
    if good is None:
        click.echo("note: no plugin can try a login there, so it is kept untried.", err=True)
    return good or tried.first


def _list() -> ExitCode:
    logins = LoginList(usual_path(), _warn).read()
    for origin, users in sorted(logins.items(), key=lambda login: str(login[0])):
        for user in users:
            click.echo(f"{texts.safe(str(origin))}\t{texts.safe(user)}")
        if not users:
            click.echo(texts.safe(str(origin)))
    if not logins:
        click.echo("You have logged in nowhere yet.", err=True)
    return ExitCode.COMPLETE


def _warn(text: str) -> None:
    click.echo(texts.safe(f"note: {text}"), err=True)
