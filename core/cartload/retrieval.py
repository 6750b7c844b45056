"""One series on its way: from a transport through staging and assembly to a named, verified whole."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - attrs reads the annotations
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, assert_never

from attrs import field, frozen, mutable

from cartload.assembly import Assembly, Part
from cartload.errors import DamagedError, StoppedError, TransportError
from cartload.headers import read_header
from cartload.model import MemberKind
from cartload.ports import StagedFile, StagedSeries
from cartload.salvaging import Salvage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import PurePosixPath

    from cartload.copies import AnyCopy
    from cartload.model import ImageHeader, Member
    from cartload.ports import Naming, Stop, TellsDigests, Transport
    from cartload.staging import Piece, StagingArea

MOST_LIST_BYTES = 64 * 1024 * 1024
"""No MD5 list or licence text is larger."""


@mutable
class Meter:
    """Counts what arrives; written by one worker, read by the coordinator without a lock.

    ``bytes`` and ``images`` are what is here of the series; ``total`` every byte and ``brought`` every new
    image that ever came from an archive.
    """

    images: int = 0
    bytes: int = 0
    total: int = 0
    brought: int = 0

    def add(self, length: int) -> None:
        """Count a chunk."""
        self.bytes += length
        self.total += length


def at_once(length: int, stop: Stop) -> None:
    """Never wait."""


@frozen(eq=False)
class Retrieval:
    """What belongs to one series while it is fetched, over all its attempts."""

    assembly: Assembly
    area: StagingArea
    annotations: bool
    meter: Meter = field(factory=Meter)
    earlier: AnyCopy | None = None
    looked_at: set[str] = field(factory=set)
    pace: Callable[[int, Stop], None] = at_once
    """Told of each chunk before the next is asked for; it may wait, until somebody wants it to stop."""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was received, now or by an earlier session, or learned of an earlier copy."""
        return not (self.assembly.size or self.area.has_earlier or self.looked_at)

    def fetch(self, transport: Transport, source: str, naming: Naming, stop: Stop) -> None:
        """Receive what is missing from *transport*, called *source*; verified images stay, however it ends.

        Raises TransportError, DestinationError, or StoppedError when *stop* is requested.
        """
        record = self.assembly.record
        keywords = naming.attributes
        self._salvage(keywords, stop)
        for part in self.assembly.begin(source):
            self.area.drop(part.number)
        self._recount()
        members = transport.fetch(record, self.assembly.held, stop)
        try:
            for member in members:
                self._take(member, keywords, stop)
                self._heed(stop)
        finally:
            close = getattr(members, "close", None)
            if close is not None:
                close()

    def confirm(self, tellers: Iterable[TellsDigests], stop: Stop) -> None:
        """Have the archive tell the digests of images that no MD5 list of its own spoke of.

        Raises StoppedError. Whoever cannot tell is passed over: this is one look more than most archives
        allow, and the series has its counts, sizes and identities to be judged by.
        """
        for teller in tellers:
            images = self.assembly.unconfirmed
            if not images:
                return
            with suppress(TransportError):
                for sop_uid, md5 in teller.digests(self.assembly.record, images, stop):
                    self.assembly.confirm(sop_uid, md5)
                    self._heed(stop)

    def verify(self) -> None:
        """Demand that the series is whole; what is damaged is deleted, so that only it is fetched again."""
        damaged = self.assembly.judge()
        for part in damaged:
            self.area.drop(part.number)
        self._recount()
        self.assembly.demand_whole(damaged)

    def stage(self, naming: Naming, directory: PurePosixPath, replaces: frozenset[str]) -> StagedSeries:
        """Name the files and make them durable: the series is ready to be stored."""
        named = self.assembly.name(self.earlier.naming(naming) if self.earlier else naming)
        if self.earlier is not None:
            replaces |= self.earlier.replaced([entry.name for entry in named])
        self.area.name({entry.part.number: entry.name for entry in named})
        files = tuple(
            StagedFile(
                entry.name,
                self.area.folder / entry.name,
                entry.part.size,
                entry.part.md5,
                entry.part.kind,
                entry.part.sop_uid,
            )
            for entry in named
        )
        return StagedSeries(self.assembly.record, directory, self.area.folder, files, replaces)

    def _salvage(self, keywords: frozenset[str], stop: Stop) -> None:
        """Begin with what is here of an earlier session and copy; it does not count as received."""
        salvage = Salvage(self.assembly, self.area, keywords, self.looked_at)
        for _ in salvage.staged():
            self._heed(stop)
        for _ in salvage.stored(self.earlier) if self.earlier else ():
            self._heed(stop)

    def _heed(self, stop: Stop) -> None:
        if stop.requested:
            raise StoppedError("the retrieval was stopped.", subject=self.assembly.record.series_uid)

    def _take(self, member: Member, keywords: frozenset[str], stop: Stop) -> None:
        match member.kind:
            case MemberKind.IMAGE:
                self._take_image(member, keywords, stop)
            case MemberKind.ANNOTATION:
                self._take_annotation(member, stop)
            case MemberKind.CHECKSUMS:
                self.assembly.add_sums(_gathered(member))
            case MemberKind.LICENSE:
                _gathered(member)
            case _:
                assert_never(member.kind)

    def _take_image(self, member: Member, keywords: frozenset[str], stop: Stop) -> None:
        piece = self._receive(member, stop)
        try:
            header = read_header(piece.head, self.area.opener(piece.number), keywords, member.name)
            is_new = self.assembly.add_image(_part(member, piece, header), header, member.sop_uid)
        except BaseException:
            self._forget(piece)
            raise
        if is_new:
            self.meter.images += 1
            self.meter.brought += 1
            self.area.keep(piece, header.sop_uid, member.name)
        else:
            self._forget(piece)

    def _take_annotation(self, member: Member, stop: Stop) -> None:
        if not self.annotations:
            for _ in member.content:
                pass
            return
        piece = self._receive(member, stop)
        try:
            replaced = self.assembly.add_annotation(_part(member, piece))
        except BaseException:
            self._forget(piece)
            raise
        if replaced is not None:
            self.area.drop(replaced.number)
            self.meter.bytes -= replaced.size

    def _receive(self, member: Member, stop: Stop) -> Piece:
        room = self.assembly.room
        most = room if member.size is None else min(room, member.size)
        piece = self.area.receive(member.content, most, partial(self._arrived, stop))
        if member.size is not None and piece.size != member.size:
            self._forget(piece)
            raise DamagedError(f"{piece.size} of {member.size} bytes arrived.", subject=member.name)
        return piece

    def _arrived(self, stop: Stop, length: int) -> None:
        self.meter.add(length)
        self.pace(length, stop)
        self._heed(stop)

    def _forget(self, piece: Piece) -> None:
        self.area.drop(piece.number)
        self.meter.bytes -= piece.size

    def _recount(self) -> None:
        self.meter.images, self.meter.bytes = self.assembly.images, self.assembly.size


def _part(member: Member, piece: Piece, header: ImageHeader | None = None) -> Part:
    return Part(piece.number, member.name, piece.size, piece.md5, member.kind, header)


def _gathered(member: Member) -> bytes:
    """Read a small member into memory, within bounds."""
    gathered = bytearray()
    for chunk in _bounded(member):
        gathered += chunk
    return bytes(gathered)


def _bounded(member: Member) -> Iterator[memoryview | bytes]:
    size = 0
    for chunk in member.content:
        size += len(chunk)
        if size > MOST_LIST_BYTES:
            raise DamagedError("it is larger than any such list can be.", subject=member.name)
        yield chunk
