"""Who logs in, as -u, -p and -l say; what they leave open is looked for where cartload looks for logins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cartload.credentials import Credentials, Secret
from cartload_cli.login_options import LoginGiven
from cartload_common import texts
from cartload_common.credentials.retriever_file import read_login
from cartload_retriever.flags import LOGIN_ORDER

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.model import Origin

SEEN = (
    "note: -p shows the password to everybody who lists this computer's processes, and shells remember it. "
    "A file that only you can read, given by -l, does not."
)
ALONE = "note: -p without -u is not used."


def login_given(
    context: click.Context,
    user: str | None,
    password: str | None,
    path: Path | None,
    allowed: tuple[Origin, ...],
) -> LoginGiven:
    """Put the login together: of flags that contradict each other, the one typed last holds.

    Raises LoginError for a file that cannot be used, UsageError for what no login is made of.
    """
    if password is not None:
        click.echo(SEEN, err=True)
    secret = None if password is None else _secret(password)
    order: list[str] = context.meta.get(LOGIN_ORDER, [])
    if path is not None:
        read = read_login(path, _warn)
        user = user if _is_later("user", order) else read.user
        secret = secret if _is_later("password", order) else read.password
    if user is None or secret is None:
        if secret is not None:
            click.echo(ALONE, err=True)
        return LoginGiven(user=user, allowed=allowed)
    try:
        return LoginGiven(user=user, credentials=Credentials(user, secret), allowed=allowed)
    except ValueError as error:
        raise click.UsageError(f"the login cannot be used: {error}.") from None


def _is_later(name: str, order: list[str]) -> bool:
    """Tell whether a flag was typed, and after the file."""
    return name in order and order.index(name) > order.index("credentials")


def _secret(password: str) -> Secret:
    try:
        return Secret(password)
    except ValueError as error:
        raise click.UsageError(f"the password cannot be used: {error}.") from None


def _warn(text: str) -> None:
    click.echo(texts.safe(f"note: {text}"), err=True)
