"""Safe relative paths: no escape, no reserved name, no two that clash on any file system.

Every name that comes from a server, a manifest or an image becomes a path component here and nowhere
else. The rules are those of the strictest of Linux, macOS and Windows, whatever the system, so
that a cart may be copied anywhere and is laid out alike everywhere.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cartload.errors import NamingError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from cartload.model import SeriesUID

MOST_COMPONENT_BYTES = 180
"""Leaves room below the usual 255 for what staging and other programs append."""

_SPECIAL = frozenset('<>:"/\\|?*')
# Invisible, or of no agreed meaning. Format characters (Cf: zero-width, bidirectional controls) vanish;
# the others (controls, surrogates, private, unassigned, line and paragraph separators) leave a mark.
_MARKED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_PORTS = "0123456789\u00b9\u00b2\u00b3"
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in _PORTS}
)
_OWN_NAMES = frozenset({"license", "citation", "metadata.csv"})
# What nearly every name is: plain letters, short, and nothing like a reserved name.
_ORDINARY = re.compile(
    r"(?!(?ai:con|prn|aux|nul|com[0-9]|lpt[0-9]|license|citation|metadata\.csv))"
    rf"[A-Za-z0-9_^()-](?:[A-Za-z0-9 ._^()-]{{0,{MOST_COMPONENT_BYTES - 2}}}[A-Za-z0-9_^()-])?"
)
_SHORT_NAME = re.compile(r"~(?=[0-9])")
_FILE_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_HASH_DIGITS = 10
_SHORT_INTEGER = (1 << 60) - 1
"""Python keeps integers up to this one in less memory than larger ones."""
_UID_DIGITS = (10, 16, 24, 32, 64)


def component(text: str, *, fallback: str = "unnamed") -> str:
    """Make one path component of *text*, or of *fallback* if nothing of it can be kept.

    Ordinary names are unchanged; the result is its own result.
    """
    if _ORDINARY.fullmatch(text):
        return text
    clean = _clean(text) or _clean(fallback) or "unnamed"
    return _shortened(f"_{clean}" if _is_reserved(clean) else clean)


def is_plain(name: str) -> bool:
    """Tell whether a name means the same on every system, and no more than itself, however long it is."""
    return name == _clean(name) and bool(name) and not _is_reserved(name)


def relative(*parts: str) -> PurePosixPath:
    """Join *parts*, each made a safe component."""
    return PurePosixPath(*(component(part) for part in parts))


def checked(path: PurePosixPath) -> PurePosixPath:
    """Give *path* back if it is relative and each component is safe; raises NamingError otherwise."""
    if not path.parts or path.is_absolute():
        raise NamingError("it is not a path below the cart's folder.", subject=repr(str(path)))
    for part in path.parts:
        if component(part) != part:
            raise NamingError(
                f"its part {part!r} is not a safe name; {component(part)!r} would be.",
                subject=repr(str(path)),
            )
    return path


def collision_key(path: PurePosixPath | str) -> str:
    """Give a text that is equal for two paths if some file system takes them for one.

    File systems may ignore case and Unicode composition (canonical caseless matching, Unicode 3.13
    D145), and Windows drops blanks and dots at the end of a name.
    """
    text = str(path)
    if text.isascii():
        folded = text.lower()
    else:
        decomposed = unicodedata.normalize("NFD", text).casefold()
        folded = unicodedata.normalize("NFD", decomposed)
    return "/".join([part.rstrip(" .") for part in folded.split("/")])


def surely_apart(directories: Collection[str]) -> bool:
    """Tell, in little memory, what is so of nearly every cart: all at one depth, and none that clash.

    False says nothing: the directories may yet be apart.
    """
    depths = {directory.count("/") for directory in directories}
    hashes = {hash(collision_key(directory)) & _SHORT_INTEGER for directory in directories}
    return len(depths) == 1 and len(hashes) == len(directories)


def tell_apart(directories: Mapping[SeriesUID, str]) -> dict[SeriesUID, str]:
    """Give each series a directory that is no other's, nor inside another's, nor around it.

    Those that clash get ``-`` and as many last digits of their series UID as are needed; the others
    keep theirs. The order of *directories* is of no account.
    """
    told = dict(directories)
    keys = {uid: collision_key(path) for uid, path in told.items()}
    for digits in _UID_DIGITS:
        clashing = _clashing(keys)
        if not clashing:
            return told
        for uid in clashing:
            told[uid] = _with_ending(directories[uid], uid[-digits:])
            keys[uid] = collision_key(told[uid])
    return _all_with_uids(directories) if _clashing(keys) else told


def with_more_digits(directory: str, uid: SeriesUID) -> Iterator[str]:
    """Give the names that *directory* may have instead, with more and more digits of the series UID."""
    for digits in _UID_DIGITS:
        yield _with_ending(directory, uid[-digits:])


def _clean(text: str) -> str:
    kept = "".join(map(_kept, unicodedata.normalize("NFC", text)))
    # What vanished may have stood between a letter and its accent.
    kept = unicodedata.normalize("NFC", kept).strip(" ").rstrip(" .")
    # Windows gives long names an alias such as CARTLO~1, by which another file could be meant.
    kept = _SHORT_NAME.sub("_", kept)
    return f"_{kept[1:]}" if kept.startswith(".") else kept


def _kept(character: str) -> str:
    if character in _SPECIAL:
        return "_"
    category = unicodedata.category(character)
    if category in _MARKED_CATEGORIES:
        return "_"
    if category == "Cf":
        return ""
    return " " if category == "Zs" else character


def _is_reserved(name: str) -> bool:
    # Windows takes "con.txt" and "con .txt" for the console, too.
    stem = name.partition(".")[0].rstrip(" ").upper()
    return stem in _DEVICES or name.casefold() in _OWN_NAMES


def _shortened(name: str) -> str:
    encoded = name.encode()
    if len(encoded) <= MOST_COMPONENT_BYTES:
        return name
    found = _FILE_SUFFIX.search(name)
    suffix = found.group() if found else ""
    digest = hashlib.sha256(encoded).hexdigest()[:_HASH_DIGITS]
    return _ended(name.removesuffix(suffix), f"-{digest}{suffix}")


def _ended(name: str, ending: str) -> str:
    room = MOST_COMPONENT_BYTES - len(ending.encode())
    return name.encode()[:room].decode(errors="ignore").rstrip(" .") + ending


def _with_ending(directory: str, digits: str) -> str:
    above, slash, name = directory.rpartition("/")
    return f"{above}{slash}{component(_ended(name, f'-{digits}'))}"


def _all_with_uids(directories: Mapping[SeriesUID, str]) -> dict[SeriesUID, str]:
    """Name all by their whole UIDs: only names that were made to clash bring it to this."""
    told = {uid: _with_ending(path, uid) for uid, path in directories.items()}
    for uid in sorted(_clashing({uid: collision_key(path) for uid, path in told.items()})):
        raise NamingError(
            "its directory clashes with another series' whatever is added to it.",
            subject=f"series {uid}",
            advice="Choose another naming.",
        )
    return told


def _clashing(keys: Mapping[SeriesUID, str]) -> list[SeriesUID]:
    counts = Counter(keys.values())
    around, below = _nested(counts)
    return [uid for uid, key in keys.items() if counts[key] > 1 or key in around or key in below]


def _nested(keys: Collection[str]) -> tuple[set[str], set[str]]:
    """Give the keys that lie around others, and those that lie below them."""
    depths = sorted({key.count("/") for key in keys})
    around: set[str] = set()
    below: set[str] = set()
    for depth in depths[:-1]:
        outer = {key for key in keys if key.count("/") == depth}
        for key in keys:
            above = "/".join(key.split("/", depth + 1)[: depth + 1])
            if above != key and above in outer:
                around.add(above)
                below.add(key)
    return around, below
