"""What can be chosen, from the attrs class that reads it: each field's shape, default, help; no widgets."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from enum import Enum
from pathlib import PurePath
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

import attrs
from attrs import frozen

from cartload.conversion import unstructure
from cartload.settings import parse_value
from cartload_common.field_texts import field_texts
from cartload_qt.settings_text import UNSET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload_qt.settings_text import Key


class Shape(Enum):
    """How a value is typed or picked."""

    TEXT = "text"
    NUMBER = "whole number"
    REAL = "number"
    TRUTH = "yes or no"
    CHOICE = "one of some"
    LINES = "a list, one a line"
    PATH = "file"
    VALUE = "as in the settings file"


_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_REAL = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_BY_TYPE: Mapping[object, Shape] = {str: Shape.TEXT, int: Shape.NUMBER, float: Shape.REAL, bool: Shape.TRUTH}


@frozen
class Field:
    """One thing to choose; values are plain data, as the settings file has them.

    ``default`` is ``UNSET`` where one must be given, or is not known before it is made.
    """

    key: Key
    shape: Shape
    default: object
    is_required: bool = False
    is_secret: bool = False
    choices: tuple[object, ...] = ()
    help: str = ""

    @property
    def name(self) -> str:
        """Give its name in the file."""
        return self.key[-1]


def fields_of(kind: type[object], table: Key = ()) -> tuple[Field, ...]:
    """Give the fields of an attrs class that is filled from *table* of the settings."""
    if not attrs.has(kind):
        return ()
    with suppress(NameError):  # it names types that only type checkers see: those are typed as in the file
        attrs.resolve_types(kind)
    helps = _helps(kind)
    return tuple(_field(each, table, helps.get(each.name, "")) for each in attrs.fields(kind) if each.init)


def read(field: Field, typed: str) -> object:
    """Give the value that was typed; one that does not fit stays a text, for the core to refuse."""
    if field.shape is Shape.LINES:
        return [line.strip() for line in typed.splitlines() if line.strip()] or UNSET
    if not typed.strip():
        return UNSET
    text = typed.strip() if field.shape is not Shape.TEXT else typed
    if field.shape is Shape.NUMBER:
        return int(text) if _WHOLE.fullmatch(text) else text
    if field.shape is Shape.REAL:
        return float(text) if _REAL.fullmatch(text) else text
    return parse_value(text) if field.shape is Shape.VALUE else text


def typed(value: object) -> str:
    """Give what one types for a value; nothing for none."""
    if value is UNSET or value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(typed(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _field(given: attrs.Attribute[Any], table: Key, text: str) -> Field:
    kind, is_optional = _without_none(given.type)
    shape = _shape(kind, given.name)
    choices = tuple(member.value for member in kind) if _is_enum(kind) else ()
    default = _default(given)
    return Field(
        key=(*table, given.name),
        shape=shape,
        default=default,
        is_required=given.default is attrs.NOTHING and not is_optional,
        is_secret=given.repr is False,
        choices=(True, False) if shape is Shape.TRUTH else choices,
        help=text.replace("``", ""),
    )


def _without_none(kind: object) -> tuple[Any, bool]:
    """Give the one type that a value has besides None, and whether it may be None."""
    if get_origin(kind) not in {Union, UnionType}:
        return kind, False
    others = [each for each in get_args(kind) if each is not NoneType]
    return (others[0] if len(others) == 1 else kind), len(others) < len(get_args(kind))


def _shape(kind: object, name: str) -> Shape:
    if _is_enum(kind):
        return Shape.CHOICE
    if _is_list_of_texts(kind):
        return Shape.LINES
    if isinstance(kind, type) and issubclass(kind, PurePath):
        return Shape.PATH
    if kind is str and (name == "file" or name.endswith("_file")):
        return Shape.PATH
    return Shape.TEXT if kind is date else _BY_TYPE.get(kind, Shape.VALUE)


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_list_of_texts(kind: object) -> bool:
    arguments = get_args(kind)
    is_list = get_origin(kind) is list or (get_origin(kind) is tuple and arguments[1:] == (...,))
    return is_list and isinstance(arguments[0], type) and issubclass(arguments[0], str | PurePath)


_MADE: type[object] = type(attrs.Factory(list))
"""What stands for a default that is made for each object; attrs' stubs hide that it is a class."""


def _default(given: attrs.Attribute[Any]) -> object:
    if given.default is attrs.NOTHING or type(given.default) is _MADE:
        return UNSET
    plain = unstructure(given.default)
    return list(plain) if isinstance(plain, tuple) else plain


def _helps(kind: type[object]) -> Mapping[str, str]:
    """Give the texts under the fields; a bundle without sources has none."""
    try:
        return field_texts(kind)
    except (OSError, TypeError, SyntaxError):
        return {}
