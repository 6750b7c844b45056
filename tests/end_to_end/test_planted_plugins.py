"""Plugins come from what is installed, never from a folder that somebody can write files to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archive_carts import images_below, stored_bytes, write_cart
from cartload_archive import ArchiveServer
from small_carts import a_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import CommandLine


def plant(folder: Path, ran: Path) -> None:
    """Lay out a plugin as if it were installed in *folder*; it tells by a file that it was imported."""
    folder.mkdir(parents=True, exist_ok=True)
    program = f"open({str(ran)!r}, 'w').close()\n"
    for name in ("planted", "cartload_planted", "sitecustomize", "urllib3", "cartload_plugins"):
        (folder / f"{name}.py").write_text(program)
    made = folder / "planted-1.0.dist-info"
    made.mkdir()
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n")
    (made / "entry_points.txt").write_text("[cartload]\nplanted = planted\n")


@pytest.mark.parametrize("place", [".", "out", "out/cart"], ids=["where one stands", "-d", "the cart"])
def test_a_plugin_that_was_only_laid_there_is_neither_listed_nor_run(
    cartload: CommandLine, tmp_path: Path, place: str
) -> None:
    ran = tmp_path / "home" / "ran"
    plant(tmp_path / place, ran)
    catalogue = a_catalogue()
    with ArchiveServer(catalogue) as server:
        cart = write_cart(tmp_path, server, catalogue)
        result = cartload("download", cart, "--accept-policy", "-d", tmp_path / "out")
    listed = cartload("plugins", "--json")
    assert result.exit_code == 0, result.err
    assert json.loads(listed.out)
    assert "planted" not in listed.out + listed.err
    assert not ran.exists()
    brought = {
        name: held for name, held in images_below(tmp_path / "out/cart").items() if name[-4:] == ".dcm"
    }
    assert sorted(brought.values()) == stored_bytes(catalogue.series.values())


def test_a_planted_plugin_would_have_run_had_it_been_installed(
    cartload: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran, place = tmp_path / "ran", tmp_path / "place"
    plant(place, ran)
    for shadow in ("sitecustomize", "urllib3", "cartload_plugins"):
        (place / f"{shadow}.py").unlink()
    monkeypatch.setenv("PYTHONPATH", str(place))
    cartload("plugins")
    assert ran.exists()
