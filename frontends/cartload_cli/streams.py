"""The process's own streams: who is at the other end, and what to do when nobody is any more."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


def is_attended() -> bool:
    """Tell whether somebody is at a terminal who can be asked, and who sees the question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def is_screen(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that can repaint."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def never_choke() -> None:
    """Write what a stream's encoding cannot hold as an escape, rather than fail on it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def discard(stream: TextIO) -> None:
    """Send the rest of a stream nowhere: its reader is gone, and what is buffered must not fail again."""
    try:
        number = stream.fileno()
    except io.UnsupportedOperation:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
