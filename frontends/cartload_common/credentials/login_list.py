"""The origins where the user logged in before, and whose passwords the keyring has: a file without secrets.

Keyrings cannot list what they hold, so this file tells whom to ask for. Without an entry no keyring is asked.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

import platformdirs
from attrs import frozen

from cartload.errors import LoginError
from cartload.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.model import Origin

Logins = Mapping["Origin", tuple[str, ...]]
"""Of each origin the users whose passwords are in the keyring, the latest first; it may be none."""

MOST_BYTES = 1024 * 1024
VERSION = 1
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_PATIENCE = 10.0
"""Seconds to wait for another process that changes the list."""


@frozen
class _Entry:
    origin: str
    users: tuple[str, ...]


@frozen
class _Document:
    version: int
    logins: tuple[_Entry, ...]


def usual_path() -> Path:
    """Say where the list is."""
    return platformdirs.user_state_path("cartload") / "logins.json"


class LoginList:
    """Reads and changes the list; *warn* is told why a damaged one counts as empty."""

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        self._path = path
        self._warn = warn

    def read(self) -> Logins:
        """Give the list; what cannot be read or understood is a warning, and none."""
        try:
            return self._parsed()
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is damaged"
            self._warn(f"{self._path}: the list of logins cannot be read ({why}): none is known.")
            return {}

    def add(self, origin: Origin, user: str | None) -> None:
        """Remember an origin, and the user whose password the keyring has now; raises LoginError."""
        with self._changed() as logins:
            users = logins.get(origin, ())
            logins[origin] = users if user is None else (user, *(each for each in users if each != user))

    def remove(self, origin: Origin) -> None:
        """Forget an origin and its users; raises LoginError."""
        with self._changed() as logins:
            logins.pop(origin, None)

    def _parsed(self) -> Logins:
        from cartload.conversion import structure  # noqa: PLC0415 - heavy, and most users have no list

        with self._path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError("it is too large")
        try:
            document = structure(json.loads(content), _Document, LoginError)
        except (LoginError, RecursionError) as error:
            raise ValueError(str(error)) from error
        if document.version != VERSION:
            raise ValueError("another version wrote it")
        return {origin_of(entry.origin): entry.users for entry in document.logins}

    @contextlib.contextmanager
    def _changed(self) -> Iterator[dict[Origin, tuple[str, ...]]]:
        """Give the list to be changed, and write it; no other process changes it meanwhile."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only a change needs it

        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), timeout=_PATIENCE, mode=0o600):
                logins = dict(self.read())
                yield logins
                self._write(logins)
        except (OSError, Timeout) as error:
            why = getattr(error, "strerror", None) or "another program holds it"
            raise LoginError(
                f"the list of logins cannot be written ({why}).", subject=str(self._path)
            ) from error

    def _write(self, logins: Logins) -> None:
        """Replace the file at once; readable to this user alone, for names are nobody else's business."""
        entries = [
            {"origin": str(origin), "users": list(users)} for origin, users in sorted(logins.items(), key=str)
        ]
        text = json.dumps({"version": VERSION, "logins": entries}, indent=2)
        part = self._path.with_suffix(".part")
        part.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(part, _NEW, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
