"""Logins that the settings file names: whose each archive gets, and the file that it is in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.conversion import structure
from cartload.errors import SettingsError
from cartload.origins import named_origin
from cartload_common.credentials.retriever_file import read_login

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.credentials import Credentials
    from cartload.model import Origin

NAME = "the settings file"


@frozen(kw_only=True)
class NamedLogin:
    """What the settings say of one archive; a password is not among it."""

    username: str | None = None
    credentials: str | None = None

    @property
    def file(self) -> Path | None:
        """Say where name and password are, if a file has them."""
        return None if self.credentials is None else Path(self.credentials).expanduser()


def named_logins(tables: Mapping[str, Mapping[str, str]], where: str = NAME) -> Mapping[Origin, NamedLogin]:
    """Read the tables ``[logins."ADDRESS"]`` of *where*; raises SettingsError for a wrong one."""
    return dict(_named(address, table, where) for address, table in tables.items())


def _named(address: str, table: Mapping[str, str], where: str) -> tuple[Origin, NamedLogin]:
    def refuse(what: str) -> SettingsError:
        return SettingsError(f'[logins."{address}"]: {what}.', subject=where)

    try:
        origin = named_origin(address)
    except ValueError as error:
        raise refuse(str(error)) from None
    login = structure(dict(table), NamedLogin, refuse)
    if login.username is not None and not login.username.strip():
        raise refuse("its username is empty")
    if login.file is not None and not login.file.is_absolute():
        raise refuse("the file that credentials names must begin with / or ~, or a drive on Windows")
    return origin, login


@frozen
class Named:
    """Reads the file that the settings name for an origin; they name none for any other."""

    logins: Mapping[Origin, NamedLogin]

    name = NAME

    def find(self, origin: Origin, user: str | None) -> Credentials | None:
        """Give the login, if it is that of *user*; raises LoginError for a file that is refused."""
        login = self.logins.get(origin)
        if login is None or login.file is None:
            return None
        found = read_login(login.file)
        return found if user in {None, found.user} else None
