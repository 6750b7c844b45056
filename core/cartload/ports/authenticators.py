"""Authenticators: who proves to one origin who is asking, and where the login comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import field, frozen

from cartload.credentials import NoLogin
from cartload.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cartload.credentials import Credentials
    from cartload.model import Origin
    from cartload.ports.stopping import Stop


@frozen
class Request:
    """A request as a transport is about to send it, for an authenticator to sign."""

    method: str
    url: str
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    form: tuple[tuple[str, str], ...] = field(default=(), repr=False)


class Login(Protocol):
    """Where an authenticator gets the credentials for its one origin, if it needs any.

    All methods may be called from several threads at once. Any may raise StoppedError.
    """

    def credentials(self) -> Credentials | None:
        """Give the user's name and password, or None if nobody gives any.

        The same ones each time, until they are refused; then others, or None. It may ask a person, and
        wait for the answer: call it only when the archive cannot be asked without.
        """
        ...

    def refused(self, credentials: Credentials) -> None:
        """Hear that the archive does not accept *credentials*: they are not given again."""
        ...

    def accepted(self, credentials: Credentials) -> None:
        """Hear that the archive accepted *credentials*: they may be kept for another time."""
        ...


@frozen
class AuthenticatorContext:
    """What an authenticator is made with: the one origin that its credentials are for.

    ``clock`` gives seconds since 1970, ``login`` has the credentials, ``network`` says how to reach it.
    """

    origin: Origin
    clock: Callable[[], float]
    login: Login = field(factory=NoLogin)
    network: Network = field(factory=Network)


@runtime_checkable
class Authenticator(Protocol):
    """Proves to one origin who is asking; called from several threads at once.

    Nothing is asked of anybody when it is made. A request to another origin is never signed.
    """

    @property
    def user(self) -> str | None:
        """Name the user, or None for a guest; it may have to ask its login."""
        ...

    def sign(self, request: Request, stop: Stop) -> Request:
        """Give the request with what proves the user's identity added; a guest's is unchanged.

        What is empty in it (the servlet's ``userId``) may be filled. It may have to log in first, or to
        renew what is about to expire. Raises LoginError when the archive accepts no login,
        TransportError, StoppedError once *stop* is requested.
        """
        ...

    def renew(self, refused: Request, stop: Stop) -> bool:
        """Get fresh proof after *refused* was answered 401; False when there is none to get.

        However many threads come with the same refused proof, it is got once. Raises as ``sign`` does.
        """
        ...
