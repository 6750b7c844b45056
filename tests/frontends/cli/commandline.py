"""How the tests call the command line: in this process, with what it wrote and its exit code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from attrs import frozen

from cartload_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


@frozen
class Ran:
    """What came of one command."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Read the standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


class Piped(io.TextIOWrapper):
    """A standard input that is a file."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")


@frozen
class CommandLine:
    """Calls ``main`` with streams of its own."""

    monkeypatch: pytest.MonkeyPatch
    home: Path
    main: Callable[[list[str]], int] = main

    def __call__(self, *arguments: str | Path, typed: str | None = None, piped: bytes = b"") -> Ran:
        """Run a command; *typed* makes it one at a terminal where that is typed."""
        out = io.StringIO()
        err = io.StringIO() if typed is None else Terminal()
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", Piped(piped) if typed is None else Terminal(typed))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = self.main([str(argument) for argument in arguments])
        return Ran(code, out.getvalue(), err.getvalue())

    def at_terminal(self, *arguments: str | Path) -> Ran:
        """Run a command whose results go to a terminal."""
        out = Terminal()
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            code = self.main([str(argument) for argument in arguments])
        return Ran(code, out.getvalue(), "")


def start(program: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start a Python program of the tests in a process of its own, its output to be read as text."""
    return subprocess.Popen(  # noqa: S603 - the tests' own programs
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
