"""metadata.csv: the original retriever's 17 columns, one row for each complete series.

The columns, the CRLF line ends, the size and date forms are those of the NBIA Data Retriever; values are
quoted as RFC 4180 says, which it did not do. A text that a spreadsheet would take for a formula gets
an apostrophe in front (CWE-1236).
"""

from __future__ import annotations

import csv
import io
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cartload.errors import StorageError
from cartload.staging import append_to_file, read_file, rewrite_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cartload.model import SeriesRecord
    from cartload.ports import StoredSeries

COLUMNS = (
    "Series UID",
    "Collection",
    "3rd Party Analysis",
    "Data Description URI",
    "Subject ID",
    "Study UID",
    "Study Description",
    "Study Date",
    "Series Description",
    "Manufacturer",
    "Modality",
    "SOP Class Name",
    "SOP Class UID",
    "Number of Images",
    "File Size",
    "File Location",
    "Download Timestamp",
)
MISSING = "NA"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UNITS = ("KB", "MB", "GB", "TB")
_KILO = 1000


class MetadataTable:
    """The table on disk; rows are appended as series complete, and told apart by their UID."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._has_duplicates = False

    def begin(self, held: Iterable[tuple[SeriesRecord, StoredSeries, float]]) -> None:
        """Read what is there, and add the rows of *held* series that a crash swallowed.

        Raises StorageError where a file of this name is something else.
        """
        rows, is_torn = self._read()
        self._known = {row[0] for row in rows}
        if is_torn or len(self._known) < len(rows):
            self._write(rows)
        for record, stored, at in held:
            if record.series_uid not in self._known:
                self.add(record, stored, at)

    def add(self, record: SeriesRecord, stored: StoredSeries, at: float) -> None:
        """Append the row of a series; *at* is when it was stored, in seconds since 1970."""
        with self._lock:
            if not self._known:
                append_to_file(self._path, b"" if self._path.exists() else _line(COLUMNS))
            self._has_duplicates |= record.series_uid in self._known
            self._known.add(record.series_uid)
            append_to_file(self._path, _line(_row(record, stored, at)))

    def finish(self) -> None:
        """Leave the newest row of each series only."""
        if self._has_duplicates:
            self._write(self._read()[0])
            self._has_duplicates = False

    def _read(self) -> tuple[list[list[str]], bool]:
        """Give the rows, and whether the last one was torn by a crash (it is left out)."""
        content = read_file(self._path)
        if not content:
            return [], False
        text = content.decode("utf-8", errors="surrogateescape")
        heading, *rows = csv.reader(io.StringIO(text, newline=""))
        if tuple(heading) != COLUMNS:
            raise StorageError(
                "it is not a table of downloaded series; it was not touched.",
                subject=str(self._path),
                advice="Move it away, or choose another directory.",
            )
        is_torn = not text.endswith("\n")
        return [row for row in (rows[:-1] if is_torn else rows) if row], is_torn

    def _write(self, rows: list[list[str]]) -> None:
        newest = {row[0]: row for row in rows}
        lines = b"".join(map(_line, newest.values()))
        rewrite_file(self._path, _line(COLUMNS) + lines)


def _line(row: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().encode("utf-8", errors="surrogateescape")


def _row(record: SeriesRecord, stored: StoredSeries, at: float) -> list[str]:
    date = record.study_date
    moment = datetime.fromtimestamp(at, UTC).astimezone().replace(tzinfo=None)
    values = (
        record.series_uid,
        record.collection,
        record.third_party_analysis,
        record.data_description_uri,
        record.patient_id,
        record.study_uid,
        record.study_description,
        f"{date:%m-%d-%Y}" if date else None,
        record.series_description,
        record.manufacturer,
        record.modality,
        record.sop_class_name,
        record.sop_class_uid,
        str(record.image_count),
        size_text(stored.size),
        f"./{stored.directory}",
        moment.isoformat(timespec="milliseconds"),
    )
    return [_harmless(value) if value else MISSING for value in values]


def size_text(size: int) -> str:
    """Write bytes as the original does: ``999 B``, then two decimals of units of a thousand."""
    if size < _KILO:
        return f"{size} B"
    value = float(size)
    for unit in _UNITS:
        value /= _KILO
        if value < _KILO or unit == _UNITS[-1]:
            break
    return f"{value:.2f} {unit}"


def _harmless(value: str) -> str:
    """Put an apostrophe before what a spreadsheet would compute."""
    return f"'{value}" if value.startswith(_FORMULA) and not _is_number(value) else value


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
