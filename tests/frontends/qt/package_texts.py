"""The texts of the window's package as its source has them: those that are translated, and others."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

import cartload_qt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE = Path(cartload_qt.__file__).parent
_POSITION = {"tr": 0, "numbered": 1}
"""Which argument is the text that is looked up."""

_SHOWING = {
    *("setText", "setWindowTitle", "setTitle", "setToolTip", "setStatusTip", "setWhatsThis", "setFormat"),
    *("setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "setSpecialValueText"),
    *("setInformativeText", "setDetailedText", "setPlainText", "setPrefix", "setSuffix", "setLabelText"),
    *("setNameFilters", "setTabText", "setItemText", "setWindowIconText", "appendPlainText", "showMessage"),
    *(
        "addTab",
        "insertTab",
        "addItem",
        "addItems",
        "addRow",
        "addMenu",
        "addAction",
        "addButton",
        "drawText",
    ),
    *("QAction", "QMenu", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QToolButton"),
    *("QListWidgetItem", "QTableWidgetItem", "QFileDialog", "QMessageBox", "QWidgetAction", "QLineEdit"),
    *("Label", "Wrapped", "bold", "headline", "Rows", "RowsView", "passage", "Words", "Trouble"),
    *("box", "tip", "menu_text", "note", "button", "choice", "_menu", "_combobox"),
    *("CartloadError", "SettingsError", "StoppedError", "DestinationError", "LoginError"),
}
"""Calls whose arguments somebody sees."""

_SHOWING_THE_FIRST = {"make", "_named"}
"""Of whose arguments somebody sees the first; the others name keys and icons."""


@frozen
class Said:
    """A call that asks for a translation; *one* is the text for one thing where there are such."""

    text: str
    one: str | None
    place: str

    @property
    def has_numbers(self) -> bool:
        return self.one is not None


@frozen
class Source:
    """A module of the package."""

    name: str
    tree: ast.Module

    def place(self, node: ast.expr) -> str:
        return f"{self.name}:{node.lineno}"

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@cache
def sources() -> tuple[Source, ...]:
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "translation.py")
    return tuple(
        Source(path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in paths
    )


def called(call: ast.Call) -> str:
    """Name what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def said() -> list[Said]:
    """Give every text that is looked up; those that are no literals are left to ``unreadable``."""
    found = []
    for source in sources():
        for call in _translating(source):
            texts = [argument.value for argument in _texts(call) if isinstance(argument, ast.Constant)]
            if texts:
                one = str(texts[0]) if called(call) == "numbered" else None
                found.append(Said(str(texts[-1]), one, source.place(call)))
    return found


def unreadable() -> list[str]:
    """Give the places where something else than a literal is looked up: nobody could have translated it."""
    return [
        source.place(call)
        for source in sources()
        for call in _translating(source)
        if not all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in _texts(call))
    ]


def bare() -> list[tuple[str, str]]:
    """Give the texts with letters that are shown without having been looked up, and where."""
    return [
        (text, source.place(call))
        for source in sources()
        for call in source.calls()
        if called(call) in _SHOWING | _SHOWING_THE_FIRST
        for argument in _shown(call)
        for text in _literals(argument)
        if any(letter.isalpha() for letter in text)
    ]


def sentences() -> list[tuple[str, str]]:
    """Give the texts of several words that are neither looked up, nor logged, nor documentation."""
    return [
        (text, place)
        for source in sources()
        for text, place in _unspoken(source)
        if " " in text.strip() and any(letter.isalpha() for letter in text)
    ]


def _translating(source: Source) -> Iterator[ast.Call]:
    return (call for call in source.calls() if called(call) in _POSITION)


def _texts(call: ast.Call) -> list[ast.expr]:
    return call.args[: _POSITION[called(call)] + 1]


def _shown(call: ast.Call) -> list[ast.expr]:
    if called(call) in _SHOWING_THE_FIRST:
        return call.args[:1]
    return [*call.args, *(each.value for each in call.keywords)]


def _literals(node: ast.expr) -> Iterator[str]:
    """Give the literals of an expression, but not those that a call in it takes."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif not isinstance(node, ast.Call | ast.Lambda | ast.Subscript | ast.Attribute | ast.Compare):
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.expr):
                yield from _literals(inner)


def _unspoken(source: Source) -> Iterator[tuple[str, str]]:
    taken = {id(each) for node in _aside(source) for each in ast.walk(node)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in taken:
            yield node.value, source.place(node)


def _aside(source: Source) -> Iterable[ast.AST]:
    """Give the expressions whose literals nobody sees in the window, and those that are looked up."""
    for node in ast.walk(source.tree):
        is_logged = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_logger.")
        is_looked_up = isinstance(node, ast.Call) and called(node) in _POSITION
        is_documentation = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_logged or is_looked_up or is_documentation:
            yield node
