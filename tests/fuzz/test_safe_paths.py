"""Whatever a name holds: it becomes one that every system takes, and no two series share a place."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from cartload.errors import NamingError
from cartload.model import SeriesUID
from cartload.paths import (
    MOST_COMPONENT_BYTES,
    checked,
    collision_key,
    component,
    relative,
    tell_apart,
    with_more_digits,
)
from fuzz.damage import Damage

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from fuzz.feeding import Feeder

_NAMES = (
    *(
        "LIDC-IDRI-0001",
        "01-01-2000-NA-PETCT HEAD  NECK CA-59359",
        "3000566.000000-03192",
        "患者-一",
        "Ærø-ñandú",
    ),
    *(
        "../../etc/passwd",
        "C:\\Windows\\x",
        "\\\\server\\share",
        "metadata.csv",
        "LICENSE",
        ".cartload",
        "CARTLO~1",
    ),
    *(
        "é" * 120,
        "x" * 300 + ".dcm",
        "\U0001f468\u200d\U0001f469",
        "\u1100\u1161\u11a8",
        "ﬁ",
        "\u017f",
        "İ",
        "ß",
        "\u1e9e",
    ),
)
_PIECES = (
    *(
        "/",
        "\\",
        ":",
        "*",
        "?",
        '"',
        "<",
        ">",
        "|",
        "~1",
        "~",
        ".",
        "..",
        " ",
        "\t",
        "\n",
        "\0",
        "\x7f",
        "\x85",
    ),
    *(
        "con",
        "NUL",
        "aux.",
        "com¹",
        "LPT0",
        "CONOUT$",
        ".dcm",
        ".csv",
        "license",
        "citation",
        "-",
        "_",
        "^",
        "$",
        "%",
    ),
    *(
        "\u0301",
        "\u0345",
        "\u200b",
        "\u200d",
        "\u202e",
        "\ufeff",
        "\ue000",
        "\ufffe",
        "\u2028",
        "\u3000",
        "\xa0",
    ),
    *(
        "\u212a",
        "\u0131",
        "\u03c2",
        "\u0390",
        "\uac00",
        "\U0001f600",
        "\U000e0001",
        "\uff0e",
        "\u2024",
        "\u2215",
    ),
)
_DAMAGE = Damage([name.encode() for name in _NAMES], [piece.encode() for piece in _PIECES])
_HALVES = ("", "", "", "\ud800", "\udcff", "\udbff\udc00")


def _text(random: Random) -> str:
    damaged = _DAMAGE.done(random).decode("utf-8", random.choice(("replace", "surrogateescape", "ignore")))
    at = random.randrange(len(damaged) + 1)
    return damaged[:at] + random.choice(_HALVES) + damaged[at:]


def _is_a_safe_name(text: str, folder: Path) -> str:
    name = component(text)
    assert component(name) == name
    assert len(name.encode()) <= MOST_COMPONENT_BYTES
    assert PurePosixPath(name).parts == PureWindowsPath(name).parts == (name,)
    assert name == name.strip(" ").rstrip(".")
    assert not name.startswith(".")
    assert name.isprintable() or "\u3000" in name
    _is_known_by_any_spelling(name)
    place = folder / name
    place.touch()
    assert [each.name for each in folder.iterdir() if each.samefile(place)] == [name]
    place.unlink()
    return "kept" if name == text else "altered"


def _is_known_by_any_spelling(name: str) -> None:
    """Hold that what a file system may take for the same name has the same key."""
    for form in ("NFC", "NFD"):
        for spelling in (name, name.casefold(), name.lower(), name.upper()):
            again = unicodedata.normalize(form, spelling)
            if again.casefold() == name.casefold():
                assert collision_key(again) == collision_key(name)


def _directories(random: Random) -> dict[SeriesUID, str]:
    """Make directories of few names that are much alike, so that they clash."""
    texts = [_text(random)[:40] for _ in range(2)]
    texts += [texts[0].upper(), unicodedata.normalize("NFD", texts[0]), "a", "A"]
    uids = [f"1.2.{random.choice((1, 2, 33))}.{random.choice((5, 5550000000, 7))}{at}" for at in range(8)]
    told = {
        SeriesUID(uid): str(relative(*random.choices(texts, k=random.randrange(1, 4))))
        for uid in uids[: random.randrange(1, 9)]
    }
    if random.random() < 0.3:  # one that is called as another may come to be called
        uid = random.choice(list(told))
        told[SeriesUID("1.9")] = random.choice(list(with_more_digits(told[uid], uid)))
    return told


def _are_told_apart(directories: dict[SeriesUID, str]) -> str:
    try:
        told = tell_apart(directories)
    except NamingError:
        return "refused"
    assert told.keys() == directories.keys()
    keys = [collision_key(checked(PurePosixPath(path))) for path in told.values()]
    assert len(set(keys)) == len(keys)
    assert not any(other.startswith(f"{one}/") for one in keys for other in keys)
    assert tell_apart(dict(reversed(directories.items()))) == told
    return "as they were" if told == directories else "told apart"


def test_any_text_becomes_a_safe_name(fuzz: Feeder, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    fuzz.feed(_text, lambda text: _is_a_safe_name(text, folder))


def test_any_directories_are_told_apart_or_refused(fuzz: Feeder) -> None:
    fuzz.feed(_directories, _are_told_apart)
