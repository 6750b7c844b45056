"""The end of a ZIP archive: its directory and end records, held against the files that came before."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from cartload_plugins.transports.zip.fields import LARGE, Written, large_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload_plugins.transports.window import Window

_CENTRAL = Struct("<4sHHHHHHIIIHHHHHII")
_LARGE_END = Struct("<4sQHHIIQQQQ")
_LOCATOR = Struct("<4sIQI")
_END = Struct("<4sHHHHIIH")
CENTRAL_SIGNATURE = b"PK\x01\x02"
LARGE_END_SIGNATURE = b"PK\x06\x06"
_LOCATOR_SIGNATURE = b"PK\x06\x07"
END_SIGNATURE = b"PK\x05\x06"
_REST_OF_LARGE_END = _LARGE_END.size - 12
_MOST_EXTENSION = 64 * 1024
_WHERE = "inside its directory"


def check_ending(window: Window, written: Mapping[int, Written]) -> None:
    """Read the end of the archive; raises DamagedError unless it tells exactly *written*, by place."""
    start = window.position
    _check_directory(window, written)
    length = window.position - start
    large = window.look(4) == LARGE_END_SIGNATURE
    if large:
        _check_large_end(window, len(written), length, start)
    _check_end(window, len(written), length, start, large=large)
    if window.look(1):
        raise window.damaged("something follows the end of the archive.")


def _check_directory(window: Window, written: Mapping[int, Written]) -> None:
    untold = dict(written)
    while window.look(4) == CENTRAL_SIGNATURE:
        place, told = _told(window)
        if untold.pop(place, None) != told:
            raise window.damaged("the archive's directory lists a file that did not come.")
    if untold:
        raise window.damaged("the archive's directory does not list every file that came.")


def _told(window: Window) -> tuple[int, Written]:
    header = _CENTRAL.unpack(window.take(_CENTRAL.size, _WHERE))
    method, checksum, packed, size, named, extra, comment = header[4], *header[7:13]
    name = window.take(named, _WHERE)
    numbers = large_numbers(window.take(extra, _WHERE), (size, packed, header[16]))
    window.take(comment, _WHERE)
    if numbers is None:
        raise window.damaged("the archive's directory is damaged.")
    size, packed, place = numbers
    return place, Written(name, method, checksum, packed, size)


def _check_large_end(window: Window, count: int, length: int, start: int) -> None:
    """Take the end record of large archives, and the record that tells where it is."""
    place = window.position
    _, rest, _, _, disk, first, here, in_all, told_length, told_start = _LARGE_END.unpack(
        window.take(_LARGE_END.size, _WHERE)
    )
    extension = rest - _REST_OF_LARGE_END
    if not 0 <= extension <= _MOST_EXTENSION:
        raise window.damaged("the archive's end record is damaged.")
    window.take(extension, _WHERE)
    signature, locator_disk, told_place, disks = _LOCATOR.unpack(window.take(_LOCATOR.size, _WHERE))
    told = (disk, first, here, in_all, told_length, told_start, locator_disk, told_place)
    expected = (0, 0, count, count, length, start, 0, place)
    if told != expected or signature != _LOCATOR_SIGNATURE or disks > 1:
        raise window.damaged("the archive's end record does not fit what came.")


def _check_end(window: Window, count: int, length: int, start: int, *, large: bool) -> None:
    signature, disk, first, here, in_all, told_length, told_start, comment = _END.unpack(
        window.take(_END.size, _WHERE)
    )
    # Who looks for the end from the back would find another one in the comment, and so another archive.
    is_last = END_SIGNATURE not in window.take(comment, _WHERE)
    fits = all(
        told == expected or (large and told == marker)
        for told, expected, marker in (
            (here, count, 0xFFFF),
            (in_all, count, 0xFFFF),
            (told_length, length, LARGE),
            (told_start, start, LARGE),
            (disk, 0, 0xFFFF),
            (first, 0, 0xFFFF),
        )
    )
    if signature != END_SIGNATURE or not (is_last and fits):
        raise window.damaged("the archive's end record does not fit what came.")
