"""The second look at what an earlier session received."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from cartload.errors import DestinationError
from cartload.model import SeriesUID, SOPInstanceUID
from cartload.staging import StagingArea, handle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SERIES = SeriesUID("1.2.3")
HEAD = 4
IMAGES = (b"first image", b"second image", b"")


def received(place: Path) -> StagingArea:
    """Have a session receive three images, and be cut off in the middle of a fourth."""
    area = StagingArea(place, HEAD, SERIES)
    with area.at_work():
        for number, content in enumerate(IMAGES, start=1):
            piece = area.receive(iter([content]), 100, lambda _: None)
            area.keep(piece, SOPInstanceUID(f"1.2.3.{number}"), f"{number}.dcm")
        area.receive(iter([b"cut o"]), 100, lambda _: None)
    return area


def taken_over(place: Path) -> StagingArea:
    return StagingArea(place, HEAD, SERIES, taken_over=True)


def numbers(area: StagingArea) -> list[int]:
    with area.at_work():
        return [piece.number for _, piece in area.earlier()]


def files(area: StagingArea) -> list[str]:
    return sorted(path.name for path in area.folder.iterdir())


def test_every_image_that_came_whole_is_given_and_all_else_deleted(tmp_path: Path) -> None:
    received(tmp_path / "area")
    area = taken_over(tmp_path / "area")
    assert area.has_earlier
    with area.at_work():
        given = [(kept.sop_uid, piece.size, piece.head) for kept, piece in area.earlier()]
    assert given == [("1.2.3.1", 11, b"firs"), ("1.2.3.2", 12, b"seco"), ("1.2.3.3", 0, b"")]
    assert files(area) == [".000001", ".000002", ".000003"]
    assert not area.has_earlier


def test_what_comes_then_gets_numbers_of_its_own(tmp_path: Path) -> None:
    received(tmp_path / "area")
    area = taken_over(tmp_path / "area")
    assert numbers(area) == [1, 2, 3]
    assert area.receive(iter([b"x"]), 1, lambda _: None).number == 4


def test_whoever_stops_in_the_middle_goes_on_there(tmp_path: Path) -> None:
    received(tmp_path / "area")
    area = taken_over(tmp_path / "area")
    with area.at_work():
        assert next(iter(area.earlier()))[1].number == 1
    assert area.has_earlier
    assert numbers(area) == [2, 3]
    assert numbers(area) == []


def test_what_a_third_session_receives_is_told_to_a_fourth(tmp_path: Path) -> None:
    received(tmp_path / "area")
    area = taken_over(tmp_path / "area")
    assert numbers(area) == [1, 2, 3]
    with area.at_work():
        piece = area.receive(iter([b"fourth"]), 100, lambda _: None)
        area.keep(piece, SOPInstanceUID("1.2.3.4"), "4.dcm")
    assert numbers(taken_over(tmp_path / "area")) == [1, 2, 3, 4]


def test_files_that_had_their_names_already_are_images_again(tmp_path: Path) -> None:
    area = received(tmp_path / "area")
    with area.at_work():
        area.name({1: "1-01.dcm", 2: "1-02.dcm", 3: "1-03.dcm"})
    (area.folder / "1-02.dcm").rename(area.folder / ".000002")
    assert numbers(taken_over(tmp_path / "area")) == [1, 2, 3]
    assert files(area) == [".000001", ".000002", ".000003"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"second imag"),
        lambda path: path.write_bytes(b"SECOND image"),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["lost", "cut", "altered", "a folder"],
)
def test_what_is_not_what_it_was_is_left_for_the_archive(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    area = received(tmp_path / "area")
    spoil(area.folder / ".000002")
    assert numbers(taken_over(tmp_path / "area")) == [1, 3]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_in_the_place_of_an_image_is_not_followed(tmp_path: Path) -> None:
    area = received(tmp_path / "area")
    (tmp_path / "outside").write_bytes(IMAGES[1])
    (area.folder / ".000002").unlink()
    (area.folder / ".000002").symlink_to(tmp_path / "outside")
    assert numbers(taken_over(tmp_path / "area")) == [1, 3]
    assert (tmp_path / "outside").read_bytes() == IMAGES[1]


def test_a_folder_among_the_files_is_left_to_publication(tmp_path: Path) -> None:
    area = received(tmp_path / "area")
    (area.folder / "odd").mkdir()
    assert numbers(taken_over(tmp_path / "area")) == [1, 2, 3]


def test_it_works_by_paths_where_the_system_has_no_other_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle, "_DIR_FD", False)
    area = received(tmp_path / "area")
    area.name({1: "1-01.dcm"})
    assert numbers(taken_over(tmp_path / "area")) == [1, 2, 3]


def test_a_disk_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    received(tmp_path / "area")
    area = taken_over(tmp_path / "area")
    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(DestinationError, match="looking at what was received earlier failed"):
        numbers(area)
