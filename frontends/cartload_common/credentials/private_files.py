"""Files that hold a secret: read only where nobody else can read them."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from cartload.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_BYTES = 64 * 1024


def private_text(path: Path, warn: Callable[[str], None] | None = None) -> str:
    """Read a small file; raises LoginError when others can read or change it, or it cannot be read.

    With *warn*, that others can is told there, and the file is read. It is in
    UTF-8, else in ISO-8859-1, as Java writes its properties.
    """
    try:
        with path.open("rb") as file:
            if is_open_to_others(os.fstat(file.fileno()).st_mode):
                advice = f"Make it yours alone: chmod 600 {path}"
                if warn is None:
                    what = "others than you can read or change it, so the login in it is not used."
                    raise LoginError(what, subject=str(path), advice=advice)
                warn(f"{path}: others than you can read or change it. {advice}")
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise LoginError(f"it cannot be read ({error.strerror}).", subject=str(path)) from error
    if len(content) > MOST_BYTES:
        raise LoginError("it is too large to be a file of logins.", subject=str(path))
    return _decoded(content)


def is_open_to_others(mode: int) -> bool:
    """Tell whether the bits of *mode* let others in.

    Windows has no such bits: access lists guard a file there, and a user's own folders are closed by them.
    """
    return os.name == "posix" and stat.S_IMODE(mode) & 0o077 != 0


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("iso-8859-1")
