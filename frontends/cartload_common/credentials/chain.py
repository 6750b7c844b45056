"""The order in which a login is looked for, and the one origin that gets what was given for this run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from cartload.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cartload.credentials import Credentials
    from cartload.model import Origin


class Source(Protocol):
    """One place where logins may be."""

    @property
    def name(self) -> str:
        """Name the place as users know it."""
        ...

    def find(self, origin: Origin, user: str | None) -> Credentials | None:
        """Give the login for *origin*, that of *user* if one is named; raises LoginError."""
        ...


@frozen
class Found:
    """A login, and where it was."""

    credentials: Credentials
    source: str


@frozen
class CommandLine:
    """The login that the options give: asked first, and never wrong, for it was read beforehand."""

    credentials: Credentials | None

    name = "the command line"

    def find(self, origin: Origin, user: str | None) -> Credentials | None:
        """Give it."""
        del origin, user
        return self.credentials


class ForOneOrigin:
    """Gives a source's login, which names no archive, to the first origin that asks, and to no other."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._origin: Origin | None = None

    @property
    def name(self) -> str:
        """Name the source."""
        return self._source.name

    def find(self, origin: Origin, user: str | None) -> Credentials | None:
        """Give the login to its origin."""
        if self._origin is None:
            self._origin = origin
        return self._source.find(origin, user) if origin == self._origin else None


@frozen
class Chain:
    """Asks each source in turn; *warn* is told of one that failed, and the next is asked."""

    sources: Sequence[Source]
    warn: Callable[[str], None]

    def find(self, origin: Origin, user: str | None) -> Found | None:
        """Give the first login there is, None if there is none."""
        for source in self.sources:
            try:
                credentials = source.find(origin, user)
            except LoginError as error:
                self.warn(str(error))
                continue
            if credentials is not None:
                return Found(credentials, source.name)
        return None
