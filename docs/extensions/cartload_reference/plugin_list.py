"""The bundled plugins with their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from cartload import registry
from cartload.registry import Kind
from cartload_reference.docstrings import text_of
from cartload_reference.markdown import block, code, section
from cartload_reference.values import default_word, fields_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload.registry import Registered

DISTRIBUTION = "cartload"


def bundled() -> tuple[Registered[Any], ...]:
    """Give the plugins that come with cartload itself."""
    loaded = registry.load(registry.installed())
    return tuple(found for found in loaded.all() if found.distribution == DISTRIBUTION)


def page() -> str:
    """Describe each, by kind."""
    return "\n\n".join(section(2, _heading(kind), *_of_kind(kind)) for kind in Kind)


def _heading(kind: Kind) -> str:
    words = {"policy": "policies"}
    first, _, last = kind.word.rpartition(" ")
    return f"{first} {words.get(last, f'{last}s')}".strip().capitalize()


def _of_kind(kind: Kind) -> Iterator[str]:
    for found in bundled():
        if found.kind is kind:
            yield _plugin(found)


def _plugin(found: Registered[Any]) -> str:
    kind = found.factory.options
    parts = [f"{found.factory.summary[:1].upper()}{found.factory.summary[1:]}."]
    if attrs.has(kind) and attrs.fields(kind):
        defaults = ((each.name, default_word(each.default).strip("`")) for each in attrs.fields(kind))
        lines = [f"{name} = {value}" for name, value in defaults if value not in _NO_VALUE]
        parts += [f"**Options.** {text_of(kind)}", fields_table(kind)]
        parts += [block("toml", "\n".join((f"[plugins.{found.name}]", *lines)))]
    return section(3, code(found.name), *parts, anchor=f"plugin-{found.kind.name.lower()}-{found.name}")


_NO_VALUE = ("", "none", "empty")
