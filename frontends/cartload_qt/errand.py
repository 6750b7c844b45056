"""One manifest on its way: what the session's thread does for the window, and what it is told meanwhile.

The methods that take *tell* block, and are for a Bridge to call in its thread. The others return at once and
may be called from any thread.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from attrs import frozen

from cartload import load_manifest
from cartload.credentials import Credentials
from cartload.errors import StoppedError
from cartload.events import Event, LoggedIn, Warned
from cartload.logging_in import manifest_origin
from cartload.origins import Standing
from cartload.session import Session
from cartload_common import options
from cartload_common.credentials.known import KnownLogins
from cartload_common.log_choices import log_choices
from cartload_common.log_events import log_event
from cartload_common.policy_ledger import PolicyLedger
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cartload.events import Answer, Question
    from cartload.manifest import Manifest, ManifestSource
    from cartload.model import Origin, SeriesUID
    from cartload.plan import Plan
    from cartload.progress import Report
    from cartload.registry import Registry
    from cartload.settings import Settings
    from cartload_common.credentials.chain import Found
    from cartload_common.redaction import Redaction
    from cartload_qt.choices import Choices

    Tell = Callable[[object], None]


@frozen
class Opened:
    """The manifest's file was read, and the session that knows it made."""

    source: ManifestSource
    settings: Settings
    registry: Registry
    root: Path
    logins: KnownLogins

    def unknown_origin(self, manifest: Manifest) -> Origin | None:
        """Give the server of a manifest if only the user can say whether it may be sent a login."""
        origin = manifest_origin(manifest)
        is_unknown = origin is not None and self.logins.trust.standing(origin) is Standing.UNKNOWN
        return origin if is_unknown else None


class Errand:
    """Opens one manifest, shows it, fetches it, and tries again what failed."""

    def __init__(
        self, path: Path, choices: Choices, redact: Redaction, trusted: Iterable[Origin] = ()
    ) -> None:
        self.path = path
        self._choices = choices
        self._redact = redact
        self._trusted = tuple(trusted)
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._logins: KnownLogins | None = None
        self._cancelled = False
        self._kept: Credentials | None = None

    # --- in the session's thread ------------------------------------------------------------------

    def inspect(self, tell: Tell) -> Plan:
        """Say what is in the cart, asking nobody; raises as Session.inspect does."""
        return self._open(tell).inspect()

    def fetch(self, tell: Tell, removed: Iterable[SeriesUID] = ()) -> Report:
        """Bring the cart home but what was *removed* from it; raises as Session.prepare and run do."""
        session = self._open(tell)
        session.remove(removed)
        session.prepare()
        return session.run()

    def retry(self, uids: Iterable[SeriesUID] | None = None) -> Report:
        """Try failed series again: all, or those of *uids*."""
        session = self._session
        if session is None:
            raise StoppedError(tr("nothing was begun."), subject=str(self.path))
        session.retry_failed(uids)
        return session.run()

    def close(self) -> None:
        """Let go of the destination."""
        session = self._session
        if session is not None:
            session.close()

    def _open(self, tell: Tell) -> Session:
        source = load_manifest(self.path)
        settings = self._choices.over(options.read_settings())
        registry = options.load_registry(settings)
        log_choices(settings, registry, self._redact)
        logins = self._logins = KnownLogins(
            settings, self._redact, lambda text: tell(Warned("", text)), allowed=self._trusted
        )
        session = Session(
            source,
            self._choices.directory,
            settings,
            registry,
            credentials=lambda origin: _credentials(logins.find(origin)),
            trust=logins.trust,
            ledger=PolicyLedger.usual(),
        )
        session.subscribe(log_event)
        session.subscribe(self._hear)
        session.subscribe(tell)
        tell(Opened(source, settings, registry, session.root, logins))
        with self._lock:
            self._session = session
            if self._cancelled:
                session.cancel()
        return session

    def _hear(self, event: Event) -> None:
        if isinstance(event, LoggedIn) and self._logins is not None:
            self._logins.accepted(event.origin, self._kept)
            self._kept = None

    # --- from any thread --------------------------------------------------------------------------

    @property
    def can_retry(self) -> bool:
        """Tell whether another attempt may bring what failed."""
        return self._session is not None and self._session.can_retry

    def answer(self, question: Question, answer: Answer, *, keep: bool = False) -> None:
        """Answer a question; *keep* has a login kept in the keyring once the archive took it."""
        if isinstance(answer, Credentials) and self._logins is not None:
            self._logins.learn(answer)
            self._logins.user = answer.user
            self._kept = answer if keep else None
        if self._session is not None:
            self._session.answer(question, answer)

    def pause(self) -> None:
        """Pause as the session does."""
        if self._session is not None:
            self._session.pause()

    def resume(self) -> None:
        """Go on as the session does."""
        if self._session is not None:
            self._session.resume()

    def remove(self, uids: Iterable[SeriesUID]) -> None:
        """Take series out of the cart as the session does."""
        if self._session is not None:
            self._session.remove(uids)

    def cancel(self) -> None:
        """End it as soon as possible, also while the manifest is still being read."""
        with self._lock:
            self._cancelled = True
            session = self._session
        if session is not None:
            session.cancel()


def _credentials(found: Found | None) -> Credentials | None:
    return None if found is None else found.credentials
