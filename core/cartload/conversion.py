"""The one cattrs converter: values to and from plain data, strictly and without coercion."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from cattrs import Converter

    from cartload.errors import CartloadError

T = TypeVar("T")


@cache
def converter() -> Converter:
    """Give the converter, made when first asked for: cattrs costs a start-up that needs none.

    Unknown keys are refused, and a text is never taken for a number or a truth value.
    """
    from cattrs import Converter  # noqa: PLC0415 - see above

    made = Converter(forbid_extra_keys=True)
    for kind in (bool, int, str):
        made.register_structure_hook(kind, _only(kind))
    made.register_structure_hook(float, _number)
    made.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    made.register_unstructure_hook(date, date.isoformat)
    for path in (Path, PurePosixPath):
        made.register_structure_hook(path, lambda value, kind: kind(value))
        made.register_unstructure_hook(path, str)
    return made


def structure(data: object, kind: type[T], refuse: Callable[[str], CartloadError]) -> T:
    """Make a *kind* from plain data; what is wrong, all of it, goes into the error *refuse* makes."""
    from cattrs import BaseValidationError, transform_error  # noqa: PLC0415 - see converter

    try:
        return converter().structure(data, kind)
    except BaseValidationError as error:
        raise refuse("; ".join(transform_error(error, format_exception=_plain))) from error
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


def _plain(error: BaseException, _: type | None) -> str:
    from cattrs import ForbiddenExtraKeysError  # noqa: PLC0415 - see converter

    if isinstance(error, ForbiddenExtraKeysError):
        return f"unknown: {', '.join(sorted(error.extra_fields))}"
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return str(error)
