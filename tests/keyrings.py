"""Keyrings of the tests: one in memory, and ones that fail."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

__all__ = ["BrokenKeyring", "Dropping", "MemoryKeyring", "Refusing", "used"]

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _finders_kept() -> Iterator[None]:
    """Keep how distributions are found: before Python 3.12 keyring brings a library that takes it over."""
    finder, path = PathFinder.__dict__.get("find_distributions"), list(sys.meta_path)
    yield
    if finder is not None:  # else that library was here before
        PathFinder.find_distributions = finder  # type: ignore[method-assign]  # as it was
        sys.meta_path[:] = path


with _finders_kept():
    import keyring
    from keyring.backend import KeyringBackend
    from keyring.backends.fail import Keyring as Refusing
    from keyring.backends.null import Keyring as Dropping
    from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Keeps passwords as long as it lives; ``asked`` has every question."""

    priority = 1  # pyright: ignore[reportAssignmentType] - as the library's own
    name = "of the tests"  # pyright: ignore[reportAssignmentType] - likewise

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # so the library has it
        self.kept: dict[tuple[str, str], str] = {}
        self.asked: list[tuple[str, str]] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append((service, username))
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("it is not there")


class BrokenKeyring(MemoryKeyring):
    """Refuses everything, and tells all that it was given."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"locked: {service} {username} {self.kept}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot keep {password} of {username} at {service}")

    def delete_password(self, service: str, username: str) -> None:
        raise OSError(f"cannot forget {username} at {service}")


@contextmanager
def used(backend: KeyringBackend) -> Iterator[None]:
    """Have cartload use *backend* meanwhile."""
    with _finders_kept():
        before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(before)
