"""What is here of a series before the archive is asked: of a session that was cut off, of an earlier copy.

Every file is read and hashed again, and is taken in only as what it was when it was received or stored.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.assembly import Part
from cartload.errors import DamagedError
from cartload.headers import read_header
from cartload.model import MemberKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cartload.assembly import Assembly
    from cartload.copies import AnyCopy
    from cartload.model import ImageHeader, SOPInstanceUID
    from cartload.ports import StoredFile
    from cartload.staging import Piece, StagingArea


@frozen(eq=False)
class Salvage:
    """Takes images that are here into an assembly; *keywords* are what the naming needs of each."""

    assembly: Assembly
    area: StagingArea
    keywords: frozenset[str]
    looked_at: set[str] = field(factory=set)
    """The files of an earlier copy that were looked at: what was damaged is not taken in again."""

    def staged(self) -> Iterator[None]:
        """Take in what an earlier session received, one image a step, and delete what does not fit now."""
        for kept, piece in self.area.earlier():
            try:
                _, is_new = self._add(piece, kept.name, kept.sop_uid)
            except DamagedError:
                is_new = False
            if not is_new:
                self.area.drop(piece.number)
            yield

    def stored(self, copy: AnyCopy) -> Iterator[None]:
        """Take in what is as it was stored, one image a step; any other is left for the archive to send."""
        for file, place in copy.images(self.assembly.record, self.assembly.held):
            if file.name in self.looked_at:
                continue
            self.looked_at.add(file.name)
            with suppress(DamagedError):
                copy.taken(file, self._taken_in(file, place))
            yield

    def _taken_in(self, file: StoredFile, place: Path) -> SOPInstanceUID:
        piece = self.area.take_in(place, file.size)
        try:
            _demand(piece, file)
            header, is_new = self._add(piece, file.name, file.sop_uid)
        except BaseException:
            self.area.drop(piece.number)
            raise
        if is_new:
            self.area.keep(piece, header.sop_uid, file.name)
        else:
            self.area.drop(piece.number)
        return header.sop_uid

    def _add(self, piece: Piece, name: str, sop_uid: SOPInstanceUID | None) -> tuple[ImageHeader, bool]:
        header = read_header(piece.head, self.area.opener(piece.number), self.keywords, name)
        part = Part(piece.number, name, piece.size, piece.md5, MemberKind.IMAGE, header)
        return header, self.assembly.add_image(part, header, sop_uid)


def _demand(piece: Piece, file: StoredFile) -> None:
    if file.md5 and piece.md5 != file.md5:
        raise DamagedError("it is not what was stored.", subject=file.name)
