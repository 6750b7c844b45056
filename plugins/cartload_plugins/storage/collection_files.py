"""Small texts beside the series of a collection: what stands in one stays, what is new comes below it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from cartload import paths
from cartload.staging import folder_below, read_file, rewrite_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_ATTEMPTS = 3
_LONGEST_LINE = 2000
_LEFT_OUT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of what could steer whatever shows the text, or cannot be written."""
_JOINERS = frozenset("\u200c\u200d")
"""Of these categories, but needed to write several scripts."""


class CollectionFile:
    """The file of one name in the folder of each collection, begun with a heading."""

    def __init__(self, root: Path, name: str, heading: str) -> None:
        self._root = root
        self._name = name
        self._heading = heading

    def add(self, collection: str, paragraphs: Iterable[tuple[str, str]]) -> None:
        """Make sure that each paragraph stands there; of each pair, the first part tells it from others."""
        path = folder_below(self._root, paths.relative(collection)) / self._name
        encoded = [(key.encode(), text.encode()) for key, text in paragraphs]
        for _ in range(_ATTEMPTS):  # another session may put its own text in the place of this one
            standing = read_file(path) or b""
            missing = [text for key, text in encoded if key not in standing]
            if not missing:
                break
            rewrite_file(path, b"\n".join([standing or self._heading.encode(), *missing]), self._root)


def one_line(text: str) -> str:
    """Make a value of the archive's one harmless line of bounded length."""
    return "".join(map(_harmless, " ".join(text[:_LONGEST_LINE].split())))


def lines(text: str) -> str:
    """Make a text of the archive's harmless, and keep its lines."""
    return "".join(f"{''.join(map(_harmless, line.expandtabs()))}\n" for line in text.rstrip().splitlines())


def _harmless(character: str) -> str:
    is_left_out = unicodedata.category(character) in _LEFT_OUT and character not in _JOINERS
    return "?" if is_left_out else character
