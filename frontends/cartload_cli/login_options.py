"""The options that say who logs in; there is none that takes a password, for everybody sees arguments."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from attrs import frozen

from cartload.credentials import Credentials, Secret
from cartload.model import Origin  # noqa: TC001 - attrs reads the annotations
from cartload.origins import named_origin

Arguments = ParamSpec("Arguments")
Decorated = TypeVar("Decorated", bound=Callable[..., Any])

STANDARD_INPUT = "-"
_LONGEST_PASSWORD = 4096
_USERNAME, _PASSWORD_STDIN, _FILE, _HOSTS = "username", "password_stdin", "credentials", "allow_host"


@frozen(kw_only=True)
class LoginGiven:
    """What the command line says of a login; ``credentials`` is complete or None, ``user`` a name alone."""

    user: str | None = None
    credentials: Credentials | None = None
    allowed: tuple[Origin, ...] = ()


def login_options(command: Decorated) -> Decorated:
    """Add the options; the command gets what they give as one argument, ``login``, read and checked.

    Raises UsageError for what does not go together, LoginError for a file that is refused.
    """

    @functools.wraps(command)
    def gathered(**given: Any) -> object:  # noqa: ANN401 - whatever other options the command has
        chosen = {name: given.pop(name) for name in (_USERNAME, _PASSWORD_STDIN, _FILE, _HOSTS)}
        reads_manifest = STANDARD_INPUT in (given.get("manifest"), given.get("archive"))
        return command(**given, login=_given(chosen, reads_manifest=reads_manifest))

    for add in reversed(_OPTIONS):
        gathered = add(gathered)
    return gathered  # type: ignore[return-value]  # click calls it with the options, not as it was written


def _hosts(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Origin, ...]:
    try:
        return tuple(named_origin(value) for value in values)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


ALLOW_HOST_OPTION = click.option(
    "--allow-host",
    multiple=True,
    metavar="HOST",
    callback=_hosts,
    help="An archive that may be sent your login, besides the known ones; can be repeated.",
)
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("-u", "--username", metavar="NAME", help="Who logs in, where the archive asks for a login."),
    click.option(
        "--password-stdin", is_flag=True, help="Read the password of --username from the standard input."
    ),
    click.option(
        "--credentials",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="A file with userName= and passWord=, which only you can read.",
    ),
    ALLOW_HOST_OPTION,
)


def _given(chosen: Mapping[str, Any], *, reads_manifest: bool) -> LoginGiven:
    user, stdin, path = (chosen[name] for name in (_USERNAME, _PASSWORD_STDIN, _FILE))
    if user is not None and not user.strip():
        raise click.UsageError("--username is empty.")
    if path is not None and (user is not None or stdin):
        raise click.UsageError("--credentials has both name and password: it excludes the other two.")
    if stdin and user is None:
        raise click.UsageError("--password-stdin needs --username.")
    if stdin and reads_manifest:
        raise click.UsageError("the standard input cannot be both the manifest and the password.")
    return LoginGiven(user=user, credentials=_read(user, path, stdin=stdin), allowed=chosen[_HOSTS])


def _read(user: str | None, path: Path | None, *, stdin: bool) -> Credentials | None:
    if path is not None:
        from cartload_common.credentials.retriever_file import read_login  # noqa: PLC0415 - few have one

        return read_login(path)
    if user is None or not stdin:
        return None
    try:
        return Credentials(user, Secret(_line()))
    except ValueError as error:
        raise click.UsageError(f"the login cannot be used: {error}.") from None


def _line() -> str:
    """Read one line of the standard input, without its end."""
    if sys.stdin.isatty():
        raise click.UsageError("--password-stdin reads from a pipe. Leave it out, and you are asked.")
    line = sys.stdin.buffer.readline(_LONGEST_PASSWORD + 1)
    if len(line) > _LONGEST_PASSWORD:
        raise click.UsageError("the first line of the standard input is too long to be a password.")
    try:
        password = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError("the password on the standard input is not in UTF-8.") from None
    if not password:
        raise click.UsageError("the standard input holds no password.")
    return password
