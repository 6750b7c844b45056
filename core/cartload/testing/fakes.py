"""Stand-ins for what a test should not wait for or reach: time, listeners, an archive."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from cartload.credentials import Credentials, Secret
from cartload.errors import StoppedError
from cartload.model import Denied, Member, MemberKind, Unknown, UsagePolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from cartload.errors import CartloadError
    from cartload.events import Event
    from cartload.model import SeriesRecord, SeriesUID, SOPInstanceUID
    from cartload.ports import Stop
    from cartload.testing.archive import ArchiveSeries, Catalogue

EventT = TypeVar("EventT")

_CHUNK = 64 * 1024


class FakeClock:
    """A clock that stands still until a test advances it.

    ``StorageContext(root, clock.time)`` takes it as it is; a session takes
    ``workers.Clock(clock.time, clock.monotonic)``.
    """

    def __init__(self, now: float = 1_000_000_000.0) -> None:
        self._now = now
        self._begin = now

    def time(self) -> float:
        """Give the seconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Give the seconds since the clock was made."""
        return self._now - self._begin

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds


class FakeLogin:
    """A login that gives each pair of user and password until it is refused, then the next, then none.

    ``refusals`` and ``acceptances`` name the users, in order.
    """

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._given = [Credentials(user, Secret(password)) for user, password in pairs]
        self.refusals: list[str] = []
        self.acceptances: list[str] = []

    def credentials(self) -> Credentials | None:
        """Give the first pair that was not refused."""
        return self._given[0] if self._given else None

    def refused(self, credentials: Credentials) -> None:
        """Pass on to the next pair."""
        self._given.remove(credentials)
        self.refusals.append(credentials.user)

    def accepted(self, credentials: Credentials) -> None:
        """Remember who was."""
        self.acceptances.append(credentials.user)


class RecordingListener:
    """Remembers every event: ``session.subscribe(RecordingListener())``."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Remember *event*."""
        self.events.append(event)

    def of(self, kind: type[EventT]) -> list[EventT]:
        """Give the events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]


class FakeTransport:
    """A transport that serves a catalogue from memory, through one buffer, as real ones do.

    ``failures`` are raised, each once, after the first image of a series' next fetch; ``fetched``
    counts the fetches of each series.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        failures: Mapping[SeriesUID, Sequence[CartloadError]] | None = None,
        *,
        annotations: bool = True,
    ) -> None:
        self._catalogue = catalogue
        self._failures = {uid: list(errors) for uid, errors in (failures or {}).items()}
        self._annotations = annotations
        self.fetched: defaultdict[SeriesUID, int] = defaultdict(int)

    def policy(self) -> UsagePolicy | None:
        """Give the catalogue's policy."""
        text = self._catalogue.policy
        return UsagePolicy("the fake archive", text) if text else None

    def describe(self, uids: Sequence[SeriesUID]) -> Iterator[SeriesRecord | Denied | Unknown]:
        """Answer as an archive does to a guest."""
        for uid in uids:
            series = self._catalogue.series.get(uid)
            if series is None:
                yield Unknown(uid, "The archive does not have it.")
            elif self._catalogue.may_read(series, None):
                yield series.record
            else:
                yield Denied(uid, "A guest may not have it.")

    def fetch(self, series: SeriesRecord, held: Collection[SOPInstanceUID], stop: Stop) -> Iterator[Member]:
        """Send the images that are not held, then the MD5 list, then the annotations."""
        uid = series.series_uid
        self.fetched[uid] += 1
        _refuse(stop)
        failures = self._failures.get(uid, [])
        failure = failures.pop(0) if failures else None
        for member in self._members(self._catalogue.series[uid], held, stop):
            yield member
            if failure is not None:
                raise failure
            _refuse(stop)
        _refuse(stop)

    def _members(
        self, series: ArchiveSeries, held: Collection[SOPInstanceUID], stop: Stop
    ) -> Iterator[Member]:
        sums = ["Filename,MD5Hash"]
        buffer = bytearray(_CHUNK)
        for image in series.images:
            if image.sop_uid not in held:
                name = f"{image.sop_uid}.dcm"
                sums.append(f"{name},{image.md5}")
                content = _chunks(image.read, buffer, stop)
                yield Member(name, MemberKind.IMAGE, content, image.size, image.sop_uid)
        text = "\n".join(sums).encode()
        yield Member("md5hashes.csv", MemberKind.CHECKSUMS, _chunks(lambda: text, buffer, stop), len(text))
        for annotation in series.annotations if self._annotations else ():
            content = _chunks(lambda: annotation.content, buffer, stop)  # noqa: B023 - read before the next
            yield Member(annotation.name, MemberKind.ANNOTATION, content, len(annotation.content))


def _chunks(read: Callable[[], bytes], buffer: bytearray, stop: Stop) -> Iterator[memoryview]:
    data = read()
    for begin in range(0, len(data), len(buffer)):
        _refuse(stop)
        chunk = data[begin : begin + len(buffer)]
        buffer[: len(chunk)] = chunk
        yield memoryview(buffer)[: len(chunk)]


def _refuse(stop: Stop) -> None:
    if stop.requested:
        raise StoppedError("it was stopped.", subject="the fake archive")
