from __future__ import annotations

import csv
import errno
import io
import os
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cartload.errors import StorageError
from cartload.ports import StoredSeries
from cartload.testing.staged import recorded, series_record, stage
from cartload_plugins.storage import metadata
from cartload_plugins.storage.metadata import COLUMNS, MetadataTable, size_text

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.model import SeriesRecord

HEADING = (
    b"Series UID,Collection,3rd Party Analysis,Data Description URI,Subject ID,Study UID,Study Description,"
    b"Study Date,Series Description,Manufacturer,Modality,SOP Class Name,SOP Class UID,Number of Images,"
    b"File Size,File Location,Download Timestamp\r\n"
)
AT = datetime(2021, 9, 30, 21, 38, 59, 207_000).timestamp()  # noqa: DTZ001 - the table's times are local
ORIGINAL_ROW = (
    b"1.3.6.1.4.1.14519.5.2.1.27032,HNSCC,null,https://doi.org/10.7937/demo,HNSCC-01-0001,1.3.6.1.43582,"
    b"RT SIMULATION,12-05-1998,NA,ADAC,RTPLAN,RT Plan Storage,1.2.840.10008.5.1.4.1.1.481.5,1,163.31 KB,"
    b"./HNSCC/HNSCC-01-0001/12-05-1998-NA-RT SIMULATION-43582/1.000000-NA-27032,2021-09-30T21:38:59.207\r\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metadata.csv"


@pytest.fixture
def stored(tmp_path: Path) -> StoredSeries:
    return recorded(stage(tmp_path / "staging", {"1-1.dcm": bytes(163_310)}))


def _begun(path: Path, *held: tuple[SeriesRecord, StoredSeries, float]) -> MetadataTable:
    table = MetadataTable(path)
    table.begin(held)
    return table


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    assert tuple(heading) == COLUMNS
    return rows


def _cell(path: Path, column: str) -> str:
    (row,) = _rows(path)
    return row[COLUMNS.index(column)]


def _add(table: MetadataTable, number: int, stored: StoredSeries) -> None:
    table.add(series_record(number), evolve(stored, series_uid=series_record(number).series_uid), AT)


# --- the form -----------------------------------------------------------------------------------


def test_the_heading_is_the_original_s_byte_by_byte(path: Path, stored: StoredSeries) -> None:
    _add(_begun(path), 1, stored)
    assert path.read_bytes().startswith(HEADING)
    assert len(HEADING) == 241 + 2


def test_a_row_is_the_original_s(path: Path, stored: StoredSeries) -> None:
    record = evolve(series_record(), third_party_analysis="NO", sop_class_name="CT Image Storage")
    _begun(path).add(evolve(record, sop_class_uid="1.2.840.10008.5.1.4.1.1.2"), stored, AT)
    assert path.read_bytes().removeprefix(HEADING) == (
        b"1.2.826.0.1.3680043.10.1.1,TEST,NO,NA,PATIENT-1,1.2.826.0.1.3680043.10.2,CT CHEST,12-05-2000,AXIAL,"
        b"PHANTOM MEDICAL,CT,CT Image Storage,1.2.840.10008.5.1.4.1.1.2,3,163.31 KB,"
        b"./TEST/PATIENT-1/study/1,2021-09-30T21:38:59.207\r\n"
    )


def test_what_the_archive_does_not_say_is_na(path: Path, stored: StoredSeries) -> None:
    record = evolve(series_record(), study_date=None, study_description=None, series_description="")
    _begun(path).add(record, stored, AT)
    (row,) = _rows(path)
    missing = [column for column, value in zip(COLUMNS, row, strict=True) if value == "NA"]
    assert {"Study Date", "Study Description", "Series Description", "SOP Class Name"} <= set(missing)


def test_separators_quotes_and_line_ends_are_quoted(path: Path, stored: StoredSeries) -> None:
    record = evolve(series_record(), series_description='a,"b"\r\nc', manufacturer="d\ne")
    _begun(path).add(record, stored, AT)
    assert b',"a,""b""\r\nc","d\ne",' in path.read_bytes()


@given(st.text())
def test_every_text_can_be_read_back(text: str) -> None:
    record = evolve(series_record(), series_description=text or "x")
    row = metadata._row(record, _anywhere(), AT)
    written = metadata._line(row)
    (read,) = csv.reader(io.StringIO(written.decode(), newline=""))
    assert read[8].removeprefix("'") == (text or "x").removeprefix("'")


@given(st.text(), st.sampled_from("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))
def test_no_cell_begins_as_a_formula(text: str, begin: str) -> None:
    record = evolve(series_record(), patient_id=begin + text, collection=begin + text)
    cells = metadata._row(record, _anywhere(), AT)
    for cell in cells:
        assert cell[0] not in "=@\t\r\n\uff1d\uff0b\uff0d\uff20"
        assert cell[0] not in "+-" or float(cell) is not None


def _anywhere() -> StoredSeries:
    return StoredSeries(series_record().series_uid, "somewhere", ())


def test_a_negative_number_is_no_formula(path: Path, stored: StoredSeries) -> None:
    _begun(path).add(evolve(series_record(), patient_id="-12.5"), stored, AT)
    assert _cell(path, "Subject ID") == "-12.5"


def test_a_text_that_no_encoding_can_hold_is_written_readably(path: Path, stored: StoredSeries) -> None:
    _begun(path).add(evolve(series_record(), patient_id="half \ud800"), stored, AT)
    assert _cell(path, "Subject ID") == "half ?"


def test_a_year_before_1000_has_four_digits(path: Path, stored: StoredSeries) -> None:
    _begun(path).add(evolve(series_record(), study_date=date(1, 2, 3)), stored, AT)
    assert _cell(path, "Study Date") == "02-03-0001"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 KB"),
        (163_310, "163.31 KB"),
        (999_999, "1000.00 KB"),
        (1_000_000, "1.00 MB"),
        (52_843_520, "52.84 MB"),
        (20_000_000_000, "20.00 GB"),
        (3_000_000_000_000, "3.00 TB"),
        (4_000_000_000_000_000, "4000.00 TB"),
    ],
)
def test_sizes_are_written_as_the_original_does(size: int, text: str) -> None:
    assert size_text(size) == text


# --- over many runs -----------------------------------------------------------------------------


def test_no_table_is_made_before_there_is_a_row(path: Path) -> None:
    _begun(path).finish()
    assert not path.exists()


def test_rows_are_appended_run_after_run(path: Path, stored: StoredSeries) -> None:
    for number in range(3):
        table = _begun(path)
        _add(table, number, stored)
        table.finish()
    assert [row[0] for row in _rows(path)] == [series_record(number).series_uid for number in range(3)]


def test_rows_that_a_crash_swallowed_come_back_once(path: Path, stored: StoredSeries) -> None:
    for _ in range(3):
        _begun(path, (series_record(1), stored, AT), (series_record(2), stored, AT)).finish()
    assert [row[0] for row in _rows(path)] == [series_record(1).series_uid, series_record(2).series_uid]


def test_a_torn_last_row_is_written_anew(path: Path, stored: StoredSeries) -> None:
    table = _begun(path)
    _add(table, 1, stored)
    _add(table, 2, stored)
    path.write_bytes(path.read_bytes()[:-5])
    _begun(path, (series_record(1), stored, AT), (series_record(2), stored, AT))
    assert [row[0] for row in _rows(path)] == [series_record(1).series_uid, series_record(2).series_uid]
    assert len({tuple(row[1:4]) for row in _rows(path)}) == 1


@pytest.mark.parametrize("length", [0, 1, 10, 240, 242])
def test_a_torn_heading_is_written_anew(path: Path, stored: StoredSeries, length: int) -> None:
    path.write_bytes(HEADING[:length])
    _add(_begun(path), 1, stored)
    assert path.read_bytes().startswith(HEADING)
    assert len(_rows(path)) == 1


def test_a_replaced_series_has_its_newest_row_alone_at_the_end(path: Path, stored: StoredSeries) -> None:
    table = _begun(path)
    for number in (1, 2, 1):
        _add(table, number, stored)
    assert len(_rows(path)) == 3
    table.add(series_record(2), evolve(stored, files=()), AT)
    table.finish()
    assert [(row[0][-1], row[14]) for row in _rows(path)] == [("1", "163.31 KB"), ("2", "0 B")]


def test_duplicates_of_an_earlier_crash_are_resolved_at_the_start(path: Path) -> None:
    path.write_bytes(HEADING + ORIGINAL_ROW + ORIGINAL_ROW.replace(b"163.31 KB", b"164.00 KB"))
    _begun(path)
    assert _cell(path, "File Size") == "164.00 KB"


def test_the_original_s_table_is_continued(path: Path, stored: StoredSeries) -> None:
    path.write_bytes(HEADING + ORIGINAL_ROW)
    table = _begun(path)
    _add(table, 1, stored)
    table.finish()
    assert path.read_bytes().startswith(HEADING + ORIGINAL_ROW)
    assert len(_rows(path)) == 2


def test_a_table_that_a_spreadsheet_program_saved_is_continued(path: Path, stored: StoredSeries) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + (HEADING + ORIGINAL_ROW).replace(b"\r\n", b"\n"))
    _add(_begun(path), 1, stored)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row[1] for row in csv.reader(file)] == ["Collection", "HNSCC", "TEST"]


def test_bytes_that_are_no_text_survive_rewriting(path: Path) -> None:
    row = ORIGINAL_ROW.replace(b"ADAC", b"\xc4DAC")
    path.write_bytes(HEADING + row + row)
    _begun(path)
    assert path.read_bytes() == HEADING + row


def test_empty_lines_are_passed_over(path: Path, stored: StoredSeries) -> None:
    path.write_bytes(HEADING + b"\r\n" + ORIGINAL_ROW + b"\r\n")
    table = _begun(path)
    _add(table, 1, stored)
    _add(table, 1, stored)
    table.finish()
    assert [row[1] for row in _rows(path)] == ["HNSCC", "TEST"]


@pytest.mark.parametrize(
    "content",
    [
        b"Series UID,my,own,columns\r\n1,2,3,4\r\n",
        b"Series\r\n1\r\n",
        b"not a table at all",
        bytes(1000),
        HEADING + b"x" * 200_000 + b"\r\n",
    ],
    ids=["other columns", "a part of the heading", "prose", "zeros", "an endless cell"],
)
def test_a_foreign_table_is_refused_untouched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"it is not a table of downloaded series; .*Move it away"):
        _begun(path)
    assert path.read_bytes() == content


def test_a_table_that_vanishes_meanwhile_begins_anew(path: Path, stored: StoredSeries) -> None:
    table = _begun(path)
    _add(table, 1, stored)
    path.unlink()
    _add(table, 2, stored)
    assert [row[0] for row in _rows(path)] == [series_record(2).series_uid]


# --- a table that cannot be written -------------------------------------------------------------


def _refuse(*_: object) -> None:
    raise OSError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_row_that_cannot_be_written_now_comes_with_the_next(
    path: Path, stored: StoredSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = _begun(path)
    _add(table, 1, stored)
    with monkeypatch.context() as patched:
        patched.setattr(os, "open", _refuse)
        _add(table, 2, stored)
    assert len(_rows(path)) == 1
    _add(table, 3, stored)
    assert [row[0][-1] for row in _rows(path)] == ["1", "2", "3"]


def test_a_row_that_was_cut_is_written_anew(
    path: Path, stored: StoredSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = _begun(path)
    _add(table, 1, stored)
    write = os.write

    def cut(descriptor: int, data: memoryview) -> int:
        write(descriptor, data[:30])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", cut)
        _add(table, 2, stored)
    assert path.read_bytes().count(b"\r\n") == 2
    table.finish()
    assert [row[0][-1] for row in _rows(path)] == ["1", "2"]


def test_rows_that_cannot_be_written_at_all_are_told_at_the_end(
    path: Path, stored: StoredSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = _begun(path)
    monkeypatch.setattr(os, "open", _refuse)
    _add(table, 1, stored)
    with pytest.raises(StorageError, match=r"metadata\.csv: writing it failed: access is denied"):
        table.finish()
