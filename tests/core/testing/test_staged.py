from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from cartload.model import MemberKind
from cartload.testing.staged import IMAGES, cart, recorded, series_record, stage

if TYPE_CHECKING:
    from pathlib import Path


def test_a_staged_series_has_its_files_on_disk(tmp_path: Path) -> None:
    staged = stage(tmp_path / "new" / "folder", {"1.dcm": b"image", "marks.xml": b"<a/>"}, replaces=["old"])
    assert [(file.name, file.path.read_bytes()) for file in staged.files] == [
        ("1.dcm", b"image"),
        ("marks.xml", b"<a/>"),
    ]
    assert staged.replaces == {"old"}
    assert sorted(staged.folder.iterdir()) == sorted(file.path for file in staged.files)


def test_sizes_digests_and_kinds_are_true(tmp_path: Path) -> None:
    image, marks = stage(tmp_path / "1", {"1.dcm": b"image", "marks.xml": b""}).files
    assert (image.size, image.kind) == (5, MemberKind.IMAGE)
    assert image.md5 == hashlib.md5(b"image", usedforsecurity=False).hexdigest()
    assert (marks.size, marks.kind, marks.sop_uid) == (0, MemberKind.ANNOTATION, None)


def test_images_and_series_have_their_own_uids(tmp_path: Path) -> None:
    staged = [stage(tmp_path / str(number), series=series_record(number)) for number in range(2)]
    uids = {file.sop_uid for one in staged for file in one.files}
    assert len(uids) == 2 * len(IMAGES)
    assert len({one.series.series_uid for one in staged}) == len({one.directory for one in staged}) == 2


def test_the_directory_can_be_chosen(tmp_path: Path) -> None:
    assert str(stage(tmp_path / "1", directory="a/b").directory) == "a/b"


def test_nothing_is_staged_over_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        stage(tmp_path)


def test_what_is_recorded_is_what_is_staged(tmp_path: Path) -> None:
    staged = stage(tmp_path / "1")
    stored = recorded(staged)
    assert (stored.series_uid, stored.directory) == (staged.series.series_uid, str(staged.directory))
    assert [(file.name, file.md5) for file in stored.files] == [
        (file.name, file.md5) for file in staged.files
    ]


def test_a_cart_may_have_no_accepted_policy() -> None:
    assert cart().acceptance is not None
    assert cart(accepted=False).acceptance is None
