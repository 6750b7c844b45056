"""Trees of the archive's own retriever, told by its table: metadata.csv says which series it put where.

That program writes no quotes, so a comma in a description moves the columns behind it. The first column
and the two last are found all the same. It also writes a row for a series that failed, so
nothing of this is more than a hint.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cartload import paths
from cartload.errors import NamingError, StorageError
from cartload.model import SeriesUID, is_uid
from cartload.staging import disk_errors, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

HEADING = "Series UID,"
_LONGEST_ROW = 64 * 1024
_FEWEST = 3
_LOCATION = -2


def stored_by_others(table: Path) -> Mapping[SeriesUID, PurePosixPath]:
    """Read where a table says that each series is; the last row of a series counts. Nothing is checked."""
    found: dict[SeriesUID, PurePosixPath] = {}
    for row in _rows(table):
        cells = [cell.strip().strip('"') for cell in row.split(",")]
        if len(cells) >= _FEWEST and is_uid(cells[0]):
            place = _place(cells[_LOCATION])
            if place is not None:
                found[SeriesUID(cells[0])] = place
    return found


def _place(location: str) -> PurePosixPath | None:
    """Give a location below the table's folder; None for one that leads elsewhere, or that no cart has."""
    text = location.replace("\\", "/")
    if not text.startswith("./"):
        return None
    try:
        return paths.checked(PurePosixPath(text))
    except NamingError:
        return None


def _rows(table: Path) -> Iterator[str]:
    try:
        file = open_file(table)
    except StorageError:
        return  # whoever begins to write the table tells what is wrong with it
    if file is None:
        return
    with file, disk_errors(table, "reading it"):
        if not file.readline(_LONGEST_ROW).decode("utf-8-sig", errors="replace").startswith(HEADING):
            return
        while line := file.readline(_LONGEST_ROW):
            yield line.decode(errors="replace").rstrip("\r\n")
