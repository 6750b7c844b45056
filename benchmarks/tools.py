"""Programs that a case compares with, or needs: where one is missing, the case is skipped and says so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CARTLOAD = str(Path(sys.executable).with_name("cartload"))


class SkippedError(Exception):
    """A case cannot be measured here; says why."""


def need(*programs: str) -> None:
    """Raise SkippedError unless all *programs* are installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise SkippedError(f"there is no {', no '.join(missing)} here")


def has(program: str) -> bool:
    """Tell whether a program is installed."""
    return shutil.which(program) is not None


def file_system(folder: Path) -> str:
    """Name the kind of file system that *folder* is on, as ``stat`` calls it; empty where it cannot."""
    asked = subprocess.run(
        ["stat", "-f", "-c", "%T", str(folder)], capture_output=True, text=True, check=False
    )
    return "" if asked.returncode else asked.stdout.strip().removesuffix("/ext3")
