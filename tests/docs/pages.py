"""The documentation's own source: its pages, their blocks of code, their links and tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
_NOT_PAGES = {"_build", "changelog", "examples", "extensions"}
_BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<kind>\S*)[^\n]*\n(?P<text>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\]\((?P<target>[^()\s]+)\)")
_SPAN = re.compile(r"(?<!`)`(?P<code>[^`\n]+)`(?!`)")


@frozen
class Block:
    """A fenced block: what kind it says it is, and its text."""

    kind: str
    text: str


def pages() -> tuple[Path, ...]:
    """Give every page, the read-me first."""
    docs = ROOT / "docs"
    found = sorted(path for path in docs.rglob("*.md") if not _NOT_PAGES & set(path.relative_to(docs).parts))
    return (ROOT / "README.md", *found)


def name_of(page: Path) -> str:
    """Name a page as test reports should."""
    return page.relative_to(ROOT).as_posix()


def text_of(name: str) -> str:
    """Give the text of a page, by its path in the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> Iterator[Block]:
    """Give the fenced blocks of a page."""
    for found in _BLOCK.finditer(text):
        yield Block(found["kind"].strip("{}"), found["text"])


def spans(text: str) -> Iterator[str]:
    """Give what stands between single backticks in running text."""
    for found in _SPAN.finditer(_BLOCK.sub("", text)):
        yield found["code"]


def links(text: str) -> Iterator[str]:
    """Give the targets of links, but for those to the net and within the project by label."""
    for found in _LINK.finditer(_BLOCK.sub("", text)):
        target = found["target"].partition("#")[0]
        if target and ":" not in target:
            yield target


def rows(text: str, heading: str) -> Iterator[tuple[str, ...]]:
    """Give the rows of the tables whose first heading is *heading*."""
    inside = False
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.strip("| \t").split(" | "))
        if not line.startswith("|"):
            inside = False
        elif cells[0] == heading:
            inside = True
        elif inside and not set(line) <= set("|- "):
            yield cells
