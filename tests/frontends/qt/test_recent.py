from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cartload_qt.recent import MOST, CartState, RecentCart, RecentCarts, usual_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "recent.json"


@pytest.fixture
def carts(file: Path) -> RecentCarts:
    return RecentCarts(file)


def cart(name: str, state: CartState = CartState.STOPPED, when: float = 1.5) -> RecentCart:
    return RecentCart(
        manifest=f"/home/jane/{name}.tcia", root="/data", name=name, series=12, done=3, state=state, when=when
    )


def names(carts: tuple[RecentCart, ...]) -> list[str]:
    return [each.name for each in carts]


def test_without_a_list_there_are_none(carts: RecentCarts) -> None:
    assert carts.recent() == carts.unfinished() == ()


def test_the_latest_comes_first_and_each_but_once(carts: RecentCarts) -> None:
    for name in ("a", "b", "a"):
        carts.record(cart(name))
    assert names(carts.recent()) == ["a", "b"]


def test_another_process_reads_what_was_recorded(carts: RecentCarts, file: Path) -> None:
    carts.record(cart("a", CartState.COMPLETE))
    assert RecentCarts(file).recent() == (cart("a", CartState.COMPLETE),)


def test_the_oldest_are_forgotten(carts: RecentCarts) -> None:
    for number in range(MOST + 3):
        carts.record(cart(str(number)))
    assert names(carts.recent()) == [str(number) for number in range(MOST + 2, 2, -1)]


def test_only_what_is_complete_is_finished(carts: RecentCarts) -> None:
    for state in CartState:
        carts.record(cart(state.value, state))
    assert names(carts.unfinished()) == ["failed", "stopped"]


def test_a_cart_that_runs_here_is_not_offered(carts: RecentCarts) -> None:
    carts.record(cart("a", CartState.RUNNING))
    assert [each.state for each in carts.recent()] == [CartState.RUNNING]
    assert carts.unfinished() == ()


def test_a_cart_that_ran_when_its_window_died_is_offered(carts: RecentCarts, file: Path) -> None:
    carts.record(cart("a", CartState.RUNNING))
    following = RecentCarts(file)
    assert names(following.unfinished()) == ["a"]
    assert [each.state for each in following.recent()] == [CartState.STOPPED]


def test_one_that_runs_again_is_not_offered(carts: RecentCarts, file: Path) -> None:
    carts.record(cart("a", CartState.RUNNING))
    following = RecentCarts(file)
    following.record(following.unfinished()[0])
    following.record(evolve(cart("a"), state=CartState.RUNNING))
    assert following.unfinished() == ()


def test_a_cart_can_be_forgotten(carts: RecentCarts) -> None:
    carts.record(cart("a"))
    carts.record(cart("b"))
    carts.forget(cart("a", CartState.COMPLETE))
    assert names(carts.recent()) == ["b"]


def test_carts_of_one_name_in_two_places_are_two(carts: RecentCarts) -> None:
    carts.record(cart("a"))
    carts.record(evolve(cart("a"), root="/other"))
    assert len(carts.recent()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_nobody_else_can_read_it(carts: RecentCarts, file: Path) -> None:
    carts.record(cart("a"))
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"null",
        b"[" * 100_000,
        b'{"version": 1, "carts": [{"name": "a"}]}',
        b'{"version": 1, "carts": 7}',
        b'{"version": 99, "carts": []}',
        b"x" * (1024 * 1024 + 1),
    ],
)
def test_a_damaged_list_is_an_empty_one_and_is_told(
    carts: RecentCarts, file: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert carts.recent() == ()
    assert caplog.records
    carts.record(cart("a"))
    assert names(carts.recent()) == ["a"]


@pytest.mark.parametrize("when", ["NaN", "Infinity", "-1", "1e300", '"now"'])
def test_a_moment_that_is_none_is_damage(carts: RecentCarts, file: Path, when: str) -> None:
    carts.record(cart("a"))
    file.write_text(file.read_text(encoding="utf-8").replace("1.5", when), encoding="utf-8")
    assert carts.recent() == ()


@given(st.binary(max_size=300))
def test_any_file_is_read_or_counts_as_none(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "recent.json"
    file.write_bytes(content)
    assert RecentCarts(file).recent() == ()


def test_a_list_that_cannot_be_written_hinders_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    carts = RecentCarts(tmp_path / "file" / "recent.json")
    with caplog.at_level(logging.WARNING):
        carts.record(cart("a"))
    assert "cannot be written" in caplog.text


def test_a_name_that_is_no_text_is_kept(carts: RecentCarts) -> None:
    odd = cart("a\udcff\u202e<b>")
    carts.record(odd)
    assert carts.recent() == (odd,)


def test_when_the_manifest_is_gone_its_copy_is_used(tmp_path: Path) -> None:
    found = RecentCart(
        manifest=str(tmp_path / "Downloads" / "cart.tcia"),
        root=str(tmp_path / "data"),
        name="cart",
        series=1,
        done=0,
        state=CartState.STOPPED,
        when=0,
    )
    copy = tmp_path / "data" / "cart" / "cart.tcia"
    copy.parent.mkdir(parents=True)
    copy.touch()
    assert found.existing_manifest == copy
    own = tmp_path / "Downloads" / "cart.tcia"
    own.parent.mkdir()
    own.touch()
    assert found.existing_manifest == own


def test_without_manifest_and_copy_there_is_none(tmp_path: Path) -> None:
    assert evolve(cart("a"), root=str(tmp_path)).existing_manifest is None


def test_the_list_is_where_state_belongs(home: Path) -> None:
    assert usual_path() == home / "state" / "recent.json"
    RecentCarts().record(cart("a"))
    assert usual_path().exists()
