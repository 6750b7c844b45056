"""The options of the commands that take a cart, and the command class that tells its exit codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypedDict, TypeVar

import click

from cartload import settings as settings_files
from cartload.model import Origin
from cartload.settings import MOST_JOBS, FileNames
from cartload_cli.logged_command import LoggedCommand
from cartload_common.exit_codes import ExitCode
from cartload_common.messages import Loudness

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class ExitCodesCommand(LoggedCommand):
    """A command whose help ends with what its exit codes mean, and whose run is logged."""

    meanings: ClassVar[Mapping[ExitCode, str]] = {}
    """What some codes mean for this command, where that is not what they usually mean."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the codes, from where they are defined."""
        super().format_epilog(ctx, formatter)
        with formatter.section("Exit codes (any other is a failure too)"):
            formatter.write_dl([(str(int(code)), self.meanings.get(code, code.meaning)) for code in ExitCode])


class LayoutGiven(TypedDict):
    """What the command line gives to a command that has ``layout_options``."""

    naming: str | None
    file_names: str | None
    template: str | None
    storage: str | None
    plugins: Mapping[str, Mapping[str, object]] | None


class NetworkGiven(TypedDict):
    """What the command line gives to a command that has ``network_options``."""

    proxy: str | None
    ca_file: str | None


class CartGiven(LayoutGiven, NetworkGiven):
    """What the command line gives to a command that has ``cart_options``."""

    manifest: str
    directory: Path
    transport: str | None
    annotations: bool | None
    server: str | None
    license_allow: tuple[str, ...] | None


def cart_options(command: Decorated) -> Decorated:
    """Add the manifest and the options that say where its series would come from and go to."""
    for add in reversed(_CART_OPTIONS):
        command = add(command)
    return command


def layout_options(command: Decorated) -> Decorated:
    """Add the options that say how and in what the series are kept."""
    for add in reversed(_LAYOUT_OPTIONS):
        command = add(command)
    return command


def network_options(command: Decorated) -> Decorated:
    """Add the options that say how servers are reached."""
    for add in reversed(_NETWORK_OPTIONS):
        command = add(command)
    return command


def chosen_loudness(*, quiet: bool, verbose: bool) -> Loudness:
    """Turn ``--quiet`` and ``--verbose`` into how much is told; raises UsageError for both."""
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other.")
    if quiet:
        return Loudness.QUIET
    return Loudness.VERBOSE if verbose else Loudness.NORMAL


def server_origin(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Check that a server's address is one."""
    try:
        if value is not None:
            Origin.of(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error
    return value


def given_or_none(
    _: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Tell an option that was not given from one that was; an empty text is none."""
    if not all(value.strip() for value in values):
        raise click.BadParameter(f"{parameter.opts[0]} is empty.")
    return values or None


def plugin_options(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> Mapping[str, Mapping[str, object]] | None:
    """Turn ``plugin.option=value`` texts into tables, as the settings file has them."""
    tables: dict[str, dict[str, object]] = {}
    for value in values:
        name, equals, text = value.partition("=")
        plugin, dot, option = name.strip().partition(".")
        if not (equals and dot and plugin and option):
            raise click.BadParameter(f"{value!r} is not of the form plugin.option=value.")
        tables.setdefault(plugin, {})[option.strip()] = settings_files.parse_value(text.strip())
    return tables or None


STORAGE_OPTION = click.option("--storage", metavar="NAME", help="What keeps the series.  [default: local]")
SET_OPTION = click.option(
    "--set",
    "plugins",
    multiple=True,
    metavar="PLUGIN.OPTION=VALUE",
    callback=plugin_options,
    help="Any plugin's option; can be repeated. 'cartload plugins' lists them.",
)
TRANSPORT_OPTION = click.option(
    "--transport", metavar="NAME", help="The one transport to use.  [default: as the manifest says]"
)
SERVER_OPTION = click.option(
    "--server", metavar="URL", callback=server_origin, help="The archive, for a plain list of UIDs."
)
LICENSE_OPTION = click.option(
    "--license-allow",
    multiple=True,
    metavar="PATTERN",
    callback=given_or_none,
    help="Leave out series of other licences than these, such as 'CC BY 4.0' or 'CC BY*'; can be repeated.",
)

_NETWORK_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--proxy",
        metavar="URL",
        help="The proxy to go through, or 'direct' for none.  [default: as the environment says]",
    ),
    click.option(
        "--ca-file", metavar="FILE", help="Certificates (PEM or DER) to trust besides the system's own."
    ),
)
_LAYOUT_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--naming",
        metavar="NAME",
        help="Layout: descriptive, classic, template, or a plugin's.  [default: descriptive]",
    ),
    click.option(
        "--file-names",
        type=click.Choice([names.value for names in FileNames]),
        help="How images are called: by their order, as the server does, or by UID.  [default: ordinal]",
    ),
    click.option("--template", metavar="TEXT", help="The layout of the naming 'template'."),
    STORAGE_OPTION,
    SET_OPTION,
)
_CART_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument("manifest", metavar="MANIFEST"),
    click.option(
        "-d",
        "--directory",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path(),
        metavar="DIR",
        help="Where the cart's folder goes.  [default: the current directory]",
    ),
    *_LAYOUT_OPTIONS,
    TRANSPORT_OPTION,
    click.option(
        "--annotations/--no-annotations",
        default=None,
        help="Whether annotation files are fetched.  [default: as the manifest says]",
    ),
    LICENSE_OPTION,
    SERVER_OPTION,
    *_NETWORK_OPTIONS,
)


class Rate(click.ParamType[int]):
    """Bytes a second, as people write them."""

    name = "rate"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read ``20M``."""
        try:
            return settings_files.parse_rate(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


RATE = Rate()
JOBS = click.IntRange(1, MOST_JOBS)
ATTEMPTS = click.IntRange(1, 1000)
