"""attrs classes as Markdown: what their docstring says, and a table of their fields."""

from __future__ import annotations

from enum import Enum

import attrs

from cartload.conversion import unstructure
from cartload_common.field_texts import field_texts
from cartload_reference.docstrings import text_of
from cartload_reference.markdown import code, section, table

_MADE: type[object] = type(attrs.Factory(list))
"""What stands for a default that is made for each object; attrs' stubs hide that it is a class."""


def value_section(level: int, kind: type, anchor: str) -> str:
    """Describe a value's class: heading, docstring, fields."""
    return section(level, code(kind.__name__), text_of(kind), fields_table(kind), anchor=anchor)


def fields_table(kind: type) -> str:
    """List the fields of an attrs class, or the members of an Enum; nothing where there are none."""
    if issubclass(kind, Enum):
        return _members_table(kind)
    fields = attrs.fields(kind) if attrs.has(kind) else ()
    if not fields:
        return ""
    texts = field_texts(kind)
    rows = [(code(each.name), code(type_word(each.type)), default_word(each.default)) for each in fields]
    if not texts:
        return table(("field", "type", "default"), rows)
    told = [(*row, texts.get(each.name, "")) for row, each in zip(rows, fields, strict=True)]
    return table(("field", "type", "default", "meaning"), told)


def type_word(kind: object) -> str:
    """Name a type as the source does."""
    return kind.__name__ if isinstance(kind, type) else str(kind)


def default_word(default: object) -> str:
    """Write a default as the settings file would have it; nothing where a value must be given."""
    if default is attrs.NOTHING:
        return ""
    if type(default) is _MADE:
        return "empty"
    if default is None:
        return "none"
    return code(_as_toml(unstructure(default)))


def _as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple | list | frozenset):
        return f"[{', '.join(map(_as_toml, value))}]"
    return str(value)


def _members_table(kind: type[Enum]) -> str:
    texts = field_texts(kind)
    rows = [(code(member.name), code(member.value), texts.get(member.name, "")) for member in kind]
    if not texts:
        return table(("member", "value"), [row[:2] for row in rows])
    return table(("member", "value", "meaning"), rows)
