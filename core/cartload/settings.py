"""What the user chose: attrs options, structured by the one cattrs converter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

import attrs
from attrs import field, frozen, validators

from cartload.conversion import structure
from cartload.errors import SettingsError

T = TypeVar("T")

MOST_JOBS = 32


class Existing(Enum):
    """What to do when a part of the cart is there already."""

    ASK = "ask"
    MISSING = "missing"
    ALL = "all"


class FileNames(Enum):
    """How the image files of a series are called."""

    ORDINAL = "ordinal"
    SERVER = "server"
    UID = "uid"


def _within(low: int, high: int) -> Any:  # noqa: ANN401 - attrs' validators are untyped
    return validators.and_(validators.ge(low), validators.le(high))


@frozen(kw_only=True)
class Settings:
    """Every choice of a session, with its default; what is None follows from the manifest.

    The names are those of the settings file; each also is an option of the command line, or an
    environment variable ``CARTLOAD_<NAME>``.
    """

    naming: str = "descriptive"
    """The naming: ``descriptive``, ``classic``, ``template``, or a plugin's."""
    file_names: FileNames = FileNames.ORDINAL
    """How image files are called: by their order, by the server's name, or by their UID."""
    template: str | None = None
    """The layout of the naming ``template``."""
    storage: str = "local"
    """What keeps the series: ``local``, ``memory``, or a plugin's."""
    transport: str | None = None
    """The one transport to use, instead of those that follow from the manifest."""
    authenticator: str | None = None
    """How to prove who is asking, instead of a login when something is limited, as the archive needs it."""
    proxy: str | None = field(default=None, repr=False)
    """The proxy to go through, such as ``http://proxy.example.org:3128``, or ``direct`` for none, instead of
    those that the environment names (``https_proxy``, ``http_proxy``, ``all_proxy``)."""
    ca_file: str | None = None
    """A file of certificates (PEM or DER) to trust besides the system's own."""
    jobs: int = field(default=4, validator=_within(1, MOST_JOBS))
    """How many series are fetched at once."""
    limit_rate: int | None = field(default=None, validator=validators.optional(validators.ge(1)))
    """How many bytes a second all series together may bring at most; also as a text such as ``20M``."""
    existing: Existing = Existing.ASK
    """What to do when a part of the cart is there already."""
    annotations: bool | None = None
    """Whether annotation files are fetched."""
    attempts: int | None = field(default=None, validator=validators.optional(_within(1, 1000)))
    """How many attempts each series gets."""
    license_allow: tuple[str, ...] = ()
    """The licences whose series are fetched, by name, short name or address, such as ``CC BY 4.0`` or
    ``CC BY*``; series of others are left out. Without any, all are fetched."""
    check: bool = True
    """Whether images are verified against the archive's MD5 list."""
    block: tuple[str, ...] = ()
    """Plugins that are not to be loaded, by name."""
    logins: Mapping[str, Mapping[str, str]] = field(factory=dict)
    """Whose login an archive gets, by its address: the ``username``, or the file of the ``credentials``."""
    plugins: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    """The options of each plugin, by its name."""


def parse(text: str, name: str) -> Settings:
    """Read a settings file's text; raises SettingsError naming the file and all that is wrong."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"it is not valid TOML: {error}.", subject=name) from error
    return merge(Settings(), data, name)


def merge(settings: Settings, choices: Mapping[str, object], origin: str) -> Settings:
    """Lay *choices* over *settings*; *origin* (a file, the command line) is named in errors."""
    chosen = attrs.asdict(settings, recurse=False, value_serializer=_plain)
    limit = choices.get("limit_rate")
    if isinstance(limit, str):
        choices = {**choices, "limit_rate": _read_rate(limit, origin)}
    plugins = _merged_plugins(settings.plugins, choices.get("plugins", {}), origin)
    return structure(
        {**chosen, **choices, "plugins": plugins},
        Settings,
        lambda what: SettingsError(f"{what}.", subject=origin),
    )


_RATE = re.compile(
    r"(?P<number>[0-9]{1,15}(\.[0-9]{1,6})?) ?(?P<unit>[kMGT]?)(?P<binary>i?)(B?(/s)?)", re.IGNORECASE
)


def parse_rate(text: str) -> int:
    """Read bytes a second: ``20M``, ``1.5 GB/s``, ``512 KiB``; raises ValueError."""
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no rate such as 500k, 20M or 1.5G (bytes a second)")
    step = 1024 if found["binary"] else 1000
    rate: float = float(found["number"]) * step ** " kmgt".index(found["unit"].lower() or " ")
    if rate < 1:
        raise ValueError(f"{text!r} is less than a byte a second")
    return int(rate)


def _read_rate(text: str, origin: str) -> int:
    try:
        return parse_rate(text)
    except ValueError as error:
        raise SettingsError(f"limit_rate: {error}.", subject=origin) from error


def structure_options(plugin: str, options: type[T], chosen: Mapping[str, object]) -> T:
    """Make a plugin's options from its table; raises SettingsError naming the plugin and option."""
    return structure(
        dict(chosen),
        options,
        lambda what: SettingsError(f"{what}.", subject=f"[plugins.{plugin}]"),
    )


def parse_value(text: str) -> object:
    """Read one value as the settings file would; what is not just one is a text as it stands."""
    if "\n" in text:
        return text
    try:
        tomllib.loads(f"value = [{text}]")  # a comment would swallow the bracket, and be lost
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # an endless number, endless brackets
        return text


def _merged_plugins(
    old: Mapping[str, Mapping[str, Any]], new: object, origin: str
) -> dict[str, dict[str, Any]]:
    if not isinstance(new, Mapping) or not all(isinstance(table, Mapping) for table in new.values()):
        raise SettingsError("plugins must be tables: [plugins.<name>].", subject=origin)
    return {name: {**old.get(name, {}), **new.get(name, {})} for name in dict.fromkeys((*old, *new))}


def _plain(_: object, __: object, value: object) -> object:
    return value.value if isinstance(value, Enum) else value
