"""The look at one server before anything is fetched: the way to it, and which protocols it speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from cartload import registry as plugins
from cartload.errors import CartloadError, StoppedError
from cartload.guest import Guest
from cartload.network import Condition, Finding, Network
from cartload.ports import Diagnoses, TransportContext
from cartload.registry import blaming
from cartload.selection import Selection
from cartload.workers import Clock, StopSignal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cartload.manifest import Manifest, ManifestSource
    from cartload.registry import Registry
    from cartload.settings import Settings


class Diagnosis:
    """Looks at servers as a guest, by the transports that can tell what hinders them."""

    def __init__(self, settings: Settings, registry: Registry, clock: Clock | None = None) -> None:
        self._settings = settings
        self._registry = registry
        self._selection = Selection(settings, registry, clock or Clock())
        self._stop = StopSignal()

    def cancel(self) -> None:
        """End what is under way, from any thread or signal handler: it raises StoppedError."""
        self._stop.request()

    def read(self, source: ManifestSource, server: str | None = None) -> Manifest:
        """Read a manifest as a session would; raises ManifestError with all its faults."""
        return self._selection.read(source, server)

    def look(self, server_url: str, transports: Iterable[str] | None = None) -> Iterator[Finding]:
        """Say what is found on the way to a server, then which protocols it speaks.

        *transports* names those that a manifest may be served by; without them it is every one that can
        tell. What a plugin raises is a finding of its own. Raises StoppedError alone.
        """
        names = sorted(self._registry.transports) if transports is None else tuple(transports)
        made = {name: self._made(name, server_url) for name in names}
        lookers = {name: looker for name, looker in made.items() if isinstance(looker, Diagnoses)}
        if transports is not None:
            yield from _distinct(
                each if isinstance(each, Finding) else _cannot_tell(name)
                for name, each in made.items()
                if name not in lookers
            )
        elif not lookers:
            yield from _distinct(each for each in made.values() if isinstance(each, Finding))
        if not lookers:
            return
        first, looker = next(iter(lookers.items()))
        is_reached = True
        for found in _told(first, lambda: looker.way(self._stop)):
            yield found
            is_reached = not found.is_bad
        if is_reached:
            yield from _spoken([self._protocol(*each) for each in lookers.items()])

    def _made(self, name: str, server_url: str) -> object:
        context = TransportContext(
            server_url,
            Guest(),
            self._stop,
            network=Network(self._settings.proxy, self._settings.ca_file),
        )
        try:
            return plugins.make(self._registry.transports, name, context, self._settings.plugins)
        except CartloadError as error:
            return _of_error(f"transport {name}", error)

    def _protocol(self, name: str, looker: Diagnoses) -> Finding:
        return next(_told(name, lambda: iter((looker.protocol(self._stop),))))


def _told(name: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Give what is found; an error of the transport, or within it, is the last finding."""
    try:
        with blaming(f"transport {name}"):
            yield from look()
    except StoppedError:
        raise
    except CartloadError as error:
        yield _of_error(f"transport {name}", error)


def _spoken(found: list[Finding]) -> list[Finding]:
    """Hold a protocol that is not spoken against the server only if it speaks no other."""
    if all(each.is_bad for each in found):
        return found
    return [evolve(each, condition=Condition.DOUBTFUL) if each.is_bad else each for each in found]


def _distinct(found: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what says the same of another transport: a wrong setting hinders all of them."""
    told = {(each.what, each.advice): each for each in reversed(list(found))}
    yield from reversed(list(told.values()))


def _of_error(check: str, error: CartloadError) -> Finding:
    what = f"{error.subject}: {error.what}" if error.subject else error.what
    return Finding(check, Condition.BAD, what, error.advice)


def _cannot_tell(name: str) -> Finding:
    return Finding(f"transport {name}", Condition.DOUBTFUL, "it cannot tell whether its server is reached.")
