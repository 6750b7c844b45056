"""The texts that stand under the fields of a class, as its source has them: help for options and settings."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def field_texts(kind: type) -> Mapping[str, str]:
    """Give the text under each field or member of a class, on one line, by the field's name.

    Those of the classes that it is made from are its own, too.
    """
    texts = _own_texts(kind)
    for base in kind.__bases__:
        texts = {**field_texts(base), **texts} if attrs.has(base) else texts
    return texts


def _own_texts(kind: type) -> Mapping[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    body = tree.body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(f"{kind!r} is not a class")
    return dict(_texts(body.body))


def _texts(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, following in pairwise(body):
        name = _assigned(statement)
        if name is None or not isinstance(following, ast.Expr):
            continue
        if isinstance(following.value, ast.Constant) and isinstance(following.value.value, str):
            yield name, " ".join(following.value.value.split())


def _assigned(statement: ast.stmt) -> str | None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None
