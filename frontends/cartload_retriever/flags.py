"""The original's flags, in every spelling that it takes, and a few that it does not have.

It takes short flags in either case and long ones in lower or upper case; here any mixture will do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cartload.version import __version__
from cartload_cli.cart_options import network_options
from cartload_cli.login_options import ALLOW_HOST_OPTION
from cartload_common import texts

if TYPE_CHECKING:
    from collections.abc import Callable

Decorated = TypeVar("Decorated", bound="Callable[..., Any]")

SUFFIX = ".tcia"
LOGIN_ORDER = "cartload_retriever.login_order"
"""Where the context keeps which of -u, -p and -l were given, in their order: of two the later one holds."""

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "token_normalize_func": str.lower}

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""Hyphens, and what word processors and web pages make of them."""


def retriever_flags(command: Decorated) -> Decorated:
    """Add the original's flags."""
    for add in reversed(_FLAGS):
        command = add(command)
    return command


def added_flags(command: Decorated) -> Decorated:
    """Add what the original does not have, and what its scripts may need here."""
    for add in (_EXTRAS, click.version_option(__version__), network_options, ALLOW_HOST_OPTION):
        command = add(command)
    return command


def _manifest(_: click.Context, __: click.Parameter, value: str) -> str:
    if not value.endswith(SUFFIX):
        raise click.BadParameter(f"{texts.safe(value)!r} does not end in {SUFFIX}: it is no manifest's name.")
    return value


def _noted(context: click.Context, parameter: click.Parameter, value: object) -> object:
    """Remember the order of the login's flags; click calls this in the order in which they were typed."""
    if value is not None:
        context.meta.setdefault(LOGIN_ORDER, []).append(parameter.name)
    return value


def _nothing_else(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> None:
    """Refuse words that belong to no flag. They are not repeated, for one may be a password."""
    if not words:
        return
    first = words[0]
    if first[0] in _DASHES and first[0] != "-":
        raise click.UsageError(
            f"{texts.safe(first[:3])!r} begins with a dash that is no hyphen, as copied text often has. "
            "Type the flag with a plain hyphen."
        )
    number = texts.count(len(words), "word")
    raise click.UsageError(
        f"{number} belong to no flag. A name or password with blanks needs quotes; one manifest is one run."
        if len(words) > 1
        else f"{number} belongs to no flag. A name or password with blanks needs quotes."
    )


_EXTRAS = click.argument("extras", nargs=-1, callback=_nothing_else, expose_value=False, metavar="")
_FLAGS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "-c",
        "--cli",
        "manifest",
        required=True,
        metavar="MANIFEST",
        callback=_manifest,
        help="The manifest, a file whose name ends in .tcia.",
    ),
    click.option(
        "-d",
        "directory",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Where the cart's folder and the log go; it may be new.  [default: the current directory]",
    ),
    click.option(
        "-u", "user", metavar="NAME", callback=_noted, help="Who logs in, where the archive asks for a login."
    ),
    click.option(
        "-p",
        "password",
        metavar="PASSWORD",
        callback=_noted,
        help="The password of -u. Everybody on this computer can see it; -l FILE is better.",
    ),
    click.option(
        "-l",
        "credentials",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        callback=_noted,
        help="A file with userName= and passWord=, which only you should be able to read.",
    ),
    click.option(
        "-v", "--verbose", is_flag=True, help="Tell every attempt that failed, and what plugins log."
    ),
    click.option(
        "-q", "--quiet", is_flag=True, help="Tell only what went wrong; questions are asked all the same."
    ),
    click.option("-f", "--force", is_flag=True, help="Go on without the series that are denied."),
    click.option(
        "-m",
        "--md5",
        is_flag=True,
        help="Verify against the archive's MD5 list; it is done without the flag, too.",
    ),
    click.option(
        "--dd", "-dd", "naming", flag_value="descriptive", help="Descriptive directory names, the default."
    ),
    click.option("--cd", "-cd", "naming", flag_value="classic", help="Classic directory names: UIDs alone."),
    click.option("--agree-to-license", is_flag=True, help="Agree to the data usage policy; it is not asked."),
)
