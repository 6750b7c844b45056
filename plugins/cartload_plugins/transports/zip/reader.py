"""A streaming ZIP reader: bounded, sequential, and strict about the end (APPNOTE 6.3.10).

A ZIP is meant to be read from its end, which a stream has last. So the files are handed out as they come,
and then the central directory is demanded: every file in it, with the sizes, checksum and place that
came, and nothing after it. Only then has the iterator ended. Names are labels: nothing here is a path.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from attrs import frozen

from cartload_plugins.transports.window import Entry, Tally
from cartload_plugins.transports.zip.ending import (
    CENTRAL_SIGNATURE,
    END_SIGNATURE,
    LARGE_END_SIGNATURE,
    check_ending,
)
from cartload_plugins.transports.zip.fields import Written, large_numbers
from cartload_plugins.transports.zip.unpacking import Inflated, Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload_plugins.transports.window import Bounds, Window
    from cartload_plugins.transports.zip.unpacking import Unpacking

_LOCAL = Struct("<4sHHHHHIIIHH")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_ENDINGS = frozenset({CENTRAL_SIGNATURE, LARGE_END_SIGNATURE, END_SIGNATURE})
_DESCRIPTOR_SIGNATURE = b"PK\x07\x08"
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_STREAMED = 0x0008
_PATCHED = 0x0020
_UTF_8 = 0x0800
_STORED, _DEFLATED = 0, 8
_STEEPEST = 1100
"""More than deflate can pack: its densest code gives 258 bytes for two bits, so about 1032 to 1."""


@frozen
class _Header:
    """A local file header; sizes and checksum are None where they follow the content."""

    name: bytes
    flags: int
    method: int
    checksum: int | None
    packed: int | None
    size: int | None


def read_zip(window: Window, bounds: Bounds) -> Iterator[Entry]:
    """Give the files of the ZIP archive in *window*, in order.

    Raises DamagedError for anything that is not a whole, plain archive of files within *bounds*.
    """
    return _Reader(window, Tally(bounds, window)).entries()


class _Reader:
    """The reader's place in the archive, and what was read of it so far."""

    def __init__(self, window: Window, tally: Tally) -> None:
        self._window = window
        self._tally = tally
        self._written: dict[int, Written] = {}

    def entries(self) -> Iterator[Entry]:
        while (signature := self._window.look(4)) == _LOCAL_SIGNATURE:
            self._tally.member()
            place = self._window.position
            header = self._header()
            content = self._content(header, self._unpacking(header), place)
            yield Entry(_name(header), header.size, content)
            for _ in content:
                pass  # whoever did not read it does not want it; its checksum is still demanded
        if signature not in _ENDINGS:
            raise self._unexpected(signature)
        check_ending(self._window, self._written)

    def _header(self) -> _Header:
        where = "inside a header"
        _, _, flags, method, _, _, checksum, packed, size, named, extra = _LOCAL.unpack(
            self._window.take(_LOCAL.size, where)
        )
        name = self._window.take(named, where)
        more = self._window.take(extra, where)
        if flags & (_ENCRYPTED | _PATCHED) or method not in {_STORED, _DEFLATED}:
            raise self._window.damaged("the archive is packed in a way that is not understood here.")
        if name.endswith((b"/", b"\\")):
            raise self._window.damaged("the archive holds a directory, not only files.")
        if flags & _STREAMED:
            return _Header(name, flags, method, None, None, None)
        sizes = large_numbers(more, (size, packed))
        if sizes is None:
            raise self._window.damaged("a header of the archive is damaged.")
        return _Header(name, flags, method, checksum, packed=sizes[1], size=sizes[0])

    def _content(self, header: _Header, unpacking: Unpacking, place: int) -> Iterator[memoryview | bytes]:
        """Give the content; it ends only if it is what the archive says, so that nobody keeps another."""
        while chunk := unpacking.chunk():
            yield chunk
        self._check(header, unpacking)
        self._written[place] = Written(
            header.name, header.method, unpacking.checksum, unpacking.packed, unpacking.size
        )

    def _unpacking(self, header: _Header) -> Unpacking:
        if header.size is not None and header.packed is not None:
            self._check_announced(header.size, header.packed, header.method)
            self._tally.content(header.size)
        if header.method == _DEFLATED:
            return Inflated(self._window, self._tally, header.packed, header.size)
        if header.packed is None:
            raise self._window.damaged(
                "the archive holds a file that is neither packed nor says how long it is, so its end "
                "cannot be found."
            )
        return Stored(self._window, header.packed)

    def _check_announced(self, size: int, packed: int, method: int) -> None:
        """Refuse sizes that cannot be, before anything of them is read."""
        possible = size == packed if method == _STORED else size <= (packed + 1) * _STEEPEST
        if not possible:
            raise self._window.damaged("the archive announces sizes that cannot be.")

    def _check(self, header: _Header, unpacking: Unpacking) -> None:
        """Compare what came with what was announced before or is told behind it."""
        if header.checksum is None:
            if not self._take_descriptor(unpacking):
                raise self._window.damaged("a file in the archive is not what the archive says of it.")
        elif (header.checksum, header.packed, header.size) != (
            unpacking.checksum,
            unpacking.packed,
            unpacking.size,
        ):
            raise self._window.damaged("a file in the archive has the wrong checksum or length.")

    def _take_descriptor(self, told: Unpacking) -> bool:
        """Take the data descriptor if it fits what came: with or without a signature, 64 or 32 bits long.

        The longest form is tried first, so that none is taken for the beginning of another.
        """
        checksum = told.checksum.to_bytes(4, "little")
        for signature in (_DESCRIPTOR_SIGNATURE, b""):
            for width in (8, 4):
                if max(told.packed, told.size) >= 1 << (8 * width):
                    continue
                form = b"".join(
                    (
                        signature,
                        checksum,
                        told.packed.to_bytes(width, "little"),
                        told.size.to_bytes(width, "little"),
                    )
                )
                if self._window.look(len(form)) == form:
                    self._window.take(len(form), "behind a file")
                    return True
        return False

    def _unexpected(self, signature: bytes) -> Exception:
        if self._window.position == 0 and len(signature) == len(_LOCAL_SIGNATURE):
            return self._window.damaged("what came is not a ZIP archive.")
        if len(signature) < len(_LOCAL_SIGNATURE):
            return self._window.cut("before its directory")
        return self._window.damaged("the archive is damaged between two files.")


def _name(header: _Header) -> str:
    return header.name.decode("utf-8" if header.flags & _UTF_8 else "cp437", "replace")
