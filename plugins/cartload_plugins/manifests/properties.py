"""The syntax of a manifest's header: that of Java's properties files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLANKS = " \t\f"
# Nothing is ever given back (*+): the engine remembers every place where it could, which takes much memory.
_KEY = re.compile(r"(?P<key>(?:\\.|[^\\=: \t\f])*+)[ \t\f]*(?:[=:][ \t\f]*)?(?P<value>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_NAMED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


@frozen
class Entry:
    """One key with its value and the number of the line where it stands."""

    key: str
    value: str
    line: int


def entries(lines: Iterable[tuple[int, str]]) -> Iterator[Entry]:
    """Give the entries among numbered *lines*; what is not one is not given.

    A backslash escapes the next character, or continues a line; a line that begins with ``#`` or ``!``
    is a comment. Blanks at the end belong to the value for Java: nobody means them, and they go.
    """
    for number, line in _logical(lines):
        found = _KEY.fullmatch(line)
        if found:
            yield Entry(_unescaped(found["key"]), _unescaped(found["value"]).strip(), number)


def _logical(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join continued lines; give those that hold something, with the number of their first line."""
    start = 0
    pieces: list[str] = []
    for number, line in lines:
        piece = line.lstrip(_BLANKS)
        if not pieces:
            start = number
            if not piece or piece.startswith(("#", "!")):
                continue
        if (len(piece) - len(piece.rstrip("\\"))) % 2:
            pieces.append(piece[:-1])
        else:
            yield start, "".join((*pieces, piece))
            pieces = []
    if pieces:
        yield start, "".join(pieces)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    # Java writes a character beyond the basic plane as two escapes; half of one means nothing.
    units = _ESCAPE.sub(_meant, text).encode("utf-16", "surrogatepass")
    return units.decode("utf-16", "replace")


def _meant(escape: re.Match[str]) -> str:
    code, character = escape.groups()
    return chr(int(code, 16)) if code else _NAMED.get(character, character)
