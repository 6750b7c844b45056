"""The real command line on an odd disk: ``python odd_disk.py '{"refuse": "EROFS"}' download ...``.

The first argument says what is odd, as JSON: with ``"locks": false`` every session gets the lock, as on
network file systems that only pretend to lock. With ``refuse`` every call that alters ``folder`` fails with
that error, and with ``looking`` every other one too: at once, or ``after`` so many series got their places.
"""

from __future__ import annotations

import errno
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import filelock
import pytest
from attrs import frozen

from cartload_cli.main import main
from disk_calls import ALTERING, LOOKING, Disk, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from disk_calls import Call, Fault


class NobodysLock:
    """A lock that everybody gets."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def acquire(self, *, blocking: bool) -> None:
        """Succeed, as on some network file systems."""

    def release(self) -> None:
        """Let go of nothing."""


@frozen
class After:
    """Refuses everything once so many series got their places."""

    disk: Disk
    places: int
    error: OSError

    def __call__(self, number: int, call: Call) -> Fault | None:
        del call
        published = [
            done
            for done in self.disk.calls[: number - 1]
            if done.kind == "rename" and done.path.endswith("/files") and ".cartload" not in done.target
        ]
        return self.error if len(published) >= self.places else None


def run(wish: dict[str, object], arguments: Sequence[str], patch: pytest.MonkeyPatch) -> int:
    """Run the command line on the disk that is wished for."""
    if wish.get("locks") is False:
        patch.setattr(filelock, "FileLock", NobodysLock)
    if "refuse" in wish:
        disk = Disk(Path(str(wish["folder"])), ALTERING | LOOKING if wish.get("looking") else ALTERING)
        error = refusal(getattr(errno, str(wish["refuse"])))
        disk.judge = After(disk, int(str(wish.get("after", 0))), error)
        disk.install(patch)
    return main(arguments)


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as monkeypatch:
        code = run(json.loads(sys.argv[1]), sys.argv[2:], monkeypatch)
    sys.exit(code)
