"""metadata.csv: the original retriever's 17 columns, one row for each complete series.

The columns, the CRLF line ends, the size and date forms are those of the NBIA Data Retriever; values are
quoted as RFC 4180 says, which it did not do. A text that a spreadsheet would take for a formula gets
an apostrophe in front (CWE-1236).
"""

from __future__ import annotations

import csv
import io
import re
import threading
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from cartload.errors import StorageError
from cartload.staging import append_to_file, create_file, disk_errors, open_file, rewrite_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UNITS = ("KB", "MB", "GB", "TB")
_KILO = 1000


class MetadataTable:
    """The table on disk; rows are appended as series complete, and told apart by their UID.

    A row that cannot be written now (a spreadsheet program may hold the file) waits for the next one: the
    series it stands for is there all the same.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._waiting: list[bytes] = []
        self._has_written = False

    def begin(self, held: Iterable[tuple[SeriesRecord, StoredSeries, float]]) -> None:
        """Read what is there, and add the rows of *held* series that a crash swallowed.

        Raises StorageError where a file of this name is something else.
        """
        with disk_errors(self._path, "reading it"):
            if not self._is_settled() or (self._known and not self._ends_well()):
                self._rewrite()
        for record, stored, at in held:
            if record.series_uid not in self._known:
                self.add(record, stored, at)

    def add(self, record: SeriesRecord, stored: StoredSeries, at: float) -> None:
        """Append the row of a series; *at* is when it was stored, in seconds since 1970."""
        with self._lock:
            self._known.add(record.series_uid)
            self._waiting.append(_line(_row(record, stored, at)))
            with suppress(StorageError):  # ``finish`` tries once more, and tells
                self._write_waiting()

    def finish(self) -> None:
        """Leave the newest row of each series only; raises StorageError when rows cannot be written.

        Another session may be at work where the file system knows no locks: the last one to finish leaves no
        series twice, and each tells when a row is gone because the other wrote the table at that moment.
        """
        with self._lock, disk_errors(self._path, "reading it"):
            if self._waiting:
                self._write_waiting()
            if not self._has_written or self._is_settled():
                return
            self._rewrite()
            if not self._is_settled():
                raise StorageError(
                    "rows of some series are missing: another program wrote it at the same time.",
                    subject=str(self._path),
                    advice="The series are there. Run the same command again: it adds the rows.",
                )

    def _is_settled(self) -> bool:
        """Tell whether each series that is known or found has one row."""
        rows = 0
        for row in self._rows():
            self._known.add(row[0])
            rows += 1
        return rows == len(self._known)

    def _write_waiting(self) -> None:
        self._has_written = True
        with disk_errors(self._path, "reading it"):
            ends_well = self._ends_well()
            if ends_well is None:
                create_file(self._path, _HEADING, self._path.parent)
            elif not ends_well:
                self._rewrite()
        append_to_file(self._path, b"".join(self._waiting))
        self._waiting.clear()

    def _rewrite(self) -> None:
        """Write the heading and the newest row of each series, in the place of all there is."""
        newest = {row[0]: number for number, row in enumerate(self._rows())}
        rows = enumerate(self._rows())  # another session may have added some
        lines = (_line(row) for number, row in rows if newest.get(row[0], number) == number)
        rewrite_file(self._path, chain([_HEADING], lines), self._path.parent)

    def _rows(self) -> Iterator[list[str]]:
        """Give each row but one that a crash tore; raises StorageError where it is another table."""
        file = open_file(self._path)
        if file is None:
            return
        is_torn_heading = _HEADING.startswith(file.read(len(_HEADING)))
        file.seek(0)
        with io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="") as text:
            rows = csv.reader(text)
            row = None
            try:
                if tuple(next(rows, ())) != COLUMNS and not is_torn_heading:
                    raise self._foreign()
                for following in rows:
                    if row:
                        yield row
                    row = following
            except csv.Error as error:
                raise self._foreign() from error
        if row and self._ends_well():
            yield row

    def _foreign(self) -> StorageError:
        return StorageError(
            "it is not a table of downloaded series; it was not touched.",
            subject=str(self._path),
            advice="Move it away, or choose another directory.",
        )

    def _ends_well(self) -> bool | None:
        """Tell whether a heading is there and the last line was written to its end; None without a file."""
        file = open_file(self._path)
        if file is None:
            return None
        with file:
            size = file.seek(0, io.SEEK_END)
            file.seek(max(0, size - 1))
            return file.read() == b"\n"


def _line(row: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().encode("utf-8", errors="surrogateescape")


_HEADING = _line(COLUMNS)


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
        f"{date:%m-%d}-{date.year:04}" if date else None,
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
    power = min(len(_UNITS), (len(str(size)) - 1) // 3)
    return f"{size / _KILO**power:.2f} {_UNITS[power - 1]}"


def _harmless(value: str) -> str:
    """Put an apostrophe before what a spreadsheet would compute; what no encoding can hold becomes ``?``."""
    text = value.encode("utf-8", errors="replace").decode()
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def _is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None
