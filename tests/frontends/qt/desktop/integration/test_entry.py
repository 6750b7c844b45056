from __future__ import annotations

import configparser
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload_qt.desktop.integration import entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COMMANDS = [
    ("/usr/bin/cartload", "gui"),
    ("/home/jane doe/.venv/bin/cartload", "gui"),
    ("/odd/100% \"$HOME\" `x` \\ 'y'/bin/cartload", "gui"),
    ("/usr/bin/python3", "-P", "-m", "cartload_cli.main", "gui"),
]


def keys(text: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # the keys have capitals
    parser.read_string(text)
    return parser["Desktop Entry"]


def unescaped(value: str) -> str:
    """Read a value of the type string, as the specification says."""
    meant = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    characters = iter(value)
    return "".join(meant[next(characters)] if each == "\\" else each for each in characters)


def words_of(line: str) -> list[str]:
    """Read an Exec line, as the specification says."""
    words, word, quoted, begun = [], "", False, False
    characters = iter(line)
    for each in characters:
        if quoted and each == "\\":
            word += next(characters)
        elif each == '"':
            quoted, begun = not quoted, True
        elif each == " " and not quoted:
            words += [word] if begun or word else []
            word, begun = "", False
        else:
            word += each
    return [each if each == "%f" else each.replace("%%", "%") for each in [*words, word]]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_desktop_reads_the_command_as_it_is(command: Sequence[str]) -> None:
    found = keys(entry.text(command))
    assert words_of(unescaped(found["Exec"])) == [*command, "%f"]
    assert unescaped(found["TryExec"]) == command[0]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1), min_size=1))
def test_any_words_are_quoted_so_that_they_are_read_back(words: list[str]) -> None:
    assert words_of(" ".join(map(entry.quoted, words))) == words


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="its checker is not installed")
def test_the_standard_s_own_checker_has_nothing_against_it(command: Sequence[str], tmp_path: Path) -> None:
    file = tmp_path / "cartload.desktop"
    file.write_text(entry.text(command), encoding="utf-8")
    ran = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True, check=False)  # noqa: S603, S607 - the system's own
    assert (ran.stdout + ran.stderr, ran.returncode) == ("", 0)


def test_it_has_what_the_standard_demands() -> None:
    found = keys(entry.text(COMMANDS[0]))
    assert (found["Type"], found["Name"], found["Terminal"]) == ("Application", "cartload", "false")
    assert found["MimeType"] == "application/x-nbia-manifest-file;"
    assert found["Icon"] == "cartload"
    assert found["Comment"] != found["Comment[de]"]
    assert found["Keywords"].endswith(";")
