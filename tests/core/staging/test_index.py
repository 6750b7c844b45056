from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload.model import SeriesUID, SOPInstanceUID
from cartload.sealing import seal
from cartload.staging import Kept, index
from cartload.staging.index import Contents, Index, contents_of, series_of

if TYPE_CHECKING:
    from pathlib import Path

SERIES = SeriesUID("1.2.3")
FIRST = Kept(1, 10, "0" * 32, SOPInstanceUID("1.2.3.1"), "1-1.dcm")
SECOND = Kept(2, 20, "f" * 32, SOPInstanceUID("1.2.3.2"), "ünïcode^\u202e.dcm")


def _written(place: Path, *kept: Kept, names: dict[int, str] | None = None) -> Path:
    made = Index(place, SERIES)
    for each in kept:
        made.keep(each)
    if names is not None:
        made.name(names)
    made.close()
    return place / index.NAME


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    _written(tmp_path, FIRST, SECOND, names={1: "1-01.dcm"})
    assert series_of(tmp_path) == SERIES
    assert contents_of(tmp_path) == Contents((FIRST, SECOND), ((1, "1-01.dcm"),))


def test_an_index_may_be_closed_and_gone_on_with(tmp_path: Path) -> None:
    _written(tmp_path, FIRST)
    _written(tmp_path, SECOND)
    assert contents_of(tmp_path).kept == (FIRST, SECOND)


def test_an_area_without_an_index_is_of_no_series(tmp_path: Path) -> None:
    assert series_of(tmp_path) is None
    assert contents_of(tmp_path) == Contents()


@pytest.mark.parametrize(
    "line", ["", "no JSON", '["no seal"]', seal("[1]"), seal('{"series_uid":7}'), seal("{")]
)
def test_an_index_that_does_not_begin_with_a_series_is_of_none(tmp_path: Path, line: str) -> None:
    (tmp_path / index.NAME).write_text(f"{line}\n")
    assert series_of(tmp_path) is None


@pytest.mark.parametrize(
    "line",
    [
        seal("{}"),
        seal("7"),
        seal("["),
        seal('[1,"ten","",1,2]'),
        seal('{"names":[[1]]}'),
        seal('{"names":[[1,"../../elsewhere"]]}'),
        seal('{"names":[[1,".000002"]]}'),
        seal("[" * 100_000),
        '{"crc":"00000000","entry":[1,10,"","",""]}',
    ],
)
def test_a_line_that_makes_no_sense_is_passed_over(tmp_path: Path, line: str) -> None:
    path = _written(tmp_path, FIRST)
    path.write_text(f"{path.read_text()}{line}\n")
    _written(tmp_path, SECOND)
    assert contents_of(tmp_path) == Contents((FIRST, SECOND))


@given(cut=st.integers(0, 400))
def test_a_line_that_was_cut_costs_only_itself(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    place = tmp_path_factory.mktemp("area")
    path = _written(place, FIRST, SECOND)
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    complete = whole[:cut].count(b"\n")
    third = Kept(3, 30, "a" * 32, SOPInstanceUID("1.2.3.3"), "c.dcm")
    _written(place, third)
    kept = contents_of(place).kept
    if complete >= 1:
        assert kept == (*(FIRST, SECOND)[: complete - 1], third) or cut == len(whole[:cut].rstrip(b"\n"))
    assert kept[-1] == third


def test_a_full_disk_spoils_no_other_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Index(tmp_path, SERIES)
    made.keep(FIRST)

    def tear(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[:20])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(index, "write_all", tear)
        with pytest.raises(OSError, match="No space"):
            made.keep(SECOND)
    made.keep(SECOND)
    made.close()
    made.close()
    assert contents_of(tmp_path).kept == (FIRST, SECOND)


def test_of_an_endless_index_only_so_much_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path, FIRST, SECOND)
    monkeypatch.setattr(index, "MOST_BYTES", path.stat().st_size - 2)
    assert contents_of(tmp_path).kept == (FIRST,)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_an_index_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / index.NAME).symlink_to(_written(tmp_path / "outside", FIRST))
    assert series_of(tmp_path) is None
