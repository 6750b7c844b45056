from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from frontends.cli.commandline import CommandLine


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user data and configuration folders, on a desktop of the XDG standards."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "share"


def test_it_installs_names_each_file_and_removes_them_again(cartload: CommandLine, data: Path) -> None:
    entry = data / "applications" / "cartload.desktop"
    ran = cartload("integrate")
    assert (ran.code, ran.err) == (0, "")
    assert f"{entry}: written" in ran.out
    assert entry.exists()
    ran = cartload("integrate", "--remove")
    assert ran.code == 0
    assert f"{entry}: removed" in ran.out
    assert not entry.exists()


def test_a_file_of_somebody_else_is_told_and_costs_the_exit_code(cartload: CommandLine, data: Path) -> None:
    entry = data / "applications" / "cartload.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_text("somebody else's")
    ran = cartload("integrate")
    assert ran.code == 6
    assert f"{entry}: not written: there is one that cartload did not make" in ran.out
    assert cartload("integrate", "--remove").code == 0
    assert entry.read_text() == "somebody else's"


@pytest.mark.usefixtures("data")
def test_without_a_window_there_is_nothing_to_open_manifests_with(
    cartload: CommandLine, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr("cartload_cli.window.find_spec", lambda _: None)
    ran = cartload("integrate")
    assert ran.code == 2
    assert "pip install 'cartload[qt]'" in ran.err
    assert not data.exists()
    assert cartload("integrate", "--remove").code == 0


@pytest.mark.parametrize(("system", "told"), [("win32", "Open with"), ("darwin", "Automator")])
def test_where_there_is_another_way_it_says_so(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch, system: str, told: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    ran = cartload("integrate")
    assert ran.code == 2
    assert told in ran.err
