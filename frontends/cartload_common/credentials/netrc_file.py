"""Logins in a netrc file, as curl and git use it; the entry of the very host counts, never ``default``."""

from __future__ import annotations

import netrc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload_common.credentials.private_files import private_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.model import Origin

VARIABLE = "NETRC"


class NetrcFile:
    """Looks a host up in the file that ``NETRC`` names, else in the one in the home folder."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._named = environment.get(VARIABLE, "")

    @property
    def name(self) -> str:
        """Name the file."""
        return str(self._path() or "netrc")

    def find(self, origin: Origin, user: str | None) -> Credentials | None:
        """Give the login of the origin's host, if it is that of *user*; raises LoginError."""
        path = self._path()
        if path is None:
            return None
        found, _, password = _entries(path).get(origin.host, ("", "", ""))
        if not (found and password) or user not in {None, found}:
            return None
        try:
            return Credentials(found, Secret(password))
        except ValueError:
            raise LoginError(f"the login for {origin.host} is none.", subject=str(path)) from None

    def _path(self) -> Path | None:
        """Say where the file is; None where none is named and there is none."""
        if self._named:
            return Path(self._named).expanduser()
        try:
            home = Path.home()
        except RuntimeError:  # a service may have none
            return None
        names = (".netrc", "_netrc") if os.name == "nt" else (".netrc",)
        return next((home / name for name in names if (home / name).exists()), None)


def _entries(path: Path) -> Mapping[str, tuple[str, str, str]]:
    """Read the hosts; what the library says of a mistake quotes the file, and is not passed on."""
    private_text(path)
    try:
        hosts: dict[str, tuple[str, str, str]] = netrc.netrc(str(path)).hosts
    except netrc.NetrcParseError as error:
        where = "" if error.lineno is None else f" (line {error.lineno})"
        raise LoginError(f"it is not written as a netrc file is{where}.", subject=str(path)) from None
    except (OSError, UnicodeError):
        raise LoginError("it cannot be read.", subject=str(path)) from None
    return {name.lower(): entry for name, entry in hosts.items() if name != "default"}
