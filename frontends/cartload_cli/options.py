"""What the user chose: options, then the environment, then the settings file, then the defaults."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import attrs
import click
import platformdirs

from cartload import load_manifest
from cartload import registry as registries
from cartload import settings as settings_files
from cartload.errors import ManifestError, ManifestFault, SettingsError
from cartload.manifest import MOST_BYTES, ManifestSource
from cartload.model import Origin
from cartload.settings import MOST_JOBS, FileNames, Settings

if TYPE_CHECKING:
    from cartload.registry import Registry

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

SETTING_NAMES = frozenset(field.name for field in attrs.fields(Settings))
"""The options of these names are settings; the others are the command's own business."""

PREFIX = "CARTLOAD_"
COMMAND_LINE = "the command line"
STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "cart.tcia"
"""What a cart from the standard input is called: its folder is ``cart``."""

# --- the options of several commands ------------------------------------------------------------


class CartGiven(TypedDict):
    """What the command line gives to a command that has ``cart_options``."""

    manifest: str
    directory: Path
    naming: str | None
    file_names: str | None
    template: str | None
    storage: str | None
    transport: str | None
    annotations: bool | None
    server: str | None
    plugins: Mapping[str, Mapping[str, object]] | None


def cart_options(command: Decorated) -> Decorated:
    """Add the manifest and the options that say where its series would come from and go to."""
    for add in reversed(_CART_OPTIONS):
        command = add(command)
    return command


def server_origin(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Check that a server's address is one."""
    try:
        if value is not None:
            Origin.of(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error
    return value


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
    click.option("--naming", metavar="NAME", help="Layout: descriptive, classic, template, or a plugin's."),
    click.option(
        "--file-names",
        type=click.Choice([names.value for names in FileNames]),
        help="How images are called: by their order, as the server calls them, or by UID.",
    ),
    click.option("--template", metavar="TEXT", help="The layout of the naming 'template'."),
    click.option("--storage", metavar="NAME", help="What keeps the series.  [default: local]"),
    click.option(
        "--transport", metavar="NAME", help="The one transport to use.  [default: as the manifest says]"
    ),
    click.option(
        "--annotations/--no-annotations", default=None, help="With annotations, whatever the manifest says."
    ),
    click.option(
        "--server", metavar="URL", callback=server_origin, help="The archive, for a plain list of UIDs."
    ),
    click.option(
        "--set",
        "plugins",
        multiple=True,
        metavar="PLUGIN.OPTION=VALUE",
        callback=plugin_options,
        help="Any plugin's option; can be repeated. 'cartload plugins' lists them.",
    ),
)

JOBS = click.IntRange(1, MOST_JOBS)
ATTEMPTS = click.IntRange(1, 1000)

# --- from all of them to settings ---------------------------------------------------------------


def chosen_settings(given: Mapping[str, object]) -> dict[str, object]:
    """Take from a command's options those that are settings."""
    return {name: value for name, value in given.items() if name in SETTING_NAMES}


def read_settings(
    chosen: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Lay the *chosen* options over the environment over the settings file over the defaults.

    An option that is None was not given. Raises SettingsError naming where a wrong one comes from.
    """
    given = os.environ if environment is None else environment
    settings = _from_file(given)
    for name, kind in _kinds().items():
        variable = f"{PREFIX}{name.upper()}"
        if variable in given:
            value = _from_text(given[variable], kind)
            settings = settings_files.merge(settings, {name: value}, variable)
    options = {name: value for name, value in (chosen or {}).items() if value is not None}
    return settings_files.merge(settings, options, COMMAND_LINE) if options else settings


def settings_path(environment: Mapping[str, str]) -> Path:
    """Say where the settings file is, or would be."""
    named = environment.get(f"{PREFIX}CONFIG")
    return Path(named) if named else platformdirs.user_config_path("cartload") / "config.toml"


def load_registry(
    settings: Settings, set_tables: Mapping[str, Mapping[str, object]] | None = None
) -> Registry:
    """Load the plugins; raises SettingsError when ``--set`` names a plugin that is not there.

    The settings file may name plugins that are not installed here: one file serves many computers.
    """
    registry = registries.load(registries.installed(), block=settings.block)
    known = {found.name for found in registry.all()}
    unknown = [name for name in set_tables or () if name not in known]
    if unknown:
        raise SettingsError(
            f"there is no plugin {', '.join(map(repr, unknown))}.",
            subject=f"{COMMAND_LINE}, --set",
            advice="'cartload plugins' lists those there are, with their options.",
        )
    return registry


def read_manifest(argument: str) -> ManifestSource:
    """Read the manifest from a file, or from the standard input for ``-``; raises ManifestError."""
    if argument != STANDARD_INPUT:
        return load_manifest(Path(argument))
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ManifestError("standard input", [ManifestFault(f"it is larger than {MOST_BYTES:,} bytes.")])
    return ManifestSource(STANDARD_INPUT_NAME, content)


def _from_file(environment: Mapping[str, str]) -> Settings:
    path = settings_path(environment)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        if f"{PREFIX}CONFIG" in environment:
            raise SettingsError(
                f"there is no such file; {PREFIX}CONFIG names it.", subject=str(path)
            ) from error
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"it cannot be read: {error}.", subject=str(path)) from error
    return settings_files.parse(text, str(path))


def _kinds() -> Mapping[str, object]:
    """Give every setting that a variable can hold, with its type."""
    fields = attrs.fields(attrs.resolve_types(Settings))
    return {field.name: field.type for field in fields if field.name != "plugins"}


_TRUTHS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def _from_text(text: str, kind: object) -> object:
    """Read a variable as its setting's type asks; what does not fit is left for the settings to refuse."""
    if kind in {bool, bool | None}:
        return _TRUTHS.get(text.strip().lower(), text)
    if kind in {int, int | None}:
        return settings_files.parse_value(text.strip())
    if kind == tuple[str, ...]:
        return [name.strip() for name in text.split(",") if name.strip()]
    return text
