"""Commands as somebody would type them, with what they really print.

They run while the documentation is built, in an empty folder, beside a synthetic archive whose
cart is ``cart.tcia``. A line that begins with ``#`` runs unseen; one that is to fail says so, as in
``cartload inspect nothing.tcia  # exits with 3``.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cartload.testing.catalogue import demo_catalogue, manifest_text
from cartload_archive import ArchiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator

PROMPT = "$ "
_WIDTH = 96


@cache
def transcript(commands: str) -> str:
    """Run the lines of *commands* and give them with their output."""
    with tempfile.TemporaryDirectory(prefix="cartload-docs-") as folder, ArchiveServer(demo_catalogue()) as server:
        catalogue = demo_catalogue()
        cart = manifest_text(catalogue, server.servlet_url, catalogue.public, basket="cart.tcia")
        Path(folder, "cart.tcia").write_text(cart, encoding="utf-8", newline="\n")
        return "\n".join(_said(commands, Path(folder)))


def _said(commands: str, folder: Path) -> Iterator[str]:
    for line in commands.splitlines():
        unseen = line.startswith("#")
        output = _run(line.removeprefix("#").strip(), folder)
        if not unseen:
            yield f"{PROMPT}{line}"
            yield from output.rstrip().splitlines()


def _run(command: str, folder: Path) -> str:
    """Run one command line of cartload; raises RuntimeError when it exits with another code than it says."""
    words, _, remark = command.partition("  # exits with ")
    program, *arguments = shlex.split(words)
    if program != "cartload":
        raise ValueError(f"{command!r} is not a cartload command")
    ran = subprocess.run(
        [sys.executable, "-m", "cartload_cli.main", *arguments],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    if ran.returncode != int(remark or 0):
        raise RuntimeError(f"{command!r} exited with {ran.returncode}:\n{ran.stdout}")
    return ran.stdout


def _environment(folder: Path) -> dict[str, str]:
    """Leave out the settings of whoever builds the documentation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARTLOAD_")}
    settings = folder / ".settings.toml"
    settings.touch()
    return {**kept, "COLUMNS": str(_WIDTH), "PYTHONUTF8": "1", "CARTLOAD_CONFIG": str(settings)}
