"""As whom the archive would be asked, and whether it accepts that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.credentials import NoLogin
from cartload.errors import CartloadError, LoginError
from cartload.network import Condition, Finding
from cartload.origins import origin_of
from cartload_cli import login_check
from cartload_cli.archive_place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cartload.credentials import Credentials
    from cartload.model import Origin
    from cartload.registry import Registry
    from cartload.settings import Settings


def known_login(server_url: str, settings: Settings, find: Callable[[Origin], Credentials | None]) -> Finding:
    """Say as whom the archive at *server_url* would be asked; *find* looks where logins are kept."""
    if settings.authenticator is not None:
        return Finding("login", Condition.WELL, f"by the authenticator {settings.authenticator}.")
    try:
        found = find(origin_of(server_url))
    except ValueError:
        found = None  # an address in doubt gets none
    except CartloadError as error:
        return Finding("login", Condition.BAD, error.what, error.advice)
    if found is None:
        return Finding("login", Condition.WELL, "as a guest: what is open to everybody can be fetched.")
    return Finding("login", Condition.WELL, f"as {found.user}, where a guest may not have what is wanted.")


def tried_login(
    server_url: str,
    transports: tuple[str, ...],
    settings: Settings,
    registry: Registry,
    find: Callable[[Origin], Credentials | None],
) -> Iterator[Finding]:
    """Log in, once, as a download would; say nothing where that would be as a guest."""
    try:
        place = Place(origin_of(server_url), server_url, transports)
        if settings.authenticator == login_check.GUEST:
            return
        found = find(place.origin)
        if found is not None:
            yield _tried(login_check.check(place, login_check.Tried(found, _no_other), settings, registry))
        elif settings.authenticator is not None:
            login_check.prove(settings.authenticator, place, NoLogin(), settings, registry)
            yield Finding(_ACCESS, Condition.WELL, f"{settings.authenticator} has what it needs.")
    except ValueError:
        return  # an address in doubt gets no login
    except LoginError as error:
        yield Finding(_ACCESS, Condition.BAD, error.what, error.advice or _TRY_ANOTHER)
    except CartloadError as error:
        yield Finding(_ACCESS, Condition.DOUBTFUL, f"it could not be tried: {error.what}", error.advice)


def _tried(good: Credentials | None) -> Finding:
    if good is None:
        what = "no plugin can try the login there; a download will tell."
        return Finding(_ACCESS, Condition.DOUBTFUL, what)
    return Finding(_ACCESS, Condition.WELL, f"the archive accepts the login of {good.user}.")


def _no_other() -> None:
    """Give no second login: archives lock accounts."""


_ACCESS = "access"
_TRY_ANOTHER = "Try it in the archive's portal; 'cartload login' keeps another one."
