"""The text of a settings file, changed in places: comments, order, and what is not known here stay."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping
from enum import Enum
from typing import TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError

from cartload_qt.translation import tr

Key = tuple[str, ...]
"""A setting's name; or ``plugins``, a plugin's name and its option's."""

Data = Mapping[str, object]
"""What a text means: plain values and tables of them."""


class Unset(Enum):
    """What stands for a value that the file does not have."""

    UNSET = "unset"


UNSET = Unset.UNSET
Changes: TypeAlias = Mapping[Key, object]
"""Plain values by their keys; ``UNSET`` takes one out of the text."""

_MARK = "\ufeff"
"""What some editors begin a text with."""


def data_of(text: str) -> Data:
    """Read a text; raises ValueError where it is not TOML."""
    try:
        return tomllib.loads(text.removeprefix(_MARK))
    except RecursionError as error:
        raise ValueError(tr("it is nested too deeply")) from error


def value_of(data: Data, key: Key) -> object:
    """Give the value of a key; ``UNSET`` where there is none."""
    found: object = data
    for name in key:
        if not isinstance(found, Mapping) or name not in found:
            return UNSET
        found = found[name]
    return found


def needed(data: Data, changes: Changes, defaults: Changes) -> Changes:
    """Leave out changes that change nothing: what is so already, and defaults that nobody wrote down."""

    def is_needed(key: Key, value: object) -> bool:
        present = value_of(data, key)
        is_default = key in defaults and _is_same(value, defaults[key])
        return not _is_same(present, value) and not (present is UNSET and is_default)

    return {key: value for key, value in changes.items() if is_needed(key, value)}


def changed(text: str, changes: Changes) -> str:
    """Give the text with *changes* in it and all else as it was; raises ValueError where that cannot be.

    Whatever the library that edits it makes of it, the result is read again and compared with what was meant.
    """
    if not changes:
        return text
    expected = _copied(data_of(text))
    mark = _MARK if text.startswith(_MARK) else ""
    try:
        document = tomlkit.parse(text.removeprefix(_MARK))
        for key, value in changes.items():
            _put(expected, key, value)
            _put(document, key, value)
        made = mark + _with_line_ends_of(text, tomlkit.dumps(document))
        if repr(_sorted(data_of(made))) == repr(_sorted(expected)):
            return made
    except (TOMLKitError, TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(tr("it is written in a way that cannot be changed here")) from error
    raise ValueError(tr("it is written in a way that cannot be changed here without changing more"))


def _is_same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _copied(data: Data) -> dict[str, object]:
    return {name: _copied(each) if isinstance(each, Mapping) else each for name, each in data.items()}


def _put(table: MutableMapping[str, object], key: Key, value: object) -> None:
    """Set or take out one value; raises TypeError where something else stands in the way."""
    *tables, name = key
    for depth, each in enumerate(tables):
        if each not in table:
            if value is UNSET:
                return
            # The table of all plugins needs no line of its own.
            table[each] = {} if type(table) is dict else tomlkit.table(is_super_table=depth == 0)
        inner = table[each]
        if not isinstance(inner, MutableMapping):
            raise TypeError(f"{each!r} is no table")
        table = inner
    if value is not UNSET:
        table[name] = list(value) if isinstance(value, tuple) else value
    elif name in table:
        del table[name]


def _with_line_ends_of(text: str, made: str) -> str:
    """End the lines of *made* as all those of *text* end."""
    if "\r\n" in text and text.count("\r\n") == text.count("\n"):
        return made.replace("\r\n", "\n").replace("\n", "\r\n")
    return made


def _sorted(value: object) -> object:
    """Bring plain data into an order in which its representation can be compared: NaN is not even itself."""
    if isinstance(value, Mapping):
        return sorted((str(name), _sorted(inner)) for name, inner in value.items())
    return [_sorted(inner) for inner in value] if isinstance(value, list) else value
