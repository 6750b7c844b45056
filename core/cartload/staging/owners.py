"""Names by which what is only passing belongs to one process, and to the next session when that is gone."""

from __future__ import annotations

import os
import platform
import secrets
import sys
from pathlib import PurePath

HIDDEN = PurePath(".cartload")
STAGING = HIDDEN / "staging"
JOURNAL = HIDDEN / "journal"

_LEFT = "left."
"""No host's name begins so, for it has a dot."""


def new_owner() -> str:
    """Make a name that says which host and process it belongs to, and that no other has."""
    return f"{_host()}-{os.getpid()}-{secrets.token_hex(4)}"


def left_by(owner: str) -> str:
    """Give the name under which an owner leaves what any later session, on any host, may take."""
    return owner if is_left(owner) else f"{_LEFT}{owner}"


def is_left(name: str) -> bool:
    """Tell whether an owner left this of its own will."""
    return name.startswith(_LEFT)


def is_abandoned(owner: str, *, locked: bool) -> bool:
    """Tell whether whoever made this name is certainly gone.

    It said so, or is a process of this host that is over. *locked* says that the caller has the cart's lock.
    """
    if is_left(owner):
        return True
    host, _, rest = owner.partition("-")
    pid, _, _ = rest.partition("-")
    if host != _host() or not pid.isdigit():
        return False
    if sys.platform == "win32":
        return True  # there the lock is reliable: who holds it is alone
    if int(pid) == os.getpid():
        return locked  # a container's program has the same number each time
    return not _is_running(int(pid))


def _host() -> str:
    return "".join(letter for letter in platform.node() if letter.isalnum()) or "host"


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
