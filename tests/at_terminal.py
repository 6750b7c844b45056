"""Commands at a real terminal, with what somebody types there; POSIX only."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import IO

_SPAWN = """
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
"""
_LONGEST = 100.0


@frozen
class Shown:
    """What came of a command: its exit code, and all that was on the screen."""

    code: int
    screen: str


def converse(
    words: Sequence[str | Path],
    typed: Sequence[tuple[str, str]],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Shown:
    """Run a command; of each pair of *typed*, wait for the first to be shown and type the second."""
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", _SPAWN, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=folder,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        screen = ""
        for awaited, answer in typed:
            screen += _until(child.stdout, awaited)
            child.stdin.write(f"{answer}\n")
            child.stdin.flush()
        rest, _ = child.communicate(timeout=_LONGEST)
        return Shown(child.returncode, screen + rest)


def _until(stream: IO[str], words: str) -> str:
    shown = ""
    while words not in shown:
        character = stream.read(1)
        assert character, shown
        shown += character
    return shown
