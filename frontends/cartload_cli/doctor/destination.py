"""Where the images are to go: whether it can be written, how much fits, and what names it bears.

What is written to find out goes into one folder of its own, which is removed again.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cartload.network import Condition, Finding
from cartload.paths import MOST_COMPONENT_BYTES
from cartload_common import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

_LITTLE_SPACE = 1_000_000_000
"""Bytes: hardly a study."""
_LONG_PATH = 400
"""Characters: a folder of somebody's, and five levels of a layout that names what it holds."""


def look(directory: Path) -> Iterator[Finding]:
    """Say how well *directory* bears a cart, or the folder that it would be made in."""
    at = _existing(directory)
    if not at.is_dir():
        yield Finding("folder", Condition.BAD, f"{at} is not a folder.", "Name another by --directory.")
        return
    yield _folder(directory, at)
    try:
        with tempfile.TemporaryDirectory(prefix=".cartload-doctor-", dir=at) as name:
            trial = Path(name)
            (trial / "letters").write_bytes(b"written")
            yield Finding("writing", Condition.WELL, "files can be written.")
            yield _space(at)
            yield _names(trial)
            yield _paths(trial)
            yield _case(trial)
    except OSError as error:
        yield Finding(
            "writing",
            Condition.BAD,
            f"{at} cannot be written: {error.strerror or error}.",
            "Name another folder by --directory, or ask whoever gives rights there.",
        )


def _existing(directory: Path) -> Path:
    """Give the folder itself, or the nearest above it that is there."""
    whole = directory.absolute()
    return next((each for each in (whole, *whole.parents) if each.exists()), whole)


def _folder(directory: Path, at: Path) -> Finding:
    if at == directory.absolute():
        return Finding("folder", Condition.WELL, str(at))
    return Finding("folder", Condition.WELL, f"{directory.absolute()} will be made in {at}")


def _space(at: Path) -> Finding:
    free = shutil.disk_usage(at).free
    if free >= _LITTLE_SPACE:
        return Finding("space", Condition.WELL, f"{texts.size(free)} are free.")
    return Finding(
        "space",
        Condition.DOUBTFUL if free else Condition.BAD,
        f"only {texts.size(free)} are free.",
        "Make room, or name another folder by --directory; 'cartload inspect' tells what a cart needs.",
    )


def _names(trial: Path) -> Finding:
    if _can_be_made(trial / ("n" * MOST_COMPONENT_BYTES)):
        return Finding("names", Condition.WELL, f"names of {MOST_COMPONENT_BYTES} characters can be used.")
    return Finding(
        "names",
        Condition.BAD,
        f"names of {MOST_COMPONENT_BYTES} characters cannot be used, as on some encrypted disks.",
        "Name a folder on another disk, or choose short names: --naming classic",
    )


def _paths(trial: Path) -> Finding:
    deep = trial
    while len(str(deep)) < _LONG_PATH:
        deep /= "p" * 40
    if _can_be_made(deep):
        return Finding("paths", Condition.WELL, f"paths of {_LONG_PATH} characters can be used.")
    return Finding(
        "paths",
        Condition.DOUBTFUL,
        f"paths of {_LONG_PATH} characters cannot be used.",
        "Name a folder whose own path is short, or choose short names: --naming classic",
    )


def _case(trial: Path) -> Finding:
    told = "is not" if (trial / "LETTERS").exists() else "is"
    what = f"Abc {told} another name than abc here; cartload gives no two such names in any case."
    return Finding("letters", Condition.WELL, what)


def _can_be_made(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True)
    except OSError:
        return False
    return True
