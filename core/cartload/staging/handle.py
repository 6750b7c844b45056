"""A folder held open, in which files are made, read, renamed and deleted by name.

Where the system can, names are relative to the folder's own descriptor, so that nobody who swaps the
folder for a link is followed; a file is made anew, never opened where something stands.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from cartload.staging.system import NEW_FILE, READ_FILE, READ_FOLDER, disk_errors, let_go

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DIR_FD = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd


class FolderHandle:
    """The way to the files of one folder; every method raises OSError as the system does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._descriptor = self._opened()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder open while the block runs, not longer: thousands may wait half received."""
        if self._descriptor is None:
            with disk_errors(self.folder, "opening the staging folder"):
                self._descriptor = self._opened()
        try:
            yield
        finally:
            self.close()

    def create(self, name: str) -> int:
        """Make a file and give its descriptor, for writing."""
        return os.open(self._at(name), NEW_FILE, 0o666, dir_fd=self._descriptor)

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading; a link is not followed."""
        descriptor = os.open(self._at(name), READ_FILE, dir_fd=self._descriptor)
        try:
            return os.fdopen(descriptor, "rb")
        except OSError:  # a folder: it opens, and is no file
            os.close(descriptor)
            raise

    def link(self, path: Path, name: str) -> bool:
        """Have the file at *path* here, too, as *name*; False where that cannot be. No link is followed."""
        try:
            os.link(path, self._at(name), dst_dir_fd=self._descriptor, follow_symlinks=False)
        except (OSError, NotImplementedError):
            return False
        return True

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, in the place of whatever has that."""
        os.rename(self._at(old), self._at(new), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def unlink(self, name: str) -> None:
        """Delete a file."""
        os.unlink(self._at(name), dir_fd=self._descriptor)

    def names(self) -> list[str]:
        """Name all that is there."""
        return os.listdir(self.folder if self._descriptor is None else self._descriptor)  # noqa: PTH208 - by descriptor

    def close(self) -> None:
        """Let go of the folder; names are then found by its path."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            let_go(descriptor)

    def _opened(self) -> int | None:
        return os.open(self.folder, READ_FOLDER) if _DIR_FD else None

    def _at(self, name: str) -> str:
        return name if self._descriptor is not None else str(self.folder / name)
