"""What a session asks of the operating system, call by call: recorded, and refused where a test wants that.

Every way to the disk that the program has goes through ``os`` or, for one sync, through the C library. A
``Disk`` stands in their place for all that is below one folder. Nothing is really synced, which is quick.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

from attrs import field, frozen, mutable

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

ALTERING = frozenset({"create", "write", "close", "sync", "rename", "unlink", "mkdir", "rmdir", "lock"})
"""What changes the disk, or makes a change last."""

LOOKING = frozenset({"open", "list", "stat"})
"""What only looks at it."""

_OF_A_PATH = {
    "mkdir": "mkdir",
    "rmdir": "rmdir",
    "unlink": "unlink",
    "remove": "unlink",
    "stat": "stat",
    "lstat": "stat",
    "scandir": "list",
    "listdir": "list",
}
_OF_TWO_PATHS = ("rename", "replace", "link")

WHOLE_DISK = "*"
"""The target of a sync of the whole file system."""


@frozen
class Call:
    """One call: what is done to which path below the folder; ``target`` is where a rename leads."""

    kind: str
    path: str
    target: str = ""
    data: bytes = field(default=b"", repr=False)


@frozen
class Short:
    """The system takes so much of a write and no more: this part of what is left."""

    part: float = 0.5


Fault = OSError | Short


def refusal(number: int) -> OSError:
    """Give the error of this number as the system raises it."""
    return OSError(number, os.strerror(number))


@frozen
class Once:
    """Only call *number* fails."""

    number: int
    fault: Fault

    def __call__(self, number: int, call: Call) -> Fault | None:
        del call
        return self.fault if number == self.number else None


@frozen
class Onwards:
    """Call *number* fails, and every call after it."""

    number: int
    fault: Fault

    def __call__(self, number: int, call: Call) -> Fault | None:
        del call
        return self.fault if number >= self.number else None


@frozen
class Torn:
    """Of a write that is call *number* a part gets through; the call after it, for the rest, fails."""

    number: int
    fault: Fault

    def __call__(self, number: int, call: Call) -> Fault | None:
        if number == self.number and call.kind == "write":
            return Short()
        return self.fault if number == self.number + 1 else None


def undisturbed(number: int, call: Call) -> Fault | None:
    """Let every call through."""
    del number, call
    return None


@mutable(eq=False)
class Disk:
    """All below *folder*: calls of these *kinds* are counted from 1, and *judge* may have each fail."""

    folder: Path
    kinds: frozenset[str] = ALTERING
    judge: Callable[[int, Call], Fault | None] = undisturbed
    calls: list[Call] = field(factory=list)
    vain: set[int] = field(factory=set)
    """The places in ``calls`` of those that the system itself refused: to make what is there, say."""
    struck: list[Call] = field(factory=list)
    """The calls that were made to fail."""
    has_syncfs: bool = True
    _places: dict[int, str] = field(factory=dict)
    _lock: threading.Lock = field(factory=threading.Lock)
    _numbers: threading.local = field(factory=threading.local)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Stand in the place of the system from now on."""
        for name, kind in _OF_A_PATH.items():
            if kind in self.kinds:
                patch.setattr(os, name, partial(self._on_path, getattr(os, name), kind))
        for name in _OF_TWO_PATHS:
            patch.setattr(os, name, partial(self._on_two_paths, getattr(os, name)))
        patch.setattr(os, "open", partial(self._open, os.open))
        patch.setattr(os, "fdopen", partial(self._fdopen, os.fdopen))
        patch.setattr(os, "write", partial(self._write, os.write))
        patch.setattr(os, "close", partial(self._close, os.close))
        patch.setattr(os, "fsync", partial(self._sync, ""))
        patch.setattr(fcntl, "flock", partial(self._flock, fcntl.flock))
        patch.setattr(ctypes, "CDLL", lambda *_, **__: self if self.has_syncfs else object())
        patch.setattr(ctypes, "get_errno", lambda: self._numbers.value)

    def end_process(self) -> list[str]:
        """Close what is still open, as the end of the process would; gives the paths."""
        left, self._places = self._places, {}
        for descriptor in left:
            os.close(descriptor)
        return sorted(left.values())

    def syncfs(self, descriptor: int) -> int:
        """Sync the file system, as the C library does."""
        try:
            self._sync(WHOLE_DISK, descriptor)
        except OSError as error:
            self._numbers.value = error.errno
            return -1
        return 0

    def _judged(self, call: Call) -> tuple[int, Fault | None]:
        if call.kind not in self.kinds:
            return -1, None
        with self._lock:
            self.calls.append(call)
            number = len(self.calls)
            fault = self.judge(number, call)
            if fault is not None:
                self.struck.append(call)
        return number - 1, fault

    def _heed(self, call: Call) -> int:
        place, fault = self._judged(call)
        if isinstance(fault, OSError):
            raise refusal(fault.errno or 0)
        return place

    def _below(self, path: object, folder: object = None) -> str | None:
        """Give the path below the folder; None for what is elsewhere."""
        if isinstance(path, int):
            return self._places.get(path)
        text = os.fsdecode(path)  # type: ignore[arg-type]  # whatever such functions take
        if isinstance(folder, int) and not text.startswith("/"):
            held = self._places.get(folder)
            return None if held is None else f"{held}/{text}"
        top = str(self.folder)
        return text[len(top) + 1 :] or "." if f"{text}/".startswith(f"{top}/") else None

    def _on_path(
        self, real: Callable[..., object], kind: str, path: object = ".", *rest: object, **named: object
    ) -> object:
        below = self._below(path, named.get("dir_fd"))
        place = -1 if below is None else self._heed(Call(kind, below))
        return self._done(place, partial(real, path, *rest, **named))

    def _on_two_paths(self, real: Callable[..., object], old: object, new: object, **named: object) -> object:
        below, target = self._below(old, named.get("src_dir_fd")), self._below(new, named.get("dst_dir_fd"))
        place = -1
        if below is not None and target is not None:
            place = self._heed(Call("rename", below, target))
        return self._done(place, partial(real, old, new, **named))

    def _done(self, place: int, real: Callable[[], object]) -> object:
        try:
            return real()
        except OSError:
            self.vain.add(place)
            raise

    def _open(
        self,
        real: Callable[..., int],
        path: object,
        flags: int,
        mode: int = 0o777,
        *,
        dir_fd: int | None = None,
    ) -> int:
        below = self._below(path, dir_fd)
        if below is not None:
            self._heed(Call("create" if flags & os.O_CREAT else "open", below))
        descriptor = real(path, flags, mode, dir_fd=dir_fd)
        self._places.pop(descriptor, None)
        if below is not None:
            self._places[descriptor] = below
        return descriptor

    def _fdopen(self, real: Callable[..., object], descriptor: int, *rest: object, **named: object) -> object:
        file = real(descriptor, *rest, **named)
        self._places.pop(descriptor, None)  # from now on the file object closes it
        return file

    def _write(self, real: Callable[[int, bytes], int], descriptor: int, data: bytes) -> int:
        below = self._places.get(descriptor)
        if below is None:
            return real(descriptor, data)
        _, fault = self._judged(Call("write", below, data=bytes(data)))
        if isinstance(fault, OSError):
            raise refusal(fault.errno or 0)
        return real(descriptor, data if fault is None else data[: max(1, int(len(data) * fault.part))])

    def _close(self, real: Callable[[int], None], descriptor: int) -> None:
        below = self._places.pop(descriptor, None)
        real(descriptor)
        if below is not None:
            self._heed(Call("close", below))

    def _sync(self, target: str, descriptor: int) -> None:
        os.fstat(descriptor)
        below = self._places.get(descriptor)
        if below is not None:
            self._heed(Call("sync", below, target))

    def _flock(self, real: Callable[[int, int], None], descriptor: int, operation: int) -> None:
        below = self._places.get(descriptor)
        if below is not None:
            self._heed(Call("lock", below))
        real(descriptor, operation)
