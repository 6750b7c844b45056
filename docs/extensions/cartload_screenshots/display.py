"""Where the window is shown while its pictures are taken: an X server of its own, else none at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cartload_qt.desktop import libraries

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCREEN = "1600x1200x24"


@contextmanager
def display() -> Iterator[str]:
    """Have Qt draw on a hidden X server while the block runs; gives in words where it draws."""
    lacking = _lacking()
    if lacking:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield f"into memory ({lacking})"
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", _SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:  # noqa: S603 - our own words
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                number = told.readline().strip()
            if not number:
                raise RuntimeError("Xvfb did not start; run it by itself to see why.")
            os.environ.update(DISPLAY=f":{number}", QT_QPA_PLATFORM="xcb")
            yield f"on Xvfb :{number}"
        finally:
            server.terminate()


def _lacking() -> str:
    """Say what there is not for an X server; empty where nothing lacks."""
    if sys.platform != "linux" or shutil.which("Xvfb") is None:
        return "there is no Xvfb"
    names = [library.file for library in libraries.missing("xcb", libraries.complaint_of_plugin("xcb"))]
    return f"Qt lacks {', '.join(names)} for X11" if names else ""
