"""Small files beside the series: kept whole or not at all, and never in another's place."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from cartload.staging.system import NEW_FILE, READ_FILE, disk_errors, sync_folder, write_all

if TYPE_CHECKING:
    from pathlib import Path


def keep_file(path: Path, content: bytes) -> Path:
    """Write a file that is not there yet; gives its place.

    The same content there already is enough; another content stays, and this one gets a name of its own.
    """
    standing = read_file(path)
    if standing is not None and standing != content:
        digest = hashlib.sha256(content).hexdigest()[:8]
        path = path.with_name(f"{path.stem}-{digest}{path.suffix}")
        standing = read_file(path)
    if standing != content:
        rewrite_file(path, content)
    return path


def read_file(path: Path) -> bytes | None:
    """Give the content of a regular file, None where nothing is; a link is not followed."""
    with disk_errors(path, "reading it"):
        try:
            descriptor = os.open(path, READ_FILE)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            return file.read()


def rewrite_file(path: Path, content: bytes) -> None:
    """Put *content* in the place of the file, in one step: a crash leaves the old one or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    with disk_errors(path, "writing it"):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, NEW_FILE, 0o666)
        try:
            try:
                write_all(descriptor, content)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)


def append_to_file(path: Path, content: bytes) -> None:
    """Add *content* at the end, in one go, making the file if need be."""
    with disk_errors(path, "writing it"):
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = (NEW_FILE & ~os.O_EXCL) | os.O_APPEND
        descriptor = os.open(path, flags, 0o666)
        try:
            write_all(descriptor, content)
        finally:
            os.close(descriptor)
