"""Commands as somebody would type them, with what they really print.

They run while the documentation is built, in an empty folder, beside a synthetic archive whose
cart is ``cart.tcia``; ``damaged.tcia`` is a cart that is none. A line that begins with ``#`` runs unseen; one
that is to fail says so, as in ``cartload inspect nothing.tcia  # exits with 3``.
"""

from __future__ import annotations

import os
import re
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
    from io import FileIO

PROMPT = "$ "
_WIDTH = 84
_PATIENCE = 120
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


_DAMAGED = """\
includeAnnotation=true
manifestVersion=three
ListOfSeriesToDownload=
1.3.6.1.4.1.14519.5.2.1.9203.8273.104927365518840273640912875530
1.3.6.1.4.1.14519.5.2.1.9203.8273.27O415936682740915563820174469
"""
"""A cart without an address, with a wrong version, and a letter in a UID."""


@cache
def transcript(commands: str) -> str:
    """Run the lines of *commands* and give them with their output."""
    catalogue = demo_catalogue()
    with tempfile.TemporaryDirectory(prefix="cartload-docs-") as folder, ArchiveServer(catalogue) as server:
        cart = manifest_text(catalogue, server.servlet_url, catalogue.public, basket="cart.tcia")
        Path(folder, "cart.tcia").write_text(cart, encoding="utf-8", newline="\n")
        Path(folder, "damaged.tcia").write_text(_DAMAGED, encoding="utf-8", newline="\n")
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
    shown = _on_paper if "inspect" not in arguments or not hasattr(os, "openpty") else _on_screen
    exit_code, output = shown([sys.executable, "-m", "cartload_cli.main", *arguments], folder)
    if exit_code != int(remark or 0):
        raise RuntimeError(f"{command!r} exited with {exit_code}:\n{output}")
    return output


def _on_paper(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run a program whose output is no terminal; give its exit code and all it wrote."""
    ran = subprocess.run(  # noqa: S603 - the commands stand in our own pages
        arguments,
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=_PATIENCE,
    )
    return ran.returncode, ran.stdout


def _on_screen(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run a program whose standard output is a terminal, and give what stands there, without colours."""
    ours, theirs = os.openpty()
    with (
        os.fdopen(ours, "rb", buffering=0) as screen,
        subprocess.Popen(  # noqa: S603 - likewise
            arguments,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as running,
    ):
        os.close(theirs)
        output = b"".join(iter(lambda: _read(screen), b"")).decode()
        _, remarks = running.communicate(timeout=_PATIENCE)
    return running.returncode, remarks + _COLOUR.sub("", output).replace("\r\n", "\n")


def _read(screen: FileIO) -> bytes:
    """Read what comes next; nothing once the other end is closed, which Linux tells by an error."""
    try:
        return screen.read(65536) or b""
    except OSError:
        return b""


def _environment(folder: Path) -> dict[str, str]:
    """Leave out the settings of whoever builds the documentation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARTLOAD_")}
    settings = folder / ".settings.toml"
    settings.touch()
    return {
        **kept,
        "COLUMNS": str(_WIDTH),
        "PYTHONUTF8": "1",
        "CARTLOAD_CONFIG": str(settings),
        "CARTLOAD_LOG": "off",
    }
