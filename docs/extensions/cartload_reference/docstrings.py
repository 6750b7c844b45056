"""Docstrings as Markdown: of modules, classes and functions."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def text_of(thing: type | ModuleType | Callable[..., object]) -> str:
    """Give the docstring of *thing* itself, without that of a base class; raises ValueError without one."""
    text = thing.__doc__
    if not text or not text.strip():
        raise ValueError(f"{thing.__name__} has no docstring, and the reference needs one")
    return inspect.cleandoc(text)


def first_line(thing: type | ModuleType | Callable[..., object]) -> str:
    """Give the first line of a docstring."""
    return text_of(thing).partition("\n")[0]
