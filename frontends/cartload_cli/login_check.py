"""Whether an archive accepts a login: tried as a session would, by the authenticators of its transports."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from cartload import registry as plugins
from cartload.errors import UnsupportedError
from cartload.network import Network
from cartload.ports import AuthenticatorContext, Request
from cartload.registry import blaming

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from cartload.credentials import Credentials
    from cartload.ports import Login
    from cartload.registry import Registry
    from cartload.settings import Settings
    from cartload_cli.archive_place import Place

GUEST = "guest"


class Tried:
    """The login that is tried; *another* gives the next one after a refusal, None for no more."""

    def __init__(self, first: Credentials, another: Callable[[], Credentials | None]) -> None:
        self.first = first
        self._given: Credentials | None = first
        self._another = another
        self.good: Credentials | None = None

    def credentials(self) -> Credentials | None:
        """Give the login that was not refused yet."""
        return self._given

    def refused(self, credentials: Credentials) -> None:
        """Go on to the next one."""
        if credentials is self._given:
            self._given = self._another()

    def accepted(self, credentials: Credentials) -> None:
        """Remember the one that is right."""
        self.good = credentials


def check(place: Place, login: Tried, settings: Settings, registry: Registry) -> Credentials | None:
    """Log in; gives the login that was accepted, None when no authenticator could tell.

    Raises LoginError for a login that is not accepted, TransportError when the archive cannot be asked.
    """
    for name in _authenticators(place, settings, registry):
        with contextlib.suppress(UnsupportedError):  # the next one may be what it speaks
            prove(name, place, login, settings, registry)
        if login.good is not None:
            return login.good
    return None


def prove(name: str, place: Place, login: Login, settings: Settings, registry: Registry) -> None:
    """Have one authenticator do what it does before a request; raises as it does."""
    context = AuthenticatorContext(
        place.origin, time.time, login, network=Network(settings.proxy, settings.ca_file)
    )
    authenticator = plugins.make(registry.authenticators, name, context, settings.plugins)
    with blaming(f"authenticator {name}"):
        authenticator.sign(Request("GET", place.url), _NEVER)


def _authenticators(place: Place, settings: Settings, registry: Registry) -> list[str]:
    """Name those that may know how: the chosen one, else those of the transports, each once."""
    if settings.authenticator is not None and settings.authenticator != GUEST:
        return [settings.authenticator]
    chosen = (settings.transport,) if settings.transport else place.transports
    transports = chosen or sorted(registry.transports)
    names = [
        registry.transports[name].factory.authenticator for name in transports if name in registry.transports
    ]
    return [name for name in dict.fromkeys(names) if name != GUEST]


class _Never:
    """Nobody stops it but Ctrl-C, which ends the command."""

    requested = False

    def closing(self, close: Callable[[], object]) -> AbstractContextManager[None]:
        """Never call *close*."""
        del close
        return contextlib.nullcontext()


_NEVER = _Never()
