"""A tree that the archive's own retriever made is looked at, taken over, and completed."""

from __future__ import annotations

import csv
import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest
from attrs import define

from archive_carts import images_below, write_cart
from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.testing.archive import Catalogue
    from cartload_archive import Request
    from command_line import CommandLine, Result


@define
class Tree:
    """A tree as the original leaves it: its table without quotes, and no journal."""

    root: Path
    cart: Path
    server: ArchiveServer
    catalogue: Catalogue
    cartload: CommandLine
    expected: dict[str, bytes]

    def run(self, *options: str) -> tuple[Result, list[Request]]:
        before = len(self.server.requests)
        result = self.cartload("download", self.cart, "--accept-policy", "-d", self.root.parent, *options)
        return result, [
            request
            for request in self.server.requests[before:]
            if "sopUids" in dict(request.form) or "SingleImage" in request.path
        ]

    def image(self, number: int = 0) -> Path:
        """Give one image of a large series without annotations."""
        folder = max(self.folders(), key=lambda name: len(self.of(name)) * (not self.has_xml(name)))
        return self.root / sorted(self.of(folder))[number]

    def folders(self) -> set[str]:
        return {name.rpartition("/")[0] for name in self.expected}

    def of(self, folder: str) -> list[str]:
        return [name for name in self.expected if name.rpartition("/")[0] == folder]

    def has_xml(self, folder: str) -> bool:
        return any(name.endswith(".xml") for name in self.of(folder))


@pytest.fixture
def tree(cartload: CommandLine, tmp_path: Path) -> Iterator[Tree]:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        assert cartload("download", cart, "--accept-policy", "-d", tmp_path / "there").exit_code == 0
        root = tmp_path / "there" / "cart"
        shutil.rmtree(root / ".cartload")
        (root / "cart.tcia").unlink()
        as_the_original(root / "metadata.csv", lambda location: location)
        yield Tree(root, cart, server, catalogue, cartload, images_below(root))


def as_the_original(table: Path, place: Callable[[str], str]) -> None:
    with table.open(newline="") as file:
        heading, *rows = csv.reader(file)
    for row in rows:
        row[6] = f"{row[6]}, with a comma"
        row[-2] = place(row[-2])
    table.write_bytes("".join(f"{','.join(row)}\r\n" for row in (heading, *rows)).encode())


def rows(root: Path) -> list[str]:
    with (root / "metadata.csv").open(newline="") as file:
        return sorted(row["Series UID"] for row in csv.DictReader(file))


def test_a_whole_tree_is_taken_over_and_no_image_is_fetched(tree: Tree) -> None:
    inodes = {name: (tree.root / name).stat().st_ino for name in tree.expected if not name.endswith(".xml")}
    result, asked = tree.run()
    assert result.exit_code == 0, result.err
    assert "10 series that another program brought stand here" in result.err
    whole = {uid for uid in tree.catalogue.public if not tree.catalogue.series[uid].annotations}
    assert not [request for request in asked if dict(request.form).get("seriesUid") in whole]
    assert images_below(tree.root) == tree.expected
    assert {name: (tree.root / name).stat().st_ino for name in inodes} == inodes
    assert rows(tree.root) == sorted(tree.catalogue.public)
    again, asked = tree.run()
    assert (again.exit_code, asked) == (0, [])
    assert tree.cartload("verify", tree.root).exit_code == 0


def test_a_tree_of_windows_is_taken_over_too(tree: Tree) -> None:
    as_the_original(tree.root / "metadata.csv", lambda location: location.replace("/", "\\"))
    result, asked = tree.run()
    assert result.exit_code == 0, result.err
    assert len(asked) <= 1
    assert images_below(tree.root) == tree.expected


def test_what_is_missing_is_fetched_and_nothing_else(tree: Tree) -> None:
    for number in (3, 4):
        tree.image(number).unlink()
    result, asked = tree.run("--no-annotations")
    assert result.exit_code == 0, result.err
    (request,) = asked
    excluded = dict(request.form)["sopUids"].split(",")
    assert len(excluded) == len(tree.of(tree.image().parent.relative_to(tree.root).as_posix())) - 2
    assert set(images_below(tree.root)) == {*tree.expected}


def test_an_image_that_was_cut_makes_the_series_come_anew(tree: Tree) -> None:
    path = tree.image(5)
    path.write_bytes(path.read_bytes()[:-100])
    result, _ = tree.run()
    assert result.exit_code == 0, result.err
    assert images_below(tree.root) == tree.expected


def test_an_image_that_was_altered_is_told_by_the_archive_and_fetched_again(tree: Tree) -> None:
    path = tree.image(5)
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    result, asked = tree.run("--no-annotations")
    assert result.exit_code == 0, result.err
    assert len(asked) == 1
    assert (
        images_below(tree.root)[path.relative_to(tree.root).as_posix()]
        == tree.expected[path.relative_to(tree.root).as_posix()]
    )


def test_the_original_s_own_list_is_believed_against_an_image(tree: Tree) -> None:
    path = tree.image(5)
    lines = [
        f"{image.name},{hashlib.md5(image.read_bytes(), usedforsecurity=False).hexdigest()}\n"
        for image in sorted(path.parent.iterdir())
    ]
    (path.parent / "md5hashes.csv").write_text("".join(("Filename,MD5Hash\n", *lines)))
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    result, _ = tree.run("--no-annotations", "--no-check")
    assert result.exit_code == 0, result.err
    assert path.read_bytes() == tree.expected[path.relative_to(tree.root).as_posix()]


def test_a_row_without_a_folder_is_no_series(tree: Tree) -> None:
    shutil.rmtree(tree.image().parent)
    result, asked = tree.run("--no-annotations")
    assert result.exit_code == 0, result.err
    assert "9 series that another program brought" in result.err
    assert len(asked) == 1
    assert images_below(tree.root) == tree.expected


def test_files_that_are_none_of_the_series_stay(tree: Tree) -> None:
    notes = tree.image().with_name("notes.txt")
    notes.write_text("mine")
    strange = tree.image().with_name("strange.dcm")
    strange.write_bytes(b"no image")
    assert tree.run()[0].exit_code == 0
    assert (notes.read_text(), strange.read_bytes()) == ("mine", b"no image")


def test_whoever_wants_all_anew_gets_all_anew(tree: Tree) -> None:
    result, asked = tree.run("--existing", "all")
    assert result.exit_code == 0, result.err
    assert len(asked) == len(tree.catalogue.public)
    assert images_below(tree.root) == tree.expected


@pytest.mark.parametrize(
    "location", ["../../elsewhere", "/etc", "C:\\Windows", "./../up", "", "./", "./a/../b"]
)
def test_a_location_that_leads_elsewhere_is_not_followed(tree: Tree, location: str) -> None:
    as_the_original(tree.root / "metadata.csv", lambda _: location)
    result, _ = tree.run()
    assert result.exit_code == 0, result.err
    assert "another program" not in result.err
