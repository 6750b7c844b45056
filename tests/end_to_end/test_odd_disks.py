"""A destination that cannot be used, or not any more: a clear error, exit code 6, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import odd_disk
from archive_carts import fetches, images_below, write_cart
from cartload.model import SeriesUID
from cartload_archive import ArchiveServer
from command_line import Result
from small_carts import a_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cartload.testing.archive import Catalogue
    from cartload_archive import Strike
    from command_line import CommandLine

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the calls are those of Linux")


@pytest.fixture
def catalogue() -> Catalogue:
    return a_catalogue()


def on(cartload: CommandLine, wish: Mapping[str, object], *arguments: str | Path) -> Result:
    """Run the command on a disk that is odd in this way."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, odd_disk.__file__, json.dumps(wish), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=cartload.environment,
        cwd=cartload.folder,
        stdin=subprocess.DEVNULL,
        timeout=100,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def demand_clear_words(result: Result, said: str, code: int = 6) -> None:
    assert result.exit_code == code, result.err
    assert said in result.err
    assert "Traceback" not in result.err
    assert "fault of cartload" not in result.err


@linux_only
@pytest.mark.parametrize(("name", "said"), [("EROFS", "read-only"), ("EACCES", "access is denied")])
def test_a_destination_that_may_not_be_written_is_told_before_anything_is_fetched(
    cartload: CommandLine, tmp_path: Path, catalogue: Catalogue, name: str, said: str
) -> None:
    wish = {"refuse": name, "folder": str(tmp_path / "out")}
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        result = on(cartload, wish, "download", cart, "--accept-policy", "-d", tmp_path / "out")
        assert fetches(server) == []
    demand_clear_words(result, said)
    assert not (tmp_path / "out").exists()


@linux_only
@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"refuse": "EROFS"}, "read-only"),
        ({"refuse": "EIO"}, "reports an error"),
        ({"refuse": "ESTALE", "looking": True}, "network directory is gone"),
    ],
    ids=["read-only", "broken", "stale"],
)
def test_a_disk_that_goes_bad_in_the_middle_keeps_what_is_complete(
    cartload: CommandLine, tmp_path: Path, catalogue: Catalogue, wish: dict[str, object], said: str
) -> None:
    root = tmp_path / "out" / "cart"
    bad_after_two = {**wish, "folder": str(root.parent), "after": 2}
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        order = ("download", cart, "--accept-policy", "--jobs", "1", "-d")
        assert cartload(*order, tmp_path / "alone").exit_code == 0
        expected = images_below(tmp_path / "alone" / "cart")
        bad = on(cartload, bad_after_two, *order, root.parent)
        kept = images_below(root)
        before = len(fetches(server))
        last = cartload(*order, root.parent)
        again = fetches(server)[before:]
    demand_clear_words(bad, said)
    assert kept.items() <= expected.items()
    assert len({name.rpartition("/")[0] for name in kept}) == 2
    assert last.exit_code == 0, last.err
    assert images_below(root) == expected
    assert len(again) == 2


def move(root: Path) -> None:
    root.rename(root.with_name("moved"))


@pytest.mark.skipif(sys.platform == "win32", reason="there, a folder in use cannot be moved")
@pytest.mark.parametrize("vanish", [move, shutil.rmtree])
@pytest.mark.parametrize("at", [0, 2, 3], ids=["at the first series", "in the middle", "at the last series"])
def test_a_destination_that_vanishes_in_the_middle_is_told_and_made_by_nobody_again(
    cartload: CommandLine, tmp_path: Path, catalogue: Catalogue, vanish: Callable[[Path], object], at: int
) -> None:
    root = tmp_path / "out" / "cart"
    moved = root.with_name("moved")

    def strike(strike: Strike) -> None:
        if SeriesUID(strike.key) == catalogue.public[at] and root.exists():
            vanish(root)

    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        order = ("download", cart, "--accept-policy", "--jobs", "1", "-d")
        assert cartload(*order, tmp_path / "alone").exit_code == 0
    expected = images_below(tmp_path / "alone" / "cart")
    with ArchiveServer(catalogue, faults=strike) as server:
        cart = write_cart(tmp_path, server, catalogue)
        result = cartload(*order, root.parent)
    demand_clear_words(result, "was moved away or deleted")
    assert not root.exists()
    if moved.exists():
        kept = images_below(moved)
        assert kept.items() <= expected.items()
        assert len({name.rpartition("/")[0] for name in kept}) == at
        moved.rename(root)
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        last = cartload(*order, root.parent)
        assert len(fetches(server)) == len(catalogue.public) - (at if vanish is move else 0)
    assert last.exit_code == 0, last.err
    assert images_below(root) == expected
    assert not (root / ".cartload" / "staging").exists()


def test_a_destination_that_is_a_file_is_wrong_use(cartload: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    result = cartload("download", "-", "--accept-policy", "-d", tmp_path / "out")
    demand_clear_words(result, "is a file", 2)
    assert (tmp_path / "out").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["cart", "cart/.cartload", "cart/.cartload/journal"])
def test_a_file_where_a_folder_has_to_be_is_told(
    cartload: CommandLine, tmp_path: Path, catalogue: Catalogue, name: str
) -> None:
    file = tmp_path / "out" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(b"mine")
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        result = cartload("download", cart, "--accept-policy", "-d", tmp_path / "out")
        assert fetches(server) == []
    demand_clear_words(result, "a part of its path is a file")
    assert file.read_bytes() == b"mine"
