"""Passwords in the keyring of the operating system, one entry for each origin and user."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from cartload.credentials import Secret
from cartload.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

    from cartload.credentials import Credentials
    from cartload.model import Origin

NAME = "the system keyring"
_OTHERWISE = (
    "Unlock it or set one up; or use CARTLOAD_USERNAME and CARTLOAD_PASSWORD, --credentials FILE, or a netrc "
    "file instead."
)


def service(origin: Origin) -> str:
    """Name an origin's entry as keyring programs show it."""
    return f"cartload {origin}"


class KeyringStore:
    """Asks the keyring; all methods raise LoginError when it cannot be used."""

    def describe(self) -> str:
        """Name the keyring that is used; raises LoginError, before a password is asked for, if none is."""
        with _blamed():
            backend = _backend()
            if _is_none(backend):
                raise LoginError("there is none on this system.", subject=NAME, advice=_OTHERWISE)
            return str(backend.name)

    def password(self, origin: Origin, user: str) -> Secret | None:
        """Give a user's password, None if it is not there."""
        with _blamed():
            text = _backend().get_password(service(origin), user)
            return Secret(text) if text else None

    def keep(self, origin: Origin, credentials: Credentials) -> None:
        """Store a login, and read it again: some keyrings keep nothing and say nothing."""
        with _blamed():
            _backend().set_password(service(origin), credentials.user, credentials.password.reveal())
        if self.password(origin, credentials.user) != credentials.password:
            raise LoginError("it did not keep the password.", subject=NAME, advice=_OTHERWISE)

    def forget(self, origin: Origin, user: str) -> None:
        """Delete a login; one that is not there is no error."""
        with _blamed():
            if _backend().get_password(service(origin), user) is not None:
                _backend().delete_password(service(origin), user)


def _backend() -> KeyringBackend:
    # 90 ms, and backends that talk to other programs: only who keeps a login there pays for it.
    import keyring  # noqa: PLC0415

    return keyring.get_keyring()


def _is_none(backend: KeyringBackend) -> bool:
    """Tell whether it is one of the two that stand for no keyring: one refuses all, one drops all."""
    from keyring.backends import fail, null  # noqa: PLC0415 - as above

    return isinstance(backend, fail.Keyring | null.Keyring)


@contextlib.contextmanager
def _blamed() -> Iterator[None]:
    """Turn whatever a keyring raises into a LoginError; its text may hold what was to be kept."""
    try:
        yield
    except LoginError:
        raise
    except Exception as error:  # noqa: BLE001 - a backend is anybody's code
        what = f"it cannot be used ({type(error).__name__})."
        raise LoginError(what, subject=NAME, advice=_OTHERWISE) from None
