"""What the logins by name and password share: who is asked, how often, and what is never sent where."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from cartload.errors import LoginError
from cartload.origins import keeps_secrets, origin_of, unencrypted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.credentials import Credentials
    from cartload.model import Origin
    from cartload.ports import AuthenticatorContext, Login, Request

T = TypeVar("T")

_MOST_TRIES = 5
"""Wrong passwords in a row, whatever gives them: archives lock accounts."""
_SERVICES = ("/nbia-api/", "/nbia-download/")


def check_encrypted(context: AuthenticatorContext) -> None:
    """Raise LoginError, before anybody is asked for anything, where it could be read on the way."""
    if not keeps_secrets(context.origin):
        raise unencrypted(context.origin)


def user_of(login: Login) -> str | None:
    """Name the user, if there is one."""
    credentials = login.credentials()
    return None if credentials is None else credentials.user


def log_in(login: Login, origin: Origin, prove: Callable[[Credentials], T | None]) -> T:
    """Give what *prove* makes of the user's credentials; None are wrong ones, and others are asked for.

    Raises LoginError when there are no (other) credentials.
    """
    what = "there is no user name and password for it, or none that it accepts."
    for _ in range(_MOST_TRIES):
        credentials = login.credentials()
        if credentials is None:
            break
        proof = prove(credentials)
        if proof is not None:
            login.accepted(credentials)
            return proof
        login.refused(credentials)
        what = "the archive does not accept this user name and password."
    raise LoginError(what, subject=str(origin))


def base_of(request: Request, origin: Origin) -> str | None:
    """Give what stands before NBIA's services in the request's address; None if it leads elsewhere."""
    try:
        if origin_of(request.url) != origin:
            return None
    except ValueError:
        return None
    path = urlsplit(request.url).path
    places = (f"{path}/".find(service) for service in _SERVICES)
    place = min((found for found in places if found >= 0), default=0)
    return f"{origin}{path[:place]}"
