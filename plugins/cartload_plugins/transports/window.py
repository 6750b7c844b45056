"""A window on a stream: one reused buffer, filled by big reads, that the archive readers look through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from cartload.errors import DamagedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZE = 256 * 1024
_MOST_PADDING = 1024 * 1024
_SLACK = 256 * 1024 * 1024
_MORE_MEMBERS = 10_000

_KEPT = "Images received whole are kept."


@frozen
class Bounds:
    """How much an archive may hold: bytes in all (no member is larger either), and members."""

    total: int
    count: int

    @classmethod
    def around(cls, announced: int, images: int) -> Bounds:
        """Allow what was announced, a quarter more and some slack for what is never announced."""
        return cls(total=announced * 5 // 4 + _SLACK, count=2 * images + _MORE_MEMBERS)


@frozen(eq=False)
class Entry:
    """One file of an archive; ``content`` must be read before the next entry, or is skipped.

    ``size`` is None where the archive tells it only afterwards.
    """

    name: str
    size: int | None
    content: Iterator[memoryview | bytes] = field(repr=False)


class Window:
    """The bytes of a stream that were read and not yet taken; what is taken is valid until the next call."""

    def __init__(self, readinto: Callable[[memoryview], int], subject: str, size: int = SIZE) -> None:
        self._readinto = readinto
        self._subject = subject
        self._view = memoryview(bytearray(size))
        self._start = 0
        self._end = 0
        self._before = 0

    @property
    def position(self) -> int:
        """Count the bytes taken so far."""
        return self._before + self._start

    def have(self, count: int) -> bool:
        """Bring *count* bytes (at most the window's size) into view; False when the stream ends before."""
        if self._end - self._start >= count:
            return True
        self._make_room()
        while self._end < count:
            got = self._readinto(self._view[self._end :])
            if got == 0:
                return False
            self._end += got
        return True

    def look(self, count: int) -> bytes:
        """Give up to *count* of the next bytes without taking them, fewer only at the stream's end."""
        self.have(count)
        return bytes(self._view[self._start : min(self._start + count, self._end)])

    def take(self, count: int, where: str) -> bytes:
        """Take exactly *count* bytes; raises DamagedError, naming *where*, when there are fewer."""
        if self._end - self._start < count and not self.have(count):
            raise self.cut(where)
        start = self._start
        self._start = start + count
        return bytes(self._view[start : self._start])

    def piece(self, most: int) -> memoryview:
        """Take what is there, up to *most* bytes, reading only if nothing is; empty at the stream's end."""
        start = self._start
        if start == self._end:
            self.have(1)
            start = self._start
        self._start = min(start + most, self._end)
        return self._view[start : self._start]

    def give_back(self, count: int) -> None:
        """Undo the taking of the last *count* bytes, before anything else is read."""
        self._start -= count

    def skip(self, count: int, where: str) -> None:
        """Take *count* bytes without looking; raises DamagedError when there are fewer."""
        while count:
            taken = len(self.piece(count))
            if taken == 0:
                raise self.cut(where)
            count -= taken

    def damaged(self, what: str) -> DamagedError:
        """Make the error that says what is wrong with the stream."""
        return DamagedError(what, subject=self._subject, advice=_KEPT)

    def cut(self, where: str) -> DamagedError:
        """Make the error of a stream that ends too early."""
        return self.damaged(f"the archive was cut off {where}, after {self.position} bytes.")

    def end(self) -> None:
        """Demand that nothing but zeros follows, and not for long."""
        padding = 0
        while piece := self.piece(SIZE):
            padding += len(piece)
            if bytes(piece).count(0) != len(piece) or padding > _MOST_PADDING:
                raise self.damaged("something follows the end of the archive.")

    def _make_room(self) -> None:
        left = self._end - self._start
        self._view[:left] = self._view[self._start : self._end]
        self._before += self._start
        self._start, self._end = 0, left


class Tally:
    """Counts what an archive holds against its bounds."""

    def __init__(self, bounds: Bounds, window: Window) -> None:
        self._window = window
        self._members_left = bounds.count
        self._bytes_left = bounds.total

    @property
    def bytes_left(self) -> int:
        """Give how many bytes may still come."""
        return self._bytes_left

    def member(self) -> None:
        """Count a member, or a header that stands before one."""
        self._members_left -= 1
        if self._members_left < 0:
            raise self._window.damaged("the archive holds far more files than the series has.")

    def content(self, count: int) -> None:
        """Count bytes, announced or come."""
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise self._window.damaged("the archive holds far more bytes than were announced.")
