"""Signatures as they stand in the source."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def signature_of(function: Callable[..., object] | property) -> str:
    """Write a function's or property's signature, without its body."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(getter_of(function)))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise TypeError(f"{function!r} is not a function")
    returned = f" -> {ast.unparse(tree.returns)}" if tree.returns else ""
    if isinstance(function, property):
        return f"{tree.name}: {returned.removeprefix(' -> ')}"
    return f"{tree.name}({_arguments(tree.args)}){returned}"


def getter_of(function: Callable[..., object] | property) -> Callable[..., object]:
    """Give the function behind a property; any other is itself."""
    if not isinstance(function, property):
        return function
    if function.fget is None:
        raise TypeError("a property without a getter has no signature")
    return function.fget


def _arguments(arguments: ast.arguments) -> str:
    written = ast.unparse(arguments)
    return written.removeprefix("self").removeprefix(", ") if arguments.args else written
