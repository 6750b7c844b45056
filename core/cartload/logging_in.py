"""Logging in where a cart holds what a guest may not have: as a guest first, then with what the user gives.

Credentials go to the one origin of the manifest, and only if it may have them. What the user gave beforehand
is tried first; then the user is asked, a few times, being told what origin it is for, and for which series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from cartload.credentials import Credentials
from cartload.errors import CartloadError, LoginError
from cartload.events import LoggedIn, LoginQuestion, Warned
from cartload.model import Denied
from cartload.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.events import Answer, Event, Question
    from cartload.manifest import Manifest
    from cartload.model import Origin, SeriesUID
    from cartload.origins import Trust
    from cartload.plan import Description
    from cartload.ports import Login
    from cartload.sources import Sources

MOST_ATTEMPTS = 3


class SessionLogin:
    """The user's credentials for one origin, as authenticators are given them, in any thread."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials: Credentials | None = credentials

    def credentials(self) -> Credentials | None:
        """Give them until the archive refuses them."""
        return self._credentials

    def refused(self, credentials: Credentials) -> None:
        """Never give these again."""
        if self._credentials == credentials:
            self._credentials = None

    def accepted(self, credentials: Credentials) -> None:
        """Hear that they are right, as is told when the archive has described what is limited."""


class LoginBeforehand:
    """What the user gave before the start, for an authenticator that was chosen: looked for when needed."""

    def __init__(self, origin: Origin, trust: Trust, find: Callable[[Origin], Credentials | None]) -> None:
        self._origin = origin
        self._trust = trust
        self._find = find
        self._refused: list[Credentials] = []

    def credentials(self) -> Credentials | None:
        """Give them until the archive refuses them; raises LoginError where they must not be sent."""
        found = None if self._refused else self._find(self._origin)
        if found is not None:
            self._trust.check(self._origin)
        return found

    def refused(self, credentials: Credentials) -> None:
        """Give none any more."""
        self._refused.append(credentials)

    def accepted(self, credentials: Credentials) -> None:
        """Hear that they are right."""


@frozen(eq=False, kw_only=True)
class LoggingIn:
    """Finds a login for what a guest is refused; *ask* is None where nobody may be asked.

    ``beforehand`` gives what the user gave before the start, ``sources`` makes the transports for a login,
    and ``describe`` asks them about series; it raises as ``Sources.describe`` does.
    """

    trust: Trust
    beforehand: Callable[[Origin], Credentials | None]
    ask: Callable[[Question], Answer] | None
    publish: Callable[[Event], None]
    sources: Callable[[Login], Sources]
    describe: Callable[[Sources, list[SeriesUID], dict[SeriesUID, Description]], None]

    def go_on(self, manifest: Manifest, guest: Sources, described: dict[SeriesUID, Description]) -> Sources:
        """Give the sources to go on with, having *described* what only a login may see.

        Raises LoginError where credentials were given and are of no use, or must not be sent there.
        """
        limited = [uid for uid in manifest.series if _is_denied(described.get(uid))]
        if not limited:
            return guest
        origin = manifest_origin(manifest)
        found = None if origin is None else self._found(origin)
        if origin is None or (found is None and not self._may_ask(origin)):
            return guest
        return self._try(origin, limited, described, found) or guest

    def _found(self, origin: Origin) -> Credentials | None:
        found = self.beforehand(origin)
        if found is not None:
            self.trust.check(origin)
        return found

    def _may_ask(self, origin: Origin) -> bool:
        """Tell whether to ask the user; where the origin may have no login, say why not."""
        if self.ask is None:
            return False
        try:
            self.trust.check(origin)
        except LoginError as error:
            self.publish(Warned(str(origin), f"{error.what} {error.advice}"))
            return False
        return True

    def _try(
        self,
        origin: Origin,
        limited: list[SeriesUID],
        described: dict[SeriesUID, Description],
        given: Credentials | None,
    ) -> Sources | None:
        refusal: LoginError | None = None
        for _ in range(MOST_ATTEMPTS):
            given = given or self._asked(origin, limited, refusal)
            if given is None:
                break
            sources = self.sources(SessionLogin(given))
            again: dict[SeriesUID, Description] = {}
            try:
                self.describe(sources, limited, again)
            except LoginError as error:
                refusal, given = error, None
                continue
            described.update(again)
            self.publish(LoggedIn(origin, given.user))
            return sources
        if refusal is not None:
            raise refusal
        return None

    def _asked(
        self, origin: Origin, limited: list[SeriesUID], refusal: LoginError | None
    ) -> Credentials | None:
        if self.ask is None:
            return None
        answer = self.ask(LoginQuestion(origin, tuple(limited), "" if refusal is None else refusal.what))
        return answer if isinstance(answer, Credentials) else None


def _is_denied(description: Description | None) -> bool:
    return description is not None and isinstance(description.said, Denied)


def manifest_origin(manifest: Manifest) -> Origin | None:
    """Give the server's origin as credentials know it; None where that is in doubt, so that it gets none."""
    try:
        return origin_of(manifest.server_url)
    except (CartloadError, ValueError):
        return None
