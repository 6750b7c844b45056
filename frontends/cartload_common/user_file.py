"""A small file of the user's own, outside any cart: private, replaced at once, changed by one at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 1024 * 1024
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_PATIENCE = 10.0
"""Seconds to wait for another process that changes the file."""


class UserFile:
    """The file at a path; what the system refuses is an OSError, as it is told by ``why``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> bytes | None:
        """Give its content, None where there is none; raises ValueError for one that is too large."""
        try:
            with self.path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return None
        if len(content) > MOST_BYTES:
            raise ValueError("it is too large")
        return content

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Keep other processes from changing it meanwhile; raises OSError when one does not let go of it."""
        from filelock import FileLock  # noqa: PLC0415 - only a change needs it

        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock"), timeout=_PATIENCE, mode=0o600):
            yield

    def write(self, text: str) -> None:
        """Put *text* in its place at once; readable to this user alone, for it is nobody else's business.

        Raises OSError, and what was there stays.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(part, _NEW, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def set_aside(self, content: bytes) -> Path:
        """Give the file another name, made of its *content*, so that a new one can be begun."""
        digest = hashlib.sha256(content).hexdigest()[:8]
        place = self.path.with_name(f"{self.path.stem}.damaged-{digest}{self.path.suffix}")
        self.path.replace(place)
        return place


def why(error: OSError) -> str:
    """Say in a few words what the system refused, or that another process did not let go."""
    return error.strerror or "another program holds it"
