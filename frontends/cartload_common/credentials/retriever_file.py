"""The login file of the NBIA Data Retriever: ``userName=`` and ``passWord=`` in Java's properties syntax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload_common.credentials.private_files import private_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

USER, PASSWORD = "userName", "passWord"

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTINUED = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_ENTRY = re.compile(r"(?P<key>(?:\\.|[^\\=: \t\f])*+)[ \t\f]*(?:[=:][ \t\f]*)?(?P<value>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.?))", re.DOTALL)
_NAMED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def read_login(path: Path, warn: Callable[[str], None] | None = None) -> Credentials:
    """Read the file; raises LoginError, which quotes nothing of it. *warn* is that of ``private_text``."""
    found = {key.lower(): value for key, value in _entries(private_text(path, warn))}
    missing = [name for name in (USER, PASSWORD) if not found.get(name.lower(), "").strip()]
    if missing:
        raise LoginError(
            f"it has no {' and no '.join(missing)}.",
            subject=str(path),
            advice=f"It needs two lines: {USER}=... and {PASSWORD}=...",
        )
    try:
        return Credentials(found[USER.lower()].strip(), Secret(found[PASSWORD.lower()]))
    except ValueError:
        raise LoginError("the login in it holds what is no character.", subject=str(path)) from None


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Give keys and values as Java reads them: blanks at a value's end belong to it."""
    for line in _logical(text):
        if found := _ENTRY.fullmatch(line):
            yield _meant(found["key"]), _meant(found["value"])


def _logical(text: str) -> Iterator[str]:
    """Join lines that end with a backslash to the next one; leave out comments and empty ones."""
    pieces: list[str] = []
    for line in _LINE_END.split(text):
        piece = line.lstrip(" \t\f")
        if not pieces and (not piece or piece[0] in "#!"):
            continue
        if _CONTINUED.search(piece):
            pieces.append(piece[:-1])
        else:
            yield "".join((*pieces, piece))
            pieces = []
    if pieces:
        yield "".join(pieces)


def _meant(text: str) -> str:
    """Resolve escapes; Java writes a character beyond the basic plane as two of them."""
    units = _ESCAPE.sub(lambda found: _character(*found.groups()), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\" in text else text


def _character(code: str | None, character: str) -> str:
    return chr(int(code, 16)) if code else _NAMED.get(character, character)
