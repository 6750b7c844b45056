"""The origins where the user logged in before, and whose passwords the keyring has: a file without secrets.

Keyrings cannot list what they hold, so this file tells whom to ask for. Without an entry no keyring is asked.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import platformdirs
from attrs import frozen

from cartload.errors import LoginError
from cartload.origins import origin_of
from cartload_common.user_file import UserFile, why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.model import Origin

Logins = Mapping["Origin", tuple[str, ...]]
"""Of each origin the users whose passwords are in the keyring, the latest first; it may be none."""

VERSION = 1


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
        self._file = UserFile(path)
        self._warn = warn

    def read(self) -> Logins:
        """Give the list; what cannot be read or understood is a warning, and none."""
        try:
            return self._parsed()
        except (OSError, ValueError) as error:
            reason = why(error) if isinstance(error, OSError) else "it is damaged"
            self._warn(f"{self._file.path}: the list of logins cannot be read ({reason}): none is known.")
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

        content = self._file.read()
        if content is None:
            return {}
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
        try:
            with self._file.changing():
                logins = dict(self.read())
                yield logins
                self._write(logins)
        except OSError as error:
            raise LoginError(
                f"the list of logins cannot be written ({why(error)}).", subject=str(self._file.path)
            ) from error

    def _write(self, logins: Logins) -> None:
        entries = [
            {"origin": str(origin), "users": list(users)} for origin, users in sorted(logins.items(), key=str)
        ]
        self._file.write(json.dumps({"version": VERSION, "logins": entries}, indent=2))
