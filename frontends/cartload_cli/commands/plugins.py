"""``cartload plugins``: what is there, from whom, with which options, and what failed."""

from __future__ import annotations

import json
import os
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs
import click
from attrs import frozen

from cartload.conversion import unstructure
from cartload_common import options, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.registry import Kind, PluginFailure, Registered, Registry


@frozen
class Option:
    """One option of a plugin; ``default`` is as the settings file would have it, None where there is none."""

    name: str
    type: str
    default: str | None


@click.command
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def command(*, as_json: bool) -> None:
    """List the plugins, their options and their failures.

    Options are set in the settings file under [plugins.NAME], or with --set NAME.OPTION=VALUE. Plugins are
    blocked by the setting block, or by CARTLOAD_BLOCK=NAME,NAME.
    """
    registry = options.load_registry(options.read_settings())
    if as_json:
        click.echo(json.dumps(_document(registry), indent=2))
    else:
        _show(registry)


def options_of(found: Registered[Any]) -> tuple[Option, ...]:
    """Read a plugin's options from its attrs class."""
    kind = found.factory.options
    if not attrs.has(kind):
        return ()
    fields = attrs.fields(attrs.resolve_types(kind))
    return tuple(Option(field.name, _type_word(field.type), _default_word(field)) for field in fields)


def _type_word(kind: object) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(repr(member.value) for member in kind)
    return kind.__name__ if type(kind) is type else str(kind)


_MADE: type[object] = type(attrs.Factory(list))
"""What stands for a default that is made for each object; attrs' stubs hide that it is a class."""


def _default_word(field: attrs.Attribute[Any]) -> str | None:
    default = field.default
    if default is attrs.NOTHING:
        return None
    if type(default) is _MADE:
        return "made when needed"
    return repr(unstructure(default))


def _document(registry: Registry) -> dict[str, Any]:
    return {
        "plugins": [
            {
                "kind": found.kind.word,
                "name": found.name,
                "version": found.version,
                "distribution": found.distribution,
                "summary": found.factory.summary,
                "options": unstructure(options_of(found)),
            }
            for found in registry.all()
        ],
        "failures": [unstructure(failure) for failure in registry.failures],
        "blocked": list(registry.blocked),
    }


def _show(registry: Registry) -> None:
    kind: Kind | None = None
    for found in registry.all():
        if found.kind is not kind:
            click.echo(("" if kind is None else "\n") + f"{found.kind.word}:")
            kind = found.kind
        for line in _lines(found):
            click.echo(line)
    if registry.blocked:
        click.echo(f"\nblocked: {texts.safe(', '.join(registry.blocked))}")
    for failure in registry.failures:
        color = False if "NO_COLOR" in os.environ else None
        click.secho(_failure_line(failure), fg="red", color=color)


def _failure_line(failure: PluginFailure) -> str:
    return texts.safe(f"failed: {failure.plugin} of {failure.distribution}: {failure.reason}")


def _lines(found: Registered[Any]) -> Iterator[str]:
    origin = f"{found.distribution} {found.version}".rstrip()
    yield texts.safe(f"  {found.name:<14} {origin:<16} {found.factory.summary}".rstrip())
    for option in options_of(found):
        default = "to be given" if option.default is None else f"default {option.default}"
        yield texts.safe(f"      {option.name}: {option.type}, {default}")
