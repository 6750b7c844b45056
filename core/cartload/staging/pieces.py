"""Received files as numbers, and the second look at those that an earlier session received."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.staging.files import READ_PIECE
from cartload.staging.index import contents_of

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.staging.handle import FolderHandle
    from cartload.staging.index import Kept


@frozen
class Piece:
    """One received file: its number in the area, its size, the MD5 of its content, its first bytes."""

    number: int
    size: int
    md5: str
    head: bytes


def numbered(number: int) -> str:
    """Give the name of a file whose own is not known yet; no safe name begins with a dot."""
    return f".{number:06d}"


class EarlierPieces:
    """The files of an area that was taken over: put in order when first asked for, and seen one by one."""

    def __init__(self, place: Path, files: FolderHandle, head_bytes: int) -> None:
        self._place = place
        self._files = files
        self._head_bytes = head_bytes
        self._left: list[Kept] | None = None
        self.highest = 0

    def next(self) -> tuple[Kept, Piece] | None:
        """Give the next image that is what it was when it came; None when there are no more.

        All else that is in the folder is deleted. Raises OSError.
        """
        if self._left is None:
            self._left = self._in_order()
        while self._left:
            kept = self._left.pop()
            piece = self._read_again(kept)
            if piece is not None:
                return kept, piece
        return None

    def _in_order(self) -> list[Kept]:
        """Undo the naming, if it had begun, delete what no index speaks of, and list the rest."""
        contents = contents_of(self._place)
        self.highest = max((kept.number for kept in contents.kept), default=0)
        for number, name in contents.names:
            with suppress(FileNotFoundError):
                self._files.rename(name, numbered(number))
        known = {numbered(kept.number) for kept in contents.kept}
        for name in self._files.names():
            if name not in known:
                with suppress(OSError):  # if it is a folder, say, publication will not have it
                    self._files.unlink(name)
        return list(reversed(contents.kept))

    def _read_again(self, kept: Kept) -> Piece | None:
        """Hash a file again; None, and it is gone, where it is not what the index says."""
        with suppress(OSError):
            piece = read_again(self._files, kept.number, self._head_bytes)
            if (piece.size, piece.md5) == (kept.size, kept.md5):
                return piece
        with suppress(OSError):  # as above
            self._files.unlink(numbered(kept.number))
        return None


def read_again(files: FolderHandle, number: int, head_bytes: int) -> Piece:
    """Read a file that is here, and tell what it is; raises OSError."""
    digest = hashlib.md5(usedforsecurity=False)
    size, head = 0, b""
    with files.open(numbered(number)) as file:
        while chunk := file.read(READ_PIECE):
            head = head or chunk[:head_bytes]
            size += len(chunk)
            digest.update(chunk)
    return Piece(number, size, digest.hexdigest(), head)
