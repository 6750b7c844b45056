"""Where starts of one user meet: a folder that is theirs alone, however many people use the computer."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from attrs import frozen

from cartload_common.user_file import UserFile
from cartload_qt.desktop.identity import APPLICATION

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 100
"""Bytes that the path of a socket may have: systems allow 104 to 108, with the zero at the end."""


@frozen
class MeetingPlace:
    """The folder, which holds a lock and says where the window listens."""

    folder: Path

    @property
    def lock(self) -> Path:
        """The file that is locked as long as a window listens."""
        return self.folder / "window.lock"

    def new_address(self) -> str:
        """Choose where to listen.

        Pipes of Windows have no folder, and whoever knows a name can listen there first: so each window
        chooses one that nobody can know, and writes it into the folder.
        """
        if sys.platform == "win32":
            name = f"{APPLICATION}-{secrets.token_hex(16)}"
            UserFile(self.folder / "window.pipe").write(name)
            return name
        return str(self.folder / "window.socket")

    def address(self) -> str:
        """Say where a window listens, if there is one; raises OSError."""
        if sys.platform == "win32":
            return (self.folder / "window.pipe").read_text(encoding="utf-8")
        return str(self.folder / "window.socket")


def meeting_place(environment: Mapping[str, str] = os.environ) -> MeetingPlace | None:
    """Find the folder, or make it; None when there is none that others cannot get into."""
    for folder in _candidates(environment):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours_alone(folder) and len(os.fsencode(folder / "window.socket")) <= _LONGEST:
                return MeetingPlace(folder)
        except OSError:
            continue
    return None


def _candidates(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Prefer the folder that the system empties when the user leaves."""
    own = platformdirs.user_state_path(APPLICATION) / "running"
    named = Path(environment.get("XDG_RUNTIME_DIR") or "")
    return (named / APPLICATION, own) if named.is_absolute() and named.is_dir() else (own,)


def _is_ours_alone(folder: Path) -> bool:
    """Tell whether nobody else can look into the folder, or put another in its place.

    On Windows access lists guard it: it is among the user's own folders.
    """
    if sys.platform == "win32":
        return True
    here, above = folder.lstat(), folder.parent.stat()
    if not stat.S_ISDIR(here.st_mode) or here.st_uid != os.getuid():
        return False
    if stat.S_IMODE(here.st_mode) & 0o077:
        folder.chmod(0o700)
    is_trusted = above.st_uid in {0, os.getuid()}
    return is_trusted and (not above.st_mode & 0o022 or bool(above.st_mode & stat.S_ISVTX))
