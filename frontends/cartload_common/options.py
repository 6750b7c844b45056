"""What the user chose: options, then the environment, then the settings file, then the defaults."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import platformdirs

from cartload import load_manifest
from cartload import registry as registries
from cartload import settings as settings_files
from cartload.errors import ManifestError, ManifestFault, SettingsError
from cartload.manifest import MOST_BYTES, ManifestSource
from cartload.settings import Settings
from cartload_common.credentials.named import named_logins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.registry import Registry

ONLY_IN_FILES = frozenset({"logins", "plugins"})
"""Settings that are tables: they fit in no variable."""
SETTING_NAMES = frozenset(field.name for field in attrs.fields(Settings))
"""The options of these names are settings; the others are the command's own business."""

PREFIX = "CARTLOAD_"
COMMAND_LINE = "the command line"
STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "cart.tcia"
"""What a cart from the standard input is called: its folder is ``cart``."""


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
    settings = settings_files.parse(text, str(path))
    named_logins(settings.logins, str(path))  # a mistake is told before anything happens
    return settings


def _kinds() -> Mapping[str, object]:
    """Give every setting that a variable can hold, with its type."""
    fields = attrs.fields(attrs.resolve_types(Settings))
    return {field.name: field.type for field in fields if field.name not in ONLY_IN_FILES}


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
