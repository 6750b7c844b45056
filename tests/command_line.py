"""The real command line, in a process and a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from attrs import field, frozen

CARTLOAD = str(Path(sys.executable).with_name("cartload"))
RETRIEVER = (sys.executable, "-m", "cartload_retriever.main")
"""What the console script ``nbia-data-retriever`` runs."""


@frozen
class Result:
    """What a command left behind."""

    exit_code: int
    out: str
    err: str


@frozen
class CommandLine:
    """The command of a user who has never run it before: ``cartload("download", manifest)``."""

    folder: Path
    program: tuple[str, ...] = field(default=(CARTLOAD,), kw_only=True)

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment: nothing of cartload's in it, and an empty home."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("CARTLOAD_", "XDG_"))
        }
        home = str(self.folder / "home")
        return {**kept, "HOME": home, "USERPROFILE": home, "NO_COLOR": "1", "COLUMNS": "200"}

    def __call__(self, *arguments: str | Path, text: str = "") -> Result:
        """Run it to its end, without a terminal, *text* on its standard input."""
        done = subprocess.run(  # noqa: S603 - our own command
            [*self.program, *map(str, arguments)],
            input=text,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=self.folder,
            timeout=100,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)
