"""Where a case downloads to: a real file system, or memory that looks like one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from benchmarks.tools import file_system

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_MEMORY = frozenset({"tmpfs", "ramfs"})


@frozen
class Places:
    """The folders of one case, and how often its commands are measured."""

    disk: Path
    memory: Path
    rounds: int

    def kinds(self) -> Iterator[tuple[str, Path]]:
        """Give each folder with the name of its file system, the same one once."""
        yield file_system(self.disk) or "disk", self.disk
        if self.memory.parent != self.disk.parent:
            yield file_system(self.memory) or "memory", self.memory


def usual_disk() -> Path:
    """Choose a folder for temporary files that is on a disk."""
    candidates = (Path(tempfile.gettempdir()), Path("/var/tmp"), Path.cwd())  # noqa: S108 - asked for as such
    return next(
        (one for one in candidates if one.is_dir() and file_system(one) not in _IN_MEMORY), candidates[0]
    )


def usual_memory(disk: Path) -> Path:
    """Choose a folder in memory where the system has one, so that no disk is measured; else the disk."""
    shared = Path("/dev/shm")  # noqa: S108 - what Linux has for it
    return shared if shared.is_dir() else disk
