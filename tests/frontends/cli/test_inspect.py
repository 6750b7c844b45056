from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cartload.testing.archive import manifest_text
from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from frontends.cli.commandline import CommandLine


@pytest.fixture(scope="module")
def manifest() -> Iterator[str]:
    catalogue = demo_catalogue()
    with ArchiveServer(catalogue) as server:
        yield manifest_text(catalogue, server.servlet_url)


@pytest.fixture
def cart(manifest: str, tmp_path: Path) -> Path:
    path = tmp_path / "cart.tcia"
    path.write_text(manifest)
    return path


def test_a_cart_is_listed_one_line_a_series_and_nothing_is_written(cartload: CommandLine, cart: Path) -> None:
    ran = cartload("inspect", cart, "-d", cart.parent / "out")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 13
    assert "10 to fetch (4.0 MB), 2 denied." in ran.err
    assert not (cart.parent / "out").exists()


def test_json_says_what_is_held_and_where_all_goes(cartload: CommandLine, cart: Path) -> None:
    cartload("download", cart, "-d", cart.parent / "out", "--accept-policy", "--allowed-only")
    ran = cartload("inspect", cart, "-d", cart.parent / "out", "--json")
    document = json.loads(ran.out)
    assert document["server"].startswith("http://")
    assert document["root"] == str(cart.parent / "out" / "cart")
    assert sum(row["held"] for row in document["series"]) == 10
    held = [row for row in document["series"] if row["held"]]
    assert all((cart.parent / "out" / "cart" / row["directory"]).is_dir() for row in held)


def test_a_terminal_gets_a_page_for_people(cartload: CommandLine, cart: Path) -> None:
    ran = cartload.at_terminal("inspect", cart, "-d", cart.parent / "out")
    assert ran.code == 0
    assert "DEMO-LUNG, patient DEMO-LUNG-0001, 2000-01-01" in ran.out
    assert f"Folders are below {cart.parent / 'out' / 'cart'}" in ran.out


def test_another_naming_shows_other_places(cartload: CommandLine, cart: Path) -> None:
    one = cartload("inspect", cart, "--naming", "descriptive").out
    assert cartload("inspect", cart, "--naming", "classic").out != one


def test_a_manifest_that_cannot_be_used_is_told(cartload: CommandLine, cart: Path) -> None:
    cart.write_text("nothing of the kind")
    assert cartload("inspect", cart).code == 3
