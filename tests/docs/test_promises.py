"""The page of promises is complete, and the tests that it names are there and run."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from docs.pages import ROOT, rows, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "docs/explanation/promises.md"
TEXT = text_of(PAGE)
PROMISES = tuple(f"R{number}" for number in range(1, 19))
THREATS = tuple(f"T{number}" for number in range(1, 25))
NOT_HELD = "## Not held yet"
HOUSES = ("tests", "core/cartload/testing/contracts")
"""Where tests are; those that are shipped for plugins run in the tests of each plugin."""

_TEST = re.compile(r"\[(?P<sentence>[^\]]+)\]\((?P<place>[^()\s]+\.py)\)")
_NEVER = {"skip", "xfail"}

TABLE = {row[0]: row for row in rows(TEXT, "no.")}


@frozen
class Named:
    """A test as the page names it: a sentence, and the module that it is in."""

    sentence: str
    module: Path

    @property
    def function(self) -> str:
        """Give the name of the function."""
        return f"test_{self.sentence.replace(' ', '_')}"


def named(text: str) -> Iterator[Named]:
    """Give the tests that a text names."""
    folder = (ROOT / PAGE).parent
    for found in _TEST.finditer(text):
        yield Named(found["sentence"], (folder / found["place"]).resolve())


@cache
def functions_of(module: Path) -> dict[str, bool]:
    """Name the tests of a module, methods too; each with whether it ever runs and may fail."""
    body = ast.parse(module.read_text(encoding="utf-8")).body
    return dict(_functions(body, runs=not any(map(_gives_up, body))))


def _functions(body: list[ast.stmt], *, runs: bool) -> Iterator[tuple[str, bool]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            does = runs and not any(map(_is_never, node.decorator_list)) and not _gives_up(node.body[0])
            if isinstance(node, ast.ClassDef):
                yield from _functions(node.body, runs=does)
            elif node.name.startswith("test_"):
                yield node.name, does


def _gives_up(node: ast.stmt) -> bool:
    """Tell whether a statement skips all that follows, or marks a whole module so."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name in _NEVER
        case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
            return any(map(_is_never, value.elts if isinstance(value, ast.List | ast.Tuple) else [value]))
        case _:
            return False


def _is_never(mark: ast.expr) -> bool:
    """Tell whether a mark is ``skip`` or ``xfail``, or ``skipif`` of something that is always so."""
    match mark:
        case ast.Call(func=ast.Attribute(attr="skipif"), args=[ast.Constant(value=value), *_]):
            return bool(value)
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Attribute(attr=name):
            return name in _NEVER
        case _:
            return False


ALL = tuple(dict.fromkeys(named(TEXT)))


def test_every_promise_and_every_threat_has_its_row() -> None:
    assert tuple(TABLE) == (*PROMISES, *THREATS)


@pytest.mark.parametrize("number", TABLE)
def test_each_is_said_and_held_by_a_test(number: str) -> None:
    _, said, held = TABLE[number]
    assert said
    assert list(named(held))


@pytest.mark.parametrize("test", ALL, ids=lambda test: test.function)
def test_a_test_that_is_named_is_there_and_runs(test: Named) -> None:
    assert any(test.module.is_relative_to(ROOT / house) for house in HOUSES)
    assert functions_of(test.module).get(test.function), test.module


@pytest.mark.parametrize("house", ["end_to_end", "fuzz"])
def test_every_module_that_tries_the_whole_is_named(house: str) -> None:
    modules = {path for path in (ROOT / "tests" / house).glob("test_*.py") if functions_of(path)}
    assert modules
    assert sorted(path.name for path in modules - {test.module for test in ALL}) == []


def test_what_is_not_held_yet_is_said_of_something_on_the_page() -> None:
    told = re.findall(r"\b[RT]\d+\b", TEXT.partition(NOT_HELD)[2])
    assert told
    assert set(told) <= set(TABLE)


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.skip\ndef test_x(): pass",
        "@pytest.mark.skip(reason='x')\ndef test_x(): pass",
        "@pytest.mark.xfail(strict=True)\ndef test_x(): pass",
        "@pytest.mark.skipif(True, reason='x')\ndef test_x(): pass",
        "def test_x():\n    pytest.skip('x')",
        "pytestmark = pytest.mark.skip\ndef test_x(): pass",
        "pytestmark = [pytest.mark.timeout(9), pytest.mark.xfail]\ndef test_x(): pass",
        "pytest.skip('x', allow_module_level=True)\ndef test_x(): pass",
        "class TestX:\n    @pytest.mark.skip\n    def test_x(self): pass",
        "@pytest.mark.skip\nclass TestX:\n    def test_x(self): pass",
    ],
)
def test_a_test_that_never_runs_is_found(text: str, tmp_path: Path) -> None:
    (tmp_path / "test_never.py").write_text(text)
    assert functions_of(tmp_path / "test_never.py") == {"test_x": False}


def test_a_test_that_runs_where_it_can_is_no_fault(tmp_path: Path) -> None:
    mark = "@pytest.mark.skipif(sys.platform == 'win32', reason='x')"
    text = f"class TestX:\n    {mark}\n    def test_x(self): pass"
    (tmp_path / "test_seldom.py").write_text(text)
    assert functions_of(tmp_path / "test_seldom.py") == {"test_x": True}
