"""A process that is killed at any moment leaves only whole series behind, and the next one goes on."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archive_carts import files_below, images_below, write_cart
from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveOptions, ArchiveServer

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import CommandLine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the alarm that kills is POSIX")

KILLS = 50
EARLIEST, LATEST = 0.2, 0.9
"""Seconds of life: from before the first request to about the end of the run."""

# The alarm's default action ends the process as SIGKILL does: nothing of it is asked or told.
SHORT_LIVED = """
import signal, sys
signal.setitimer(signal.ITIMER_REAL, float(sys.argv[1]))
from cartload_cli.main import main
sys.exit(main(sys.argv[2:]))
"""


def live_for(seconds: float, cartload: CommandLine, *arguments: str | Path) -> None:
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", SHORT_LIVED, str(seconds), *map(str, arguments)],
        env=cartload.environment,
        cwd=cartload.folder,
        capture_output=True,
        timeout=100,
        check=False,
    )


def series_folders(tree: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    folders: dict[str, dict[str, bytes]] = {}
    for name, content in tree.items():
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, {})[file] = content
    return folders


def lose_one(root: Path, whole: dict[str, dict[str, bytes]], chance: random.Random) -> None:
    """Once all is there, have the user delete one series, so that the next life has something to do."""
    if len(series_folders(images_below(root))) == len(whole):
        shutil.rmtree(root / chance.choice(sorted(whole)))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("servlets", ["V4", None], ids=["TAR", "ZIP"])
def test_killed_at_random_moments_it_never_shows_half_a_series(
    cartload: CommandLine, tmp_path: Path, servlets: str | None
) -> None:
    catalogue = demo_catalogue()
    chance = random.Random(20261122)  # noqa: S311 - moments, no secrets
    with ArchiveServer(catalogue, ArchiveOptions(servlets="V4" if servlets else None)) as server:
        cart = write_cart(tmp_path, server, catalogue, catalogue.public)
        order = ("download", cart, "--accept-policy", "--jobs", "3", "-d")
        assert cartload(*order, tmp_path / "undisturbed").exit_code == 0
        expected = images_below(tmp_path / "undisturbed" / "cart")
        whole = series_folders(expected)
        root = tmp_path / "killed" / "cart"
        for _ in range(KILLS):
            live_for(chance.uniform(EARLIEST, LATEST), cartload, *order, root.parent)
            for folder, files in series_folders(images_below(root)).items():
                assert files == whole[folder]
            lose_one(root, whole, chance)
        result = cartload(*order, root.parent)
    assert result.exit_code == 0, result.err
    assert images_below(root) == expected
    assert files_below(root).keys() == files_below(tmp_path / "undisturbed" / "cart").keys()
    with (root / "metadata.csv").open(newline="") as table:
        rows = [row["Series UID"] for row in csv.DictReader(table)]
    assert sorted(rows) == sorted(catalogue.public)
    assert not (root / ".cartload" / "staging").exists()
