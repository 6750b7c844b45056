"""A login in the environment: ``CARTLOAD_USERNAME`` and ``CARTLOAD_PASSWORD``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.model import Origin

USERNAME, PASSWORD = "CARTLOAD_USERNAME", "CARTLOAD_PASSWORD"


class Variables:
    """Gives the login of the environment, for whatever origin: the chain sees to it that it is one."""

    name = f"{USERNAME} and {PASSWORD}"

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._user = environment.get(USERNAME, "").strip()
        self._password = environment.get(PASSWORD, "")

    def find(self, origin: Origin, user: str | None) -> Credentials | None:
        """Give the login, if it is that of *user*; raises LoginError when half of it is missing."""
        del origin
        if not self._password or (user and self._user and user != self._user):
            return None
        named = user or self._user
        if not named:
            raise LoginError("there is a password, but no user name.", subject=PASSWORD)
        try:
            return Credentials(named, Secret(self._password))
        except ValueError:
            raise LoginError("it holds what is no character.", subject=self.name) from None
