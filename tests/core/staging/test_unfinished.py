"""What one session leaves unfinished, another goes on with: once, and only what it may trust."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cartload.model import SeriesUID, SOPInstanceUID
from cartload.staging import CartFolder, Claim, owners, unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = 1_600_000_000.25
ONE, TWO = SeriesUID("1.2.1"), SeriesUID("1.2.2")
HEAD = 16


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "cart"


def receive(cart: CartFolder, uid: SeriesUID, *images: bytes) -> None:
    area = cart.area(uid, HEAD)
    with area.at_work():
        for number, content in enumerate(images, start=1):
            piece = area.receive(iter([content]), 1000, lambda _: None)
            area.keep(piece, SOPInstanceUID(f"{uid}.{number}"), f"{number}.dcm")


def left_by_a_session(root: Path, *uids: SeriesUID) -> Path:
    """Have a session receive two images each and end; gives the folder in which they are."""
    cart = CartFolder(root)
    cart.open(NOW)
    for uid in uids or (ONE,):
        receive(cart, uid, b"first", b"second")
    cart.close()
    (left,) = (root / ".cartload" / "staging").iterdir()
    return left


def taken(cart: CartFolder, uid: SeriesUID = ONE) -> dict[str, int]:
    """Give the images of a series that are here already, by UID, with their sizes."""
    area = cart.area(uid, HEAD)
    with area.at_work():
        found: dict[str, int] = {kept.sop_uid: piece.size for kept, piece in area.earlier()}
    area.discard()
    return found


@pytest.fixture
def opened(root: Path) -> Iterator[Callable[..., CartFolder]]:
    made: list[CartFolder] = []

    def open_(*claims: Callable[[SeriesUID], Claim]) -> CartFolder:
        cart = CartFolder(root)
        cart.open(NOW, *claims)
        made.append(cart)
        return cart

    yield open_
    for cart in made:
        cart.close()


IMAGES = {"1.2.1.1": 5, "1.2.1.2": 6}


def test_what_a_session_left_is_gone_on_with(root: Path, opened: Callable[..., CartFolder]) -> None:
    left_by_a_session(root)
    cart = opened()
    assert taken(cart) == IMAGES
    assert taken(cart) == {}
    cart.close()
    assert not (root / ".cartload" / "staging").exists()


def test_what_is_not_gone_on_with_is_left_again(root: Path, opened: Callable[..., CartFolder]) -> None:
    left_by_a_session(root)
    opened().close()
    assert taken(opened()) == IMAGES


def test_what_another_host_left_of_its_own_will_may_be_taken(
    root: Path, opened: Callable[..., CartFolder]
) -> None:
    left = left_by_a_session(root)
    left.rename(left.with_name("left.anotherhost-1-ab"))
    assert taken(opened()) == IMAGES


def test_what_nobody_needs_is_deleted_and_what_others_need_stays(
    root: Path, opened: Callable[..., CartFolder]
) -> None:
    left_by_a_session(root, ONE, TWO)
    cart = opened({ONE: Claim.LEAVE, TWO: Claim.DROP}.__getitem__)
    assert taken(cart, ONE) == {}
    cart.close()
    cart = opened()
    assert taken(cart, TWO) == {}
    assert taken(cart, ONE) == IMAGES


def test_of_two_copies_one_is_kept(root: Path, opened: Callable[..., CartFolder]) -> None:
    left = left_by_a_session(root)
    shutil.copytree(left, left.with_name("left.other"))
    cart = opened()
    assert taken(cart) == IMAGES
    cart.close()
    assert not (root / ".cartload" / "staging").exists()


def test_a_session_that_was_cut_off_while_it_took_over_loses_nothing(
    root: Path, opened: Callable[..., CartFolder]
) -> None:
    left = left_by_a_session(root)
    outer = left.with_name("left.newer")
    outer.mkdir()
    left.rename(outer / left.name)
    assert taken(opened()) == IMAGES


def test_another_session_may_be_faster(
    root: Path, opened: Callable[..., CartFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    left_by_a_session(root)

    def refuse(*_: object) -> None:
        raise FileNotFoundError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        assert taken(opened()) == {}


def test_a_file_among_the_areas_is_nothing_to_keep(root: Path, opened: Callable[..., CartFolder]) -> None:
    left = left_by_a_session(root)
    (left / "half").write_text("half a file")
    cart = opened()
    assert taken(cart) == IMAGES
    cart.close()
    assert not (root / ".cartload" / "staging").exists()


def test_a_file_that_cannot_be_deleted_hinders_nothing(
    root: Path, opened: Callable[..., CartFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = left_by_a_session(root)
    (left / "half").write_text("half a file")

    def refuse(_: Path) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        cart = opened()
    assert taken(cart) == IMAGES


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owners there")
def test_what_another_user_put_there_is_not_touched(
    root: Path, opened: Callable[..., CartFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = left_by_a_session(root)
    honest = Path.lstat

    def as_another_s(path: Path) -> object:
        status = honest(path)
        return os.stat_result((*status[:4], status.st_uid + 1, *status[5:10])) if path == left else status

    with monkeypatch.context() as patched:
        patched.setattr(Path, "lstat", as_another_s)
        assert taken(opened()) == {}
    assert left.exists()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_appears_while_it_is_moved_is_not_followed(
    root: Path, opened: Callable[..., CartFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = left_by_a_session(root)
    outside = tmp_path / "outside"
    shutil.copytree(left, outside)
    honest = owners.is_abandoned

    def swap(name: str, *, locked: bool) -> bool:
        if name == left.name and not left.is_symlink():
            shutil.rmtree(left)
            left.symlink_to(outside)
        return honest(name, locked=locked)

    monkeypatch.setattr(unfinished, "is_abandoned", swap)
    cart = opened()
    assert taken(cart) == {}
    cart.close()
    assert len(list(outside.rglob("*"))) == 5
    assert not (root / ".cartload" / "staging").exists()


def test_what_another_session_takes_away_while_it_is_counted_is_passed_over(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = left_by_a_session(root)
    honest = Path.lstat

    def gone(path: Path) -> os.stat_result:
        if path.name == ".000001":
            raise FileNotFoundError
        return honest(path)

    monkeypatch.setattr(Path, "lstat", gone)
    assert 0 < CartFolder(root).staged_bytes() < sum(path.stat().st_size for path in left.parent.rglob("*"))
