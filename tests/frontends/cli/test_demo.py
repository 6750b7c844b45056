from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveServer
from cartload_cli.commands import demo

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from frontends.cli.commandline import CommandLine


def test_the_demo_brings_a_cart_home_and_says_what_to_try(cartload: CommandLine, tmp_path: Path) -> None:
    ran = cartload("demo", tmp_path / "demo")
    assert ran.code == 0
    assert "accepted for you" in ran.err
    assert "Nobody was ever scanned." in ran.err
    assert "COMPLETE: all 10 series of demo.tcia" in ran.err
    assert "DEMO-LUNG/" in ran.out
    assert "What to try next:" in ran.out
    assert (tmp_path / "demo" / "demo.tcia").is_file()


def test_a_second_demo_fetches_only_what_was_deleted(cartload: CommandLine, tmp_path: Path) -> None:
    cartload("demo", tmp_path / "demo")
    shutil.rmtree(tmp_path / "demo" / "demo" / "DEMO-PHANTOM")
    ran = cartload("demo", tmp_path / "demo")
    assert ran.code == 0
    assert "1 fetched, 9 already there" in ran.err


def test_the_demo_takes_another_port_when_its_own_is_taken(
    cartload: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArchiveServer(demo_catalogue()) as other:
        monkeypatch.setattr(demo, "PORT", int(other.url.rpartition(":")[2]))
        assert cartload("demo", tmp_path / "demo").code == 0
        assert not other.requests


def test_a_place_that_cannot_be_written_is_told(cartload: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    ran = cartload("demo", tmp_path / "file" / "below")
    assert ran.code == 6
