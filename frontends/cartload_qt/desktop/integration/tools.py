"""The desktop's own programs that read what was installed, where they are there."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from cartload_qt.desktop.integration.steps import Outcome, Step

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE = 60.0
"""Seconds until a program counts as stuck; on a slow home directory they take a few."""

_LONGEST = 200


def run(program: str, folder: Path, patience: float = _PATIENCE) -> Step:
    """Run a program on a folder; that it fails or is not there hinders nothing."""
    subject = f"{program} {folder}"
    found = shutil.which(program)
    if found is None:
        return Step(subject, Outcome.NO_TOOL)
    try:
        ran = subprocess.run(  # noqa: S603 - a program of the system, with a path that is ours
            [found, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Step(subject, Outcome.TOOL_FAILED, f"no end after {patience:.0f} s")
    except OSError as error:
        return Step(subject, Outcome.TOOL_FAILED, error.strerror or str(error))
    if ran.returncode:
        said = " ".join(ran.stderr.decode("utf-8", "replace").split())[:_LONGEST]
        return Step(subject, Outcome.TOOL_FAILED, said or f"exit code {ran.returncode}")
    return Step(subject, Outcome.RAN)
