"""The prompt for a password at a real terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frontends.cli.commandline import start
from planted_keyring import VARIABLE

if TYPE_CHECKING:
    from typing import IO

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the terminal is one of POSIX")

AT_TERMINAL = """
import os, pty, sys
program = "import sys; from cartload_cli.main import main; sys.exit(main())"
sys.exit(os.waitstatus_to_exitcode(pty.spawn([sys.executable, "-c", program, *sys.argv[1:]])))
"""


def until(stream: IO[str], words: str) -> str:
    """Read what is shown until *words* are."""
    shown = ""
    while words not in shown:
        character = stream.read(1)
        assert character, shown
        shown += character
    return shown


def test_a_password_is_not_shown_while_it_is_typed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "planted_keyring.FileKeyring")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "keyring.json"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    with start(AT_TERMINAL, "login", "archive.example", "--no-check") as child:
        assert child.stdin is not None
        assert child.stdout is not None
        shown = until(child.stdout, "User name")
        child.stdin.write("jane\n")
        child.stdin.flush()
        shown += until(child.stdout, "Password:")
        child.stdin.write("c4n4ry\n")
        child.stdin.flush()
        shown += until(child.stdout, "Kept in")
        rest, _ = child.communicate(timeout=60)
    assert child.returncode == 0, shown + rest
    assert "jane" in shown
    assert "c4n4ry" not in shown + rest
    assert json.loads((tmp_path / "keyring.json").read_text()) == {
        "cartload https://archive.example\njane": "c4n4ry"
    }
