"""What holds for every archive reader, whatever comes: caps, pieces, places left out."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from attrs import frozen

from cartload.errors import DamagedError
from cartload_plugins.transports.members import member
from cartload_plugins.transports.window import SIZE, Bounds, Window
from plugins.transports.streams import reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cartload_plugins.transports.window import Entry

    Read = Callable[[Window, Bounds], Iterator[Entry]]
    Files = list[tuple[str, bytes]]

_WHOLE = (1 << 30,)
_BOUNDS = (Bounds(total=1 << 20, count=100), Bounds(total=1000, count=3), Bounds(total=1 << 70, count=5000))


@frozen
class Outcome:
    """The files that came whole, and whether the archive was."""

    files: Files
    is_whole: bool


def outcome(
    read: Read, data: bytes, bounds: Bounds, sizes: Sequence[int] = _WHOLE, *, most: int = -1
) -> Outcome:
    """Read an archive that comes in pieces of *sizes*, of each file *most* chunks and all of them by default.

    Nothing but DamagedError may come of it, and never more than *bounds* allow.
    """
    files: Files = []
    sizes_told: list[int | None] = []
    count = total = 0
    try:
        for entry in read(Window(reader(data, sizes), "1.2.3", SIZE), bounds):
            count += 1
            content = bytearray()
            while len(content) != most and (chunk := next(entry.content, b"")):
                content += chunk
                total += len(chunk)
                assert total <= bounds.total
            assert count <= bounds.count
            assert member(entry).content is entry.content
            sizes_told.append(entry.size)
            files.append((entry.name, bytes(content)))
    except DamagedError as error:
        assert error.retryable  # noqa: PT017 - it need not be raised
        assert str(error).isprintable()  # noqa: PT017 - likewise
        return Outcome(files, is_whole=False)
    assert most >= 0 or all(
        told in {None, len(content)} for told, (_, content) in zip(sizes_told, files, strict=True)
    )
    return Outcome(files, is_whole=True)


def common_outcome(read: Read, data: bytes) -> Outcome:
    """Read an archive in every way there is; they differ in nothing but what was left out."""
    random = Random(len(data))  # noqa: S311 - pieces of all sizes, the same each time
    bounds = random.choice(_BOUNDS)
    whole = outcome(read, data, bounds)
    in_pieces = outcome(read, data, bounds, [random.choice((1, 2, 29, 511, 513, 4096)) for _ in range(3)])
    assert in_pieces == whole
    skipped = outcome(read, data, bounds, most=0)
    assert skipped.is_whole == whole.is_whole
    assert [name for name, _ in skipped.files][: len(whole.files)] == [name for name, _ in whole.files]
    assert len(skipped.files) <= len(whole.files) + 1  # a file is named before it comes
    return outcome(read, data, _BOUNDS[-1]) if whole.is_whole else whole
