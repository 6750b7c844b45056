"""The one cattrs converter: values to and from plain data, strictly and without coercion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from attrs import has

if TYPE_CHECKING:
    from collections.abc import Callable

    from cattrs import Converter

    from cartload.errors import CartloadError

T = TypeVar("T")


@cache
def converter() -> Converter:
    """Give the converter, made when first asked for: cattrs costs a start-up that needs none.

    Unknown keys are refused, and a text is never taken for a number, a truth value or a list.
    """
    from cattrs import Converter  # noqa: PLC0415 - see above

    made = Converter(forbid_extra_keys=True)
    for kind in (bool, int, str):
        made.register_structure_hook(kind, _only(kind))
    made.register_structure_hook(float, _number)
    made.register_structure_hook(date, _date)
    made.register_unstructure_hook(date, date.isoformat)
    for path in (Path, PurePosixPath):
        made.register_structure_hook(path, lambda value, kind: kind(value))
        made.register_unstructure_hook(path, str)
    made.register_structure_hook_factory(_is_choice, lambda _: _choice)
    made.register_structure_hook_factory(_is_list, _list_hook)
    made.register_structure_hook_factory(has, _table_hook)
    return made


def structure(data: object, kind: type[T], refuse: Callable[[str], CartloadError]) -> T:
    """Make a *kind* from plain data; what is wrong, all of it, goes into the error *refuse* makes."""
    from cattrs import BaseValidationError, transform_error  # noqa: PLC0415 - see converter

    try:
        return converter().structure(data, kind)
    except BaseValidationError as error:
        faults = map(_placed, transform_error(error, format_exception=_plain))
        raise refuse("; ".join(faults)) from error
    except (TypeError, ValueError, KeyError) as error:
        raise refuse(str(error)) from error


def unstructure(value: object) -> Any:  # noqa: ANN401 - plain data of any shape
    """Turn a value into what JSON can hold."""
    return converter().unstructure(value)


def _only(kind: type[T]) -> Callable[[object, Any], T]:
    def check(value: object, _: object) -> T:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is not {_ARTICLE[kind]}")
        return value

    return check


_ARTICLE = {bool: "true or false", int: "a whole number", str: "a text"}


def _number(value: object, _: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return float(value)


def _date(value: object, _: object) -> date:
    if type(value) is date:  # as TOML has it; a moment is another thing
        return value
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a date")
    return date.fromisoformat(value)


def _is_choice(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _choice(value: object, kind: type[Enum]) -> Enum:
    for choice in kind:
        if choice.value == value:
            return choice
    raise ValueError(f"{value!r} is not one of {', '.join(str(choice.value) for choice in kind)}")


def _is_list(kind: object) -> bool:
    return get_origin(kind) is list or (get_origin(kind) is tuple and get_args(kind)[-1:] == (...,))


def _list_hook(kind: Any, made: Converter) -> Callable[[object, Any], object]:  # noqa: ANN401 - any list type
    from cattrs.cols import (  # noqa: PLC0415 - see converter
        homogenous_tuple_structure_factory,
        list_structure_factory,
    )

    factory = list_structure_factory if get_origin(kind) is list else homogenous_tuple_structure_factory
    inner = factory(kind, made)

    def check(value: object, kind: Any) -> object:  # noqa: ANN401 - likewise
        if not isinstance(value, list | tuple):
            raise TypeError(f"{value!r} is not a list")
        return inner(value, kind)

    return check


def _table_hook(kind: type[T], made: Converter) -> Callable[[object, Any], T]:
    from cattrs.gen import make_dict_structure_fn  # noqa: PLC0415 - see converter

    inner = make_dict_structure_fn(kind, made, _cattrs_forbid_extra_keys=True)

    def check(value: object, kind: Any) -> T:  # noqa: ANN401 - whatever cattrs passes
        if not isinstance(value, Mapping):
            raise TypeError(f"{value!r} is not a table")
        return inner(value, kind)

    return check


def _placed(fault: str) -> str:
    """Name the place first, as people do: ``jobs: 'x' is not a whole number``."""
    text, _, place = fault.rpartition(" @ $")
    place = place.removeprefix(".")
    return f"{place}: {text}" if place else text


def _plain(error: BaseException, _: type | None) -> str:
    from cattrs import ForbiddenExtraKeysError  # noqa: PLC0415 - see converter

    if isinstance(error, ForbiddenExtraKeysError):
        return f"unknown: {', '.join(sorted(error.extra_fields))}"
    if isinstance(error, KeyError):
        return "it is missing"
    if type(error) in {TypeError, ValueError} and len(error.args) > 1:
        return str(error.args[0])  # attrs' validators put the text first, and then all they know
    return str(error)
