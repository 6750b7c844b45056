"""The settings, with their environment variables and options."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, get_args

import attrs

from cartload.settings import Settings
from cartload_common.field_texts import field_texts
from cartload_common.options import ONLY_IN_FILES, PREFIX
from cartload_reference.commands import commands, spelled
from cartload_reference.markdown import block, code, section
from cartload_reference.values import default_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def page() -> str:
    """Describe each setting."""
    texts = field_texts(Settings)
    return "\n\n".join(_setting(each, texts[each.name]) for each in _fields())


def _fields() -> Iterator[attrs.Attribute[Any]]:
    yield from attrs.fields(attrs.resolve_types(Settings))


def _setting(each: attrs.Attribute[Any], text: str) -> str:
    facts = [f"- value: {_kind(each.type)}", f"- default: {default_word(each.default)}"]
    if each.name not in ONLY_IN_FILES:
        facts.append(f"- environment: {code(PREFIX + each.name.upper())}")
    if option := _option(each.name):
        facts.append(f"- command line: {code(option)}")
    return section(3, code(each.name), text, "\n".join(facts), anchor=f"setting-{each.name}")


_WORDS: Mapping[object, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    tuple[str, ...]: "a list of texts",
}


def _kind(kind: object) -> str:
    """Say in a user's words what a setting may be."""
    given = [each for each in get_args(kind) if each is not type(None)]
    if len(given) < len(get_args(kind)):
        return _kind(given[0])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(code(f'"{member.value}"') for member in kind)
    return _WORDS.get(kind, "tables")


def _option(name: str) -> str:
    found = [
        spelled(option)
        for command in commands().values()
        for option in command.params
        if option.name == name and option.param_type_name == "option"
    ]
    return found[0] if found else ""


def example() -> str:
    """Write a settings file that says what holds without one."""
    defaults = {
        each.name: default_word(each.default).strip("`")
        for each in attrs.fields(Settings)
        if each.name not in ONLY_IN_FILES
    }
    lines = [f"{name} = {value}" for name, value in defaults.items() if value != "none"]
    return block("toml", "\n".join(lines))
