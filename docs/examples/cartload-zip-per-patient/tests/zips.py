"""How the tests look into ZIP files, and harm them."""

from __future__ import annotations

import os
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cartload.ports import StoredSeries


def archive_of(root: Path, stored: StoredSeries) -> Path:
    patient = root.joinpath(*PurePosixPath(stored.directory).parts[:2])
    return patient.with_name(f"{patient.name}.zip")


def entry_of(stored: StoredSeries, name: str) -> str:
    return str(PurePosixPath(*PurePosixPath(stored.directory).parts[2:], name))


def damage(archive: Path, name: str) -> None:
    """Change a byte in the middle of an entry's data."""
    with zipfile.ZipFile(archive) as opened:
        entry = opened.getinfo(name)
    with archive.open("rb+") as file:
        file.seek(entry.header_offset + 30 + len(name.encode()) + entry.compress_size // 2)
        (byte,) = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 0xFF]))


def rewrite_without(archive: Path, name: str) -> None:
    with zipfile.ZipFile(archive) as opened:
        comment = opened.comment
        others = {info.filename: opened.read(info) for info in opened.infolist() if info.filename != name}
    with zipfile.ZipFile(archive, "w") as opened:
        opened.comment = comment
        for other, content in others.items():
            opened.writestr(other, content)
