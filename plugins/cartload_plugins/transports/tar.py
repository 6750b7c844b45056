"""A streaming TAR reader: bounded, sequential, and strict about the end (POSIX.1-1988 ustar, pax, GNU).

Whoever cuts a TAR between two members makes a shorter valid-looking TAR; only the end marker tells.
So the marker is demanded, and that nothing follows it. Names are labels: nothing here is a path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_plugins.transports.window import Entry, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cartload_plugins.transports.window import Bounds, Window

_BLOCK = 512
_ZEROS = bytes(_BLOCK)
_MOST_EXTENSION = 1024 * 1024
_REGULAR = frozenset(b"0\0")
_EXTENSIONS = frozenset(b"xgL")
_BINARY = 0x80
_NEGATIVE = 0xFF
_MOST_DIGITS = 20
_REFUSED = {
    ord("1"): "a hard link",
    ord("2"): "a symbolic link",
    ord("3"): "a device",
    ord("4"): "a device",
    ord("5"): "a directory",
    ord("6"): "a pipe",
    ord("S"): "a sparse file",
    ord("K"): "a link",
}


def read_tar(window: Window, bounds: Bounds) -> Iterator[Entry]:
    """Give the files of the TAR archive in *window*, in order.

    Raises DamagedError for anything that is not a whole archive of plain files within *bounds*.
    """
    return _Reader(window, Tally(bounds, window)).entries()


class _Reader:
    """The reader's place in the archive: what is left of the current file, and what extends the next."""

    def __init__(self, window: Window, tally: Tally) -> None:
        self._window = window
        self._tally = tally
        self._left = 0
        self._name: str | None = None
        self._size: int | None = None

    def entries(self) -> Iterator[Entry]:
        while (header := self._header()) is not None:
            self._tally.member()
            size = self._number(header[124:136], "size")
            kind = header[156]
            if kind in _REGULAR:
                entry = self._file(header, size)
                yield entry
                self._window.skip(self._left, "inside a file")
                self._window.skip(-(entry.size or 0) % _BLOCK, "after a file")
            elif kind in _EXTENSIONS:
                self._extend(kind, size)
            else:
                what = _REFUSED.get(kind, "something unknown")
                raise self._window.damaged(f"the archive holds {what}, not only files.")
        self._window.end()

    def _header(self) -> bytes | None:
        """Take a header that is sound, or the end marker (two blocks of zeros): None."""
        header = self._window.take(_BLOCK, "before its end marker")
        if header == _ZEROS:
            if self._is_extended or self._window.take(_BLOCK, "inside its end marker") != _ZEROS:
                raise self._window.damaged("the archive's end marker is damaged.")
            return None
        field = header[148:156]
        if sum(header) - sum(field) + 8 * ord(" ") != self._number(field, "checksum"):
            raise self._window.damaged("a header of the archive is damaged (its checksum is wrong).")
        return header

    @property
    def _is_extended(self) -> bool:
        return self._name is not None or self._size is not None

    def _file(self, header: bytes, size: int) -> Entry:
        if self._size is not None:
            size = self._size
        name = _name(header) if self._name is None else self._name
        self._name = self._size = None
        if name.endswith("/"):  # how archives older than POSIX spell a directory
            raise self._window.damaged("the archive holds a directory, not only files.")
        self._tally.content(size)
        self._left = size
        return Entry(name, size, self._content())

    def _content(self) -> Iterator[memoryview]:
        while self._left:
            piece = self._window.piece(self._left)
            if not piece:
                raise self._window.cut("inside a file")
            self._left -= len(piece)
            yield piece

    def _extend(self, kind: int, size: int) -> None:
        """Take what extends the next header: a pax record list or a GNU long name."""
        if self._is_extended:  # which of the two counts is another matter for every program
            raise self._window.damaged("a header of the archive says what cannot be relied on.")
        if size > _MOST_EXTENSION:
            raise self._window.damaged("a header of the archive is unreasonably long.")
        self._tally.content(size)
        data = self._gather(size)
        self._window.skip(-size % _BLOCK, "inside a header")
        if kind == ord("L"):
            self._name = _text(data)
            return
        for key, value in self._records(data):
            self._apply(key, value, shared=kind == ord("g"))

    def _apply(self, key: bytes, value: bytes, *, shared: bool) -> None:
        if key not in {b"path", b"size"} and not key.startswith(b"GNU.sparse"):
            return  # times, owners, comments: nothing that matters here
        if shared or key.startswith(b"GNU.sparse"):
            raise self._window.damaged("a header of the archive says what cannot be relied on.")
        if key == b"path":
            self._name = _text(value)
        else:
            self._size = self._decimal(value)

    def _gather(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            piece = self._window.piece(size - len(data))
            if not piece:
                raise self._window.cut("inside a header")
            data += piece
        return bytes(data)

    def _records(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Split pax records: each is its own length, a blank, key=value, and a line feed."""
        at = 0
        while at < len(data):
            blank = data.find(b" ", at, at + _MOST_DIGITS)
            end = at + self._decimal(data[at:blank]) if blank > at else 0
            record = data[blank + 1 : end]
            key, equals, value = record[:-1].partition(b"=")
            if not at < end <= len(data) or not record.endswith(b"\n") or not equals:
                raise self._window.damaged("a header of the archive is damaged.")
            yield key, value
            at = end

    def _number(self, field: bytes, what: str) -> int:
        """Read a number: octal text, or base 256 as GNU writes what octal cannot hold."""
        if field[0] == _BINARY:
            return int.from_bytes(field[1:], "big")
        text = field.split(b"\0", 1)[0].strip(b" ")
        if field[0] == _NEGATIVE or not text or text.strip(b"01234567"):
            raise self._window.damaged(f"a header of the archive is damaged (its {what} is no number).")
        return int(text, 8)

    def _decimal(self, text: bytes) -> int:
        if not text.isdigit() or len(text) > _MOST_DIGITS:
            raise self._window.damaged("a header of the archive is damaged (a length is no number).")
        return int(text)


def _name(header: bytes) -> str:
    name = _text(header[:100])
    if header[257:263] != b"ustar\0":
        return name
    prefix = _text(header[345:500])
    return f"{prefix}/{name}" if prefix else name


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")
