"""Faults that a test switches on: what the archive does wrong, to which series, and how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from threading import Event, Lock
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from cartload.model import SeriesUID
from cartload_archive.messages import Answer, Request, error_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload_archive.members import Entry

_POLL_SECONDS = 0.02


class Ending(Enum):
    """How a stream that is cut ends: as if complete, by closing the connection, or by resetting it."""

    PROPER = "proper"
    BROKEN = "broken"
    RESET = "reset"


class CutError(Exception):
    """Raised inside a body where the connection is to be dropped."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__("the stream is cut here")
        self.reset = reset


@frozen
class Stall:
    """Silence after so many bytes of a body, until ``released`` is set (or the server closes).

    ``reached`` is set when the silence begins; each value is silent once.
    """

    after: int = 0
    released: Event = field(factory=Event)
    reached: Event = field(factory=Event)


@frozen(kw_only=True)
class Fault:
    """What goes wrong with a request; several things at once may.

    ``times`` limits it to the first so many requests for its key. ``status`` answers with an error page
    (200 too: a page where data should be), with the headers ``retry_after`` (seconds) and ``location`` if
    given. ``vanish`` refuses the images as if the series were withdrawn.
    ``cut_after`` ends the body of images or of a servlet's list after so many bytes. Places of images count
    from 0 in the order they are sent in: ``drop`` leaves one out, ``wrong_md5`` lists a wrong checksum,
    ``corrupt`` alters its last byte, ``rename`` gives it another member name.
    """

    times: int | None = None
    status: int | None = None
    retry_after: int | None = None
    location: str | None = None
    vanish: bool = False
    cut_after: int | None = None
    ending: Ending = Ending.BROKEN
    stall: Stall | None = None
    drop: int | None = None
    wrong_md5: int | None = None
    corrupt: int | None = None
    rename: tuple[int, str] | None = None

    def instead(self) -> Answer | None:
        """Give the page that is sent instead of an answer, if the fault says so."""
        if self.status is None:
            return None
        wait = () if self.retry_after is None else (("Retry-After", str(self.retry_after)),)
        elsewhere = () if self.location is None else (("Location", self.location),)
        return error_page(self.status, "Switched on by a test.", wait + elsewhere)

    def spoiled(self, place: int, entry: Entry) -> Entry:
        """Alter the image at this place as the fault says."""
        content = entry.content
        if place == self.corrupt and content:
            entry = evolve(entry, content=content[:-1] + bytes([content[-1] ^ 0xFF]))
        if self.rename and place == self.rename[0]:
            entry = evolve(entry, name=self.rename[1])
        return entry

    def broken(self, body: Iterator[bytes], closing: Event) -> Iterator[bytes]:
        """Give the body with its stall and its cut; *closing* ends every stall."""
        if self.cut_after is not None:
            body = _cut(body, self.cut_after, self.ending)
        return body if self.stall is None else _stalled(body, self.stall, closing)


def _split(body: Iterator[bytes], after: int) -> Iterator[tuple[bool, bytes]]:
    """Give the pieces of a body, parted at a byte; each with whether it lies behind it."""
    left = after
    for piece in body:
        if left and piece[:left]:
            yield False, piece[:left]
        if piece[left:]:
            yield True, piece[left:]
        left -= min(left, len(piece))


def _cut(body: Iterator[bytes], after: int, ending: Ending) -> Iterator[bytes]:
    for behind, piece in _split(body, after):
        if behind:
            if ending is Ending.PROPER:
                return
            raise CutError(reset=ending is Ending.RESET)
        yield piece


def _stalled(body: Iterator[bytes], stall: Stall, closing: Event) -> Iterator[bytes]:
    for behind, piece in _split(body, stall.after):
        if behind and not stall.reached.is_set():
            stall.reached.set()
            while not (stall.released.wait(_POLL_SECONDS) or closing.is_set()):
                pass
        yield piece


@frozen(kw_only=True)
class Strike:
    """A request that a fault may strike.

    ``key`` is the Series Instance UID where images of a series are asked for, ``token`` for a login, else
    the last part of the path, such as ``DownloadServletV4`` or ``getSeriesMetadata``. ``attempt`` counts the
    requests for that key, from 1.
    """

    key: str
    attempt: int
    request: Request


FaultHook = Callable[[Strike], Fault | None]
Faults = Mapping[str, Fault] | Mapping[SeriesUID, Fault] | FaultHook

NO_FAULT = Fault()


class FaultBook:
    """Knows which fault strikes which request, and counts them."""

    def __init__(self, faults: Faults | None) -> None:
        self._hook = _by_key(faults or {}) if faults is None or isinstance(faults, Mapping) else faults
        self._counts: dict[str, int] = {}
        self._lock = Lock()

    def strike(self, key: str, request: Request) -> Fault:
        """Count the request, and give the fault that strikes it."""
        with self._lock:
            attempt = self._counts[key] = self._counts.get(key, 0) + 1
        return self._hook(Strike(key=key, attempt=attempt, request=request)) or NO_FAULT


def _by_key(faults: Mapping[str, Fault] | Mapping[SeriesUID, Fault]) -> FaultHook:
    by_name: dict[str, Fault] = {str(key): fault for key, fault in faults.items()}

    def hook(strike: Strike) -> Fault | None:
        fault = by_name.get(strike.key)
        if fault is None or (fault.times is not None and strike.attempt > fault.times):
            return None
        return fault

    return hook
