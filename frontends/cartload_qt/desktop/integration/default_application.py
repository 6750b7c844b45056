"""Which application opens manifests: the user's ``mimeapps.list``, changed in that one line.

``xdg-mime default`` writes the same line, but forgets who stood in it, and cannot take it back.
https://specifications.freedesktop.org/mime-apps-spec/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECTION = "[Default Applications]"


def with_default(text: str, kind: str, entry: str) -> str:
    """Put *entry* first among the applications for *kind*; those that were there stay behind it."""
    lines = text.splitlines()
    at, found = _place(lines, kind)
    others = _listed(lines[at]) if found else []
    line = _line(kind, [entry, *(each for each in others if each != entry)])
    if found:
        lines[at] = line
    else:
        if at == 0:
            lines += ([""] if lines and lines[-1].strip() else []) + [_SECTION]
            at = len(lines)
        lines.insert(at, line)
    return _joined(lines)


def without_default(text: str, kind: str, entry: str) -> str:
    """Take *entry* away from the applications for *kind*, and the line and section that are left empty."""
    lines = text.splitlines()
    at, found = _place(lines, kind)
    if not found or entry not in _listed(lines[at]):
        return text
    if others := [each for each in _listed(lines[at]) if each != entry]:
        lines[at] = _line(kind, others)
        return _joined(lines)
    del lines[at]
    if at == len(lines) and lines[-1].strip() == _SECTION:
        del lines[-1]
        if lines and not lines[-1].strip():
            del lines[-1]
    return _joined(lines)


def _place(lines: Sequence[str], kind: str) -> tuple[int, bool]:
    """Find the line of *kind*, else where it belongs; the place 0 is none: there is no section."""
    belongs, inside = 0, False
    for number, line in enumerate(lines):
        if line.startswith("["):
            inside = line.strip() == _SECTION
            belongs = number + 1 if inside else belongs
        elif inside and line.partition("=")[0].strip() == kind:
            return number, True
    return belongs, False


def _listed(line: str) -> list[str]:
    return [each for each in (part.strip() for part in line.partition("=")[2].split(";")) if each]


def _line(kind: str, entries: Sequence[str]) -> str:
    return f"{kind}={';'.join(entries)};"


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n" if lines else ""
