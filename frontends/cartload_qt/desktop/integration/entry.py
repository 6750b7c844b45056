"""The desktop entry: how the desktop starts the window.

Desktop Entry Specification, https://specifications.freedesktop.org/desktop-entry-spec/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartload_qt.desktop.identity import APPLICATION, MANIFEST_TYPE
from cartload_qt.desktop.integration.mark import MARK

if TYPE_CHECKING:
    from collections.abc import Sequence

_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
_ESCAPED_IN_QUOTES = re.compile(r'(["`$\\])')
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_FILE = "%f"

_WORDS = (
    ("GenericName", "Imaging cart downloader", "Download von Bilddaten"),
    ("Comment", "Bring a whole imaging cart home", "Einen ganzen Warenkorb von Bilddaten holen"),
    ("Keywords", "DICOM;NBIA;TCIA;manifest;", "DICOM;NBIA;TCIA;Manifest;Bilddaten;"),
)


def text(command: Sequence[str]) -> str:
    """Write the entry that runs *command*, whose first word is a whole path, with a manifest behind it."""
    lines = [
        "[Desktop Entry]",
        f"# {MARK}",
        "Type=Application",
        "Version=1.1",
        "Name=cartload",
        *(line for key, english, german in _WORDS for line in (f"{key}={english}", f"{key}[de]={german}")),
        f"Icon={APPLICATION}",
        f"TryExec={_string(command[0])}",
        f"Exec={_string(' '.join((*map(quoted, command), _FILE)))}",
        f"MimeType={MANIFEST_TYPE};",
        "Categories=Science;MedicalSoftware;",
        "Terminal=false",
        "StartupNotify=true",
        f"StartupWMClass={APPLICATION}",
    ]
    return "\n".join(lines) + "\n"


def quoted(word: str) -> str:
    """Quote a word of a command where it has to be; a percent sign would begin a field."""
    word = word.replace("%", "%%")
    if word and not _RESERVED.search(word):
        return word
    escaped = _ESCAPED_IN_QUOTES.sub(r"\\\1", word)
    return f'"{escaped}"'


def _string(value: str) -> str:
    """Write a value of the type string: on top of all other quoting."""
    return "".join(_ESCAPES.get(character, character) for character in value)
