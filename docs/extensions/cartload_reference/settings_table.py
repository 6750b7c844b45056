"""The settings, with their environment variables and options."""

from __future__ import annotations

import attrs

from cartload.settings import Settings
from cartload_cli.options import PREFIX
from cartload_reference.commands import commands, spelled
from cartload_reference.docstrings import field_texts
from cartload_reference.markdown import block, code, section
from cartload_reference.values import default_word, type_word

_ONLY_IN_FILES = frozenset({"plugins"})
"""Tables fit in no variable; ``--set`` stands for them on the command line."""


def setting_names() -> tuple[str, ...]:
    """Give the names of all settings."""
    return tuple(each.name for each in attrs.fields(Settings))


def page() -> str:
    """Describe each setting."""
    texts = field_texts(Settings)
    return "\n\n".join(_setting(each, texts[each.name]) for each in attrs.fields(Settings))


def _setting(each: attrs.Attribute[object], text: str) -> str:
    default = default_word(each.default)
    facts = [
        f"- type: {code(type_word(each.type))}",
        f"- default: {'as the manifest says' if default == 'none' else default}",
    ]
    if each.name not in _ONLY_IN_FILES:
        facts.append(f"- environment: {code(PREFIX + each.name.upper())}")
    if option := _option(each.name):
        facts.append(f"- command line: {code(option)}")
    return section(3, code(each.name), text, "\n".join(facts), anchor=f"setting-{each.name}")


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
        if each.name not in _ONLY_IN_FILES
    }
    lines = [f"{name} = {value}" for name, value in defaults.items() if value != "none"]
    return block("toml", "\n".join(lines))
