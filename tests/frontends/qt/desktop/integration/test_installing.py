from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from cartload_qt.desktop.integration import installing, tools
from cartload_qt.desktop.integration.mark import MARK
from cartload_qt.desktop.integration.places import Places
from cartload_qt.desktop.integration.steps import Outcome, Step

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = ("/opt/cartload/bin/cartload", "gui")
KIND = "application/x-nbia-manifest-file"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "share", tmp_path / "config")


def install(places: Places) -> list[Step]:
    return list(installing.install(places, COMMAND))


def remove(places: Places) -> list[Step]:
    return list(installing.remove(places))


def own_files(places: Places) -> list[Path]:
    return [places.entry, places.media_type, places.application_icon, places.manifest_icon]


def files_of(steps: list[Step]) -> dict[str, Outcome]:
    return {step.subject: step.outcome for step in steps if not step.subject.startswith("update-")}


def test_all_of_it_is_put_where_desktops_look(places: Places) -> None:
    steps = install(places)
    assert set(files_of(steps).values()) == {Outcome.WRITTEN}
    assert not any(step.is_failure for step in steps)
    assert all(MARK in file.read_text(encoding="utf-8") for file in own_files(places))
    assert "/opt/cartload/bin/cartload" in places.entry.read_text(encoding="utf-8")
    assert "cartload.desktop" in places.defaults.read_text(encoding="utf-8")


def test_a_second_time_changes_nothing(places: Places) -> None:
    install(places)
    assert set(files_of(install(places)).values()) == {Outcome.UNCHANGED}


def test_when_cartload_has_moved_the_entry_follows(places: Places) -> None:
    install(places)
    steps = list(installing.install(places, ("/elsewhere/cartload", "gui")))
    assert files_of(steps)[str(places.entry)] is Outcome.WRITTEN
    assert "/elsewhere/cartload" in places.entry.read_text(encoding="utf-8")


def test_all_of_it_is_removed_again(places: Places) -> None:
    install(places)
    steps = remove(places)
    assert set(files_of(steps).values()) == {Outcome.REMOVED}
    assert not any(file.exists() for file in [*own_files(places), places.defaults])


def test_to_remove_what_is_not_there_is_no_failure(places: Places) -> None:
    steps = remove(places)
    assert set(files_of(steps).values()) == {Outcome.ABSENT, Outcome.UNCHANGED}
    assert not any(step.is_failure for step in steps)


def test_files_that_somebody_else_made_are_left_alone(places: Places) -> None:
    for file in own_files(places):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("somebody else's", encoding="utf-8")
    installed, removed = install(places), remove(places)
    assert sum(step.outcome is Outcome.IN_THE_WAY for step in installed) == 4
    assert sum(step.outcome is Outcome.FOREIGN for step in removed) == 4
    assert all(file.read_text(encoding="utf-8") == "somebody else's" for file in own_files(places))


def test_without_its_entry_cartload_is_made_nobody_s_default(places: Places) -> None:
    places.entry.parent.mkdir(parents=True)
    places.entry.write_text("somebody else's", encoding="utf-8")
    install(places)
    assert not places.defaults.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_the_list_of_defaults_stays_one(places: Places, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "mimeapps.list"
    kept.parent.mkdir()
    kept.write_bytes(b"[Default Applications]\nx/\xff=a.desktop\n")
    places.configuration.mkdir()
    places.defaults.symlink_to(kept)
    install(places)
    assert b"cartload.desktop" in kept.read_bytes()
    remove(places)
    assert places.defaults.is_symlink()
    assert kept.read_bytes() == b"[Default Applications]\nx/\xff=a.desktop\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_nowhere_is_not_written_through(places: Places, tmp_path: Path) -> None:
    places.entry.parent.mkdir(parents=True)
    places.entry.symlink_to(tmp_path / "nowhere")
    assert files_of(install(places))[str(places.entry)] is Outcome.IN_THE_WAY
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_made_is_a_failure_with_its_reason(places: Places) -> None:
    places.data.write_text("a file")
    steps = install(places)
    failed = [step for step in steps if step.outcome is Outcome.FAILED]
    assert len(failed) == 4
    assert all(step.is_failure and step.why for step in failed)


def test_the_media_type_is_of_the_standard_s_form(places: Places) -> None:
    install(places)
    name = "{http://www.freedesktop.org/standards/shared-mime-info}"
    kind = ET.parse(places.media_type).getroot().find(f"{name}mime-type")  # noqa: S314 - our own file
    assert kind is not None
    assert kind.get("type") == KIND
    assert [glob.get("pattern") for glob in kind.iter(f"{name}glob")] == ["*.tcia"]
    assert [match.get("value") for match in kind.iter(f"{name}match")] == ["downloadServerUrl="]


def test_the_icons_are_drawings(places: Places) -> None:
    install(places)
    for icon in (places.application_icon, places.manifest_icon):
        assert ET.parse(icon).getroot().tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own file


@pytest.mark.skipif(shutil.which("update-mime-database") is None, reason="it is not installed")
def test_the_system_knows_a_manifest_by_its_name(places: Places) -> None:
    steps = install(places)
    (ran,) = [step for step in steps if step.subject.startswith("update-mime-database")]
    assert ran.outcome is Outcome.RAN
    assert f"60:{KIND}:*.tcia" in (places.mime / "globs2").read_text() or KIND in (
        places.mime / "globs"
    ).read_text(encoding="utf-8")
    assert b"downloadServerUrl=" in (places.mime / "magic").read_bytes()
    remove(places)
    assert KIND not in (places.mime / "globs").read_text(encoding="utf-8")


def test_the_environment_names_the_folders(tmp_path: Path) -> None:
    named = Places.of({"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative"}, tmp_path / "home")
    assert named == Places(tmp_path, tmp_path / "home" / ".config")
    assert Places.of({}, tmp_path).data == tmp_path / ".local" / "share"


def test_the_script_of_this_installation_opens_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    assert installing.opening_command() == (sys.executable, "-P", "-m", "cartload_cli.main", "gui")
    script = tmp_path / "cartload"
    script.touch(0o755)
    assert installing.opening_command() == (str(script), "gui")


def test_this_python_finds_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise SystemExit(99)")
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "cartload_cli.main", "--version"], cwd=tmp_path, check=False, timeout=60
    )
    assert ran.returncode == 0


class Program:
    """A program of the test's own on the search path."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        self.path = folder / "update-something"
        self.path.write_text(f"#!{sys.executable}\n{text}\n", encoding="utf-8")
        self.path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_a_program_that_is_not_there_hinders_nothing(tmp_path: Path) -> None:
    step = tools.run("no-such-program", tmp_path)
    assert step.outcome is Outcome.NO_TOOL
    assert not step.is_failure


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import sys; sys.exit('bad\\x1b folder')", "bad\x1b folder"),
        ("import sys; sys.exit(3)", "exit code 3"),
        ("import time; time.sleep(600)", "no end after 1 s"),
    ],
)
def test_a_program_that_fails_is_told_and_hinders_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    Program(tmp_path, monkeypatch, text)
    step = tools.run("update-something", tmp_path, patience=1.0)
    assert (step.outcome, step.why) == (Outcome.TOOL_FAILED, why)
    assert not step.is_failure
