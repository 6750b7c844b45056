"""Records to and from lines of JSON, one checksum each; replay says what was stored where.

The journal is written ahead: what will be stored (directory, names, sizes, digests), then the
rename, then its confirmation. Every run has a file of its own; replay reads all there are, the oldest
first. A line whose checksum does not fit (the last one of a crash) is passed over. Of a
stored series only the place of its line is kept in memory, so that a large cart costs little.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping  # noqa: TC003 - attrs reads them
from typing import Generic, TypeVar

from attrs import field, frozen

from cartload import paths
from cartload.conversion import structure, unstructure
from cartload.errors import JournalError
from cartload.model import SeriesUID  # noqa: TC001 - cattrs reads the annotations
from cartload.ports import Acceptance, StoredSeries  # noqa: TC001 - likewise
from cartload.sealing import seal, unseal

FORMAT = 1


@frozen
class Opened:
    """A run began: the format and the program that wrote it, and the manifest by name and SHA-256."""

    format: int
    program: str
    manifest: str
    manifest_sha256: str
    at: float


@frozen
class Accepted:
    """The user accepted the archive's policy."""

    acceptance: Acceptance


@frozen
class Intended:
    """This is about to be stored, from this source."""

    stored: StoredSeries
    source: str
    at: float


@frozen
class Confirmed:
    """What was intended is in its place."""

    series_uid: SeriesUID
    at: float


Entry = Opened | Accepted | Intended | Confirmed
_KINDS: dict[str, type[Entry]] = {
    kind.__name__.lower(): kind for kind in (Opened, Accepted, Intended, Confirmed)
}

PlaceT = TypeVar("PlaceT")


def to_line(entry: Entry) -> str:
    """Write an entry as one line, its CRC-32 first, without the line end."""
    return seal(
        json.dumps({"kind": type(entry).__name__.lower(), **unstructure(entry)}, separators=(",", ":"))
    )


def from_line(line: str) -> Entry | None:
    """Read a line; None where the checksum does not fit; raises JournalError for what is not known."""
    body = unseal(line)
    if body is None:
        return None
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _not_understood("it has an entry that is not JSON") from error
    kind = _KINDS.get(str(data.pop("kind", ""))) if isinstance(data, dict) else None
    if kind is None:
        raise _not_understood("it has an entry of a kind that this version does not know")
    entry = structure(data, kind, _not_understood)
    if isinstance(entry, Opened) and entry.format > FORMAT:
        raise _not_understood(f"it has the format {entry.format}")
    return entry


def _not_understood(what: str) -> JournalError:
    return JournalError(
        f"{what}.",
        subject="journal",
        advice="It was written by a newer cartload; use that one. Nothing was changed.",
    )


@frozen
class Replay(Generic[PlaceT]):
    """What all journals together say: the place of each series' last intention, and the acceptance."""

    _places: dict[SeriesUID, PlaceT]
    _read: Callable[[PlaceT], str]
    _superseded: Mapping[SeriesUID, list[PlaceT]] = field(factory=dict)
    _unconfirmed: frozenset[SeriesUID] = frozenset()
    acceptance: Acceptance | None = None
    opened: tuple[Opened, ...] = ()
    """The newest run of each manifest, the newest last."""
    unreadable: int = 0
    """Lines that were written to their end and are damaged; what a crash or a full disk cut off is none."""

    def recorded(self, uid: SeriesUID) -> StoredSeries | None:
        """Give what was last stored, or about to be, of a series; the storage says whether it is there.

        Raises JournalError for a path that leads out of the cart's folder: a journal may come from anywhere.
        """
        place = self._places.get(uid)
        return None if place is None else self._intended(place)

    def names_at(self, uid: SeriesUID, directory: str) -> frozenset[str]:
        """Name the files that cartload may have put into a directory for a series, and not taken away since.

        Those of the last intention, and of those before it back to one that was confirmed: a disk may have
        refused what came between, after some files of it.
        """
        places = [*self._superseded.get(uid, ()), *([self._places[uid]] if uid in self._places else [])]
        stored = [self._intended(place) for place in places]
        return frozenset(
            file.name for each in stored if each and each.directory == directory for file in each.files
        )

    def _intended(self, place: PlaceT) -> StoredSeries | None:
        entry = from_line(self._read(place))
        return _inside(entry.stored) if isinstance(entry, Intended) else None

    def is_confirmed(self, uid: SeriesUID) -> bool:
        """Tell whether the last intention for a series was carried out as far as the journal knows."""
        return uid in self._places and uid not in self._unconfirmed

    def __contains__(self, uid: object) -> bool:
        return uid in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[SeriesUID]:
        return iter(self._places)


def _inside(stored: StoredSeries) -> StoredSeries:
    for part in (*stored.directory.split("/"), *(file.name for file in stored.files)):
        if not paths.is_plain(part):
            raise JournalError(
                f"it names {part!r} as a part of a path, which may lead anywhere.",
                subject=f"journal, series {stored.series_uid}",
                advice="cartload did not write that; nothing was changed.",
            )
    return stored


def replay(
    lines: Iterable[tuple[PlaceT, str]], read: Callable[[PlaceT], str], cart: Iterable[SeriesUID] = ()
) -> Replay[PlaceT]:
    """Read every line with its place; *read* gives the line at a place again, when it is asked for.

    The series of *cart* are remembered by its own texts, so that they are in memory once.
    """
    own = {uid: uid for uid in cart}
    places: dict[SeriesUID, PlaceT] = {}
    superseded: dict[SeriesUID, list[PlaceT]] = {}
    unconfirmed: set[SeriesUID] = set()
    acceptance = None
    opened: dict[str, Opened] = {}
    unreadable = 0
    for place, line in lines:
        entry = from_line(line)
        if isinstance(entry, Intended):
            uid = own.get(entry.stored.series_uid, entry.stored.series_uid)
            if uid in places:
                superseded.setdefault(uid, []).append(places[uid])
            places[uid] = place
            unconfirmed.add(uid)
        elif isinstance(entry, Confirmed):
            unconfirmed.discard(entry.series_uid)
            superseded.pop(entry.series_uid, None)
        elif isinstance(entry, Accepted):
            acceptance = entry.acceptance
        elif isinstance(entry, Opened):
            opened.pop(entry.manifest_sha256, None)
            opened[entry.manifest_sha256] = entry
        elif line.endswith("}}\n"):
            unreadable += 1
    return Replay(
        places, read, superseded, frozenset(unconfirmed), acceptance, tuple(opened.values()), unreadable
    )
