"""``cartload logout``: forgets what ``cartload login`` kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cartload_cli.archive_place import named_place
from cartload_cli.cart_options import ExitCodesCommand
from cartload_common import texts
from cartload_common.credentials import keeping
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_common.exit_codes import ExitCode

if TYPE_CHECKING:
    from cartload.model import Origin


@click.command(cls=ExitCodesCommand)
@click.argument("archive", metavar="[ARCHIVE]", required=False)
@click.option("--all", "every", is_flag=True, help="Forget the logins at all archives.")
def command(*, archive: str | None, every: bool) -> ExitCode:
    """Forget a login, or all of them.

    ARCHIVE is an address that 'cartload login --list' shows. The passwords of all its users are deleted from
    the system keyring, and no login is sent there any more, unless it is an archive that cartload knows.
    """
    if every == (archive is not None):
        raise click.UsageError("name the archive, or give --all.")
    kept = LoginList(usual_path(), _warn)
    logins = kept.read()
    origins = sorted(logins, key=str) if archive is None else [named_place(archive).origin]
    for origin in origins:
        _forget(kept, origin, logins.get(origin))
    if not origins:
        click.echo("You have logged in nowhere.", err=True)
    return ExitCode.COMPLETE


def _forget(kept: LoginList, origin: Origin, users: tuple[str, ...] | None) -> None:
    where = texts.safe(str(origin))
    if users is None:
        click.echo(f"There is no login at {where}; 'cartload login --list' shows those there are.", err=True)
        return
    keeping.forget(KeyringStore(), kept, origin, users)
    click.echo(f"Forgotten: the login at {where}.", err=True)


def _warn(text: str) -> None:
    click.echo(texts.safe(f"note: {text}"), err=True)
