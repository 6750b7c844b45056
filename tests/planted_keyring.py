"""Keyrings for processes of their own; ``PYTHON_KEYRING_BACKEND`` names one of the classes."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend

VARIABLE = "TESTS_KEYRING_FILE"


def variables(path: Path) -> dict[str, str]:
    """Give the variables that make ``FileKeyring`` the keyring of another process, kept in *path*."""
    tests = str(Path(__file__).parent)
    return {
        "PYTHONPATH": os.pathsep.join((tests, *filter(None, (os.environ.get("PYTHONPATH"),)))),
        "PYTHON_KEYRING_BACKEND": "planted_keyring.FileKeyring",
        VARIABLE: str(path),
    }


class FileKeyring(KeyringBackend):
    """Keeps passwords in the file that the variable names, outside of whatever is searched."""

    priority = 1  # pyright: ignore[reportAssignmentType] - as the library's own

    def get_password(self, service: str, username: str) -> str | None:
        found = self._kept().get(f"{service}\n{username}")
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._kept(), f"{service}\n{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        self._write({key: kept for key, kept in self._kept().items() if key != f"{service}\n{username}"})

    def _kept(self) -> dict[str, object]:
        path = Path(os.environ[VARIABLE])
        kept: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
        return kept

    def _write(self, kept: dict[str, object]) -> None:
        Path(os.environ[VARIABLE]).write_text(json.dumps(kept))


class TellingKeyring(FileKeyring):
    """Refuses what it is to keep, in words that hold it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot keep {password} of {username} at {service}")
