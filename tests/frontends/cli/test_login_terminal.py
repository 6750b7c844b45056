"""The prompt for a password at a real terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

import planted_keyring
from at_terminal import converse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the terminal is one of POSIX")

PROGRAM = "import sys; from cartload_cli.main import main; sys.exit(main())"


def test_a_password_is_not_shown_while_it_is_typed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in planted_keyring.variables(tmp_path / "keyring.json").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    words = (sys.executable, "-c", PROGRAM, "login", "archive.example", "--no-check")
    shown = converse(words, [("User name", "jane"), ("Password:", "c4n4ry")])
    assert shown.code == 0, shown.screen
    assert "Kept in" in shown.screen
    assert "jane" in shown.screen
    assert "c4n4ry" not in shown.screen
    assert json.loads((tmp_path / "keyring.json").read_text()) == {
        "cartload https://archive.example\njane": "c4n4ry"
    }
