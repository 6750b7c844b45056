from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cartload_cli import window
from cartload_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontends.cli.commandline import CommandLine, Ran

WITHOUT_QT = """\
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PyQt6", "tomlkit"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

import importlib.util
found = importlib.util.find_spec
absent = {"PyQt6", "tomlkit"}
importlib.util.find_spec = lambda name, package=None: None if name in absent else found(name, package)
sys.meta_path.insert(0, Absent())
from cartload_cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def without_qt(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process where the extra is not installed."""
    return subprocess.run(  # noqa: S603 - the tests' own program
        [sys.executable, "-c", WITHOUT_QT, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={**os.environ, **environment},
    )


class Window:
    """Stands in for the window, and writes down what it was opened with."""

    def __init__(self) -> None:
        self.opened: list[Path | None] = []
        self.code = 0

    def run(self, manifest: Path | None) -> int:
        self.opened.append(manifest)
        return self.code


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Window:
    """Have a display, the extra, and a window that is none."""
    shown = Window()
    module = types.ModuleType("cartload_qt.main")
    vars(module)["run"] = shown.run
    monkeypatch.setitem(sys.modules, "cartload_qt.main", module)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return shown


def without_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_the_window_is_opened_with_a_manifest_or_without(cartload: CommandLine, opened: Window) -> None:
    assert cartload("gui", "cart.tcia").code == 0
    assert cartload("gui").code == 0
    assert opened.opened == [Path("cart.tcia"), None]


def test_the_exit_code_is_the_window_s(cartload: CommandLine, opened: Window) -> None:
    opened.code = 70
    assert cartload("gui").code == 70


def test_a_manifest_alone_opens_the_window(cartload: CommandLine, opened: Window, tmp_path: Path) -> None:
    manifest = tmp_path / "cart.tcia"
    manifest.touch()
    assert cartload(manifest).code == 0
    assert opened.opened == [manifest]


@pytest.mark.parametrize("words", [["cart.tcia"], ["downlaod"], ["{manifest}", "more"]])
def test_what_is_no_manifest_or_not_alone_opens_none(
    cartload: CommandLine, opened: Window, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "cart.tcia").touch()
    ran = cartload(*(word.format(manifest=tmp_path / "cart.tcia") for word in words))
    assert ran.code == 2
    assert opened.opened == []


def test_a_manifest_alone_without_a_display_is_told_the_command(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_display(monkeypatch)
    manifest = tmp_path / "cart.tcia"
    manifest.touch()
    ran = cartload(manifest)
    assert ran.code == 2
    assert f"cartload download {manifest}" in ran.err


def test_without_a_display_it_is_said_and_qt_is_not_asked(
    cartload: CommandLine, monkeypatch: pytest.MonkeyPatch, opened: Window
) -> None:
    without_display(monkeypatch)
    ran = cartload("gui")
    assert ran.code == 2
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in ran.err
    assert "cartload download MANIFEST" in ran.err
    assert opened.opened == []


def fails_with(error: ImportError) -> Callable[[], object]:
    class Module(types.ModuleType):
        def __getattr__(self, name: str) -> object:
            raise error

    return lambda: Module("cartload_qt.main")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, cartload: CommandLine) -> Callable[[ImportError], Ran]:
    """Have the import of the window fail."""

    def run(error: ImportError) -> Ran:
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        monkeypatch.setitem(sys.modules, "cartload_qt.main", fails_with(error)())
        return cartload("gui")

    return run


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings all it needs")
def test_a_library_that_the_system_lacks_is_named_with_its_package(
    failing: Callable[[ImportError], Ran],
) -> None:
    ran = failing(ImportError("libEGL.so.1: cannot open shared object file: No such file or directory"))
    assert ran.code == 2
    assert "libEGL.so.1" in ran.err
    assert "apt-get install libegl1" in ran.err
    assert "dnf install libglvnd-egl" in ran.err
    assert "Traceback" not in ran.err


def test_a_qt_that_does_not_load_is_told_in_its_own_words(failing: Callable[[ImportError], Ran]) -> None:
    ran = failing(ImportError("DLL load failed\x1b while importing QtCore"))
    assert ran.code == 2
    assert "PyQt6 is installed, but cannot be loaded: DLL load failed\\x1b" in ran.err


def test_a_module_of_its_own_that_is_missing_is_a_fault(failing: Callable[[ImportError], Ran]) -> None:
    ran = failing(ModuleNotFoundError("No module named 'cartload_qt.gone'", name="cartload_qt.gone"))
    assert ran.code == 70


def test_without_the_extra_it_says_what_to_install() -> None:
    ran = without_qt("gui", QT_QPA_PLATFORM="offscreen")
    assert ran.returncode == 2
    quote = '"' if sys.platform == "win32" else "'"
    assert f"pip install {quote}cartload[qt]{quote}" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_the_extra_a_manifest_alone_is_told_the_command(tmp_path: Path) -> None:
    manifest = tmp_path / "cart.tcia"
    manifest.touch()
    ran = without_qt(manifest, QT_QPA_PLATFORM="offscreen")
    assert ran.returncode == 2
    assert f"cartload download {manifest}" in ran.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["plugins"], ["gui", "--help"]])
def test_without_the_extra_the_command_line_works(arguments: list[str]) -> None:
    ran = without_qt(*arguments)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_without_the_extra_a_cart_is_downloaded(tmp_path: Path) -> None:
    ran = without_qt("demo", tmp_path / "demo")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "demo" / "demo" / "metadata.csv").exists()


def test_an_extra_that_is_there_is_found() -> None:
    assert window.has_extra()


def test_the_help_says_what_it_exits_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gui", "--help"]) == 0
    assert "exits with 2" in " ".join(capsys.readouterr().out.split())
