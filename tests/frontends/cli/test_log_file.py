"""The log as the command line keeps it, from beginning to end."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

import pytest

from cartload.session import Session
from cartload.testing.archive import manifest_text
from cartload.testing.catalogue import demo_catalogue
from cartload.version import __version__
from cartload_archive import ArchiveServer, Fault
from cartload_common import log_file
from cartload_common.log_handler import OWN_LOGGERS, LogHandler
from frontends.cli.commandline import start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from frontends.cli.commandline import CommandLine, Ran

CANARY = "canary-4711"
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR|CRITICAL) +\d+ [\w.]+: .*"
)


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "log"


@pytest.fixture
def cart(tmp_path: Path) -> Iterator[Path]:
    """Give a cart of two series, the first of which fails at the first request."""
    catalogue = demo_catalogue()
    small = sorted(catalogue.public, key=lambda uid: catalogue.series[uid].record.image_bytes)[:2]
    with ArchiveServer(catalogue, faults={small[0]: Fault(times=1, status=500)}) as server:
        path = tmp_path / "cart.tcia"
        path.write_text(manifest_text(catalogue, server.servlet_url, small))
        yield path


def download(cartload: CommandLine, cart: Path, *options: str) -> Ran:
    common = ("--accept-policy", "--retries", "1", "--transport", "nbia")
    return cartload("download", cart, "-d", cart.parent / "out", *common, *options)


def log_of(folder: Path) -> str:
    (path,) = folder.iterdir()
    return path.read_text(encoding="utf-8")


def test_a_download_leaves_its_course_in_the_log(cartload: CommandLine, cart: Path, folder: Path) -> None:
    ran = download(cartload, cart)
    lines = log_of(folder).splitlines()
    assert ran.code == 1
    assert all(LINE.fullmatch(line) for line in lines)
    assert f"cartload {__version__}, CPython" in lines[0]
    assert "exit code 1 after" in lines[-1]
    text = "\n".join(lines)
    for told in ("command: download", "urllib3 ", '"jobs": 4', "ManifestRead", "AttemptFailed"):
        assert told in text
    assert text.count("SeriesStored") == 1
    assert "BytesReceived" not in text


def test_the_choices_that_were_typed_are_in_it(cartload: CommandLine, cart: Path, folder: Path) -> None:
    download(cartload, cart, "--jobs", "3")
    (line,) = (line for line in log_of(folder).splitlines() if "command: download" in line)
    assert "jobs=3" in line
    assert "accept_policy=true" in line
    assert "file_names" not in line


@pytest.mark.parametrize("command", ["inspect", "verify", "demo"])
def test_the_other_commands_keep_one_too(
    cartload: CommandLine, cart: Path, folder: Path, command: str
) -> None:
    download(cartload, cart)
    for path in folder.iterdir():
        path.unlink()
    target = {"inspect": cart, "verify": cart.parent / "out", "demo": cart.parent / "demo"}[command]
    assert cartload(command, target).code == 0
    assert f"command: {command}" in log_of(folder)
    assert "exit code 0 after" in log_of(folder)


def test_what_a_check_finds_is_in_it(cartload: CommandLine, cart: Path, folder: Path) -> None:
    download(cartload, cart)
    min((cart.parent / "out").rglob("*.dcm")).unlink()
    for path in folder.iterdir():
        path.unlink()
    assert cartload("verify", cart.parent / "out" / "cart").code == 1
    assert "it is missing." in log_of(folder) or "missing: " in log_of(folder)
    assert "DAMAGED: 1 of 1 series" in log_of(folder)


def test_hostile_text_cannot_make_a_line_of_its_own(
    cartload: CommandLine, cart: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hostile(_: Session) -> None:
        raise ValueError("x\n2026-01-01T00:00:00.000Z INFO     1 cartload: forged\x1b[2J\u202e")

    monkeypatch.setattr(Session, "prepare", hostile)
    download(cartload, cart)
    text = log_of(folder)
    assert not re.search("^2026-01-01", text, re.MULTILINE)
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    "options",
    [
        ("--set", f"nbia.password={CANARY}"),
        ("--set", f"descriptive.missing=http://me:{CANARY}@proxy.example"),
        ("--set", f"nbia.ca_file=https://host.example/x?key={CANARY}"),
        ("--set", f'nbia.token={{a = "{CANARY}"}}'),
    ],
)
def test_a_secret_among_the_options_is_in_neither_log_nor_report(
    cartload: CommandLine, cart: Path, folder: Path, options: tuple[str, ...]
) -> None:
    report = cart.parent / "report.json"
    download(cartload, cart, *options, "--report", str(report))
    assert CANARY not in log_of(folder)
    assert not report.exists() or CANARY not in report.read_text()


def test_a_secret_of_the_environment_is_not_in_it(
    cartload: CommandLine, cart: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(_: Session) -> None:
        raise ValueError(f"refused {CANARY}")

    monkeypatch.setenv("CARTLOAD_PASSWORD", CANARY)
    monkeypatch.setattr(Session, "prepare", tell)
    assert download(cartload, cart).code == 70
    assert CANARY not in log_of(folder)
    assert "refused ***" in log_of(folder)


def test_a_secret_is_known_before_anything_can_repeat_it(
    cartload: CommandLine, cart: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(*_: object) -> None:
        raise ValueError(f"refused {CANARY}")

    monkeypatch.setattr("cartload_common.options.load_registry", tell)
    assert download(cartload, cart, "--set", f"nbia.password={CANARY}").code == 70
    assert "refused ***" in log_of(folder)
    assert CANARY not in log_of(folder)


PROGRAM = "import sys; from cartload_cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.parametrize("command", [("download", "nowhere.tcia"), ("plugins",)])
@pytest.mark.parametrize("log", ["off", "a file, not a folder"])
def test_without_a_log_what_is_for_it_does_not_go_to_the_screen(
    home: Path, monkeypatch: pytest.MonkeyPatch, log: str, command: tuple[str, ...]
) -> None:
    (home / log).touch()
    (home / "bad.toml").write_text("jobs = 0")
    monkeypatch.setenv("CARTLOAD_LOG", "off" if log == "off" else str(home / log))
    monkeypatch.setenv("CARTLOAD_CONFIG", str(home / "bad.toml"))
    with start(PROGRAM, *command) as child:
        _, told = child.communicate(timeout=100)
    assert child.returncode == 3
    assert [line for line in told.splitlines() if not line.startswith(("error: ", "note: no log"))] == []
    assert told.count("error: ") == 1


def test_a_fault_leaves_its_trace_in_the_log_and_the_path_on_the_screen(
    cartload: CommandLine, cart: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "run", lambda _: 1 // 0)
    ran = download(cartload, cart)
    (path,) = folder.iterdir()
    assert ran.code == 70
    assert "Traceback" not in ran.err
    assert f"Please report it with this file: {path}" in ran.err
    assert "    | ZeroDivisionError" in path.read_text()


def test_an_error_with_advice_is_in_it_with_where_it_came_from(
    cartload: CommandLine, tmp_path: Path, folder: Path
) -> None:
    ran = cartload("download", tmp_path / "nowhere.tcia")
    assert ran.code == 3
    assert "ERROR" in log_of(folder)
    assert "ManifestError: " in log_of(folder)
    assert "    | FileNotFoundError" in log_of(folder)


def test_wrong_use_leaves_no_log(cartload: CommandLine, folder: Path) -> None:
    assert cartload("download", "--no-such-thing").code == 2
    assert not folder.exists()


def test_what_ends_it_as_wrong_use_later_is_told(cartload: CommandLine, cart: Path, folder: Path) -> None:
    assert cartload("download", cart, "-q", "-v").code == 2
    assert "ended by UsageError" in log_of(folder)


def test_verbose_says_which_file_it_is(cartload: CommandLine, cart: Path, folder: Path) -> None:
    ran = download(cartload, cart, "-v")
    (path,) = folder.iterdir()
    assert f"log: {path}" in ran.err
    assert "fetching: " in ran.err
    assert "asked: is the data usage policy" in ran.err
    assert "log of cartload_cli" not in ran.err


def test_the_report_names_the_log(cartload: CommandLine, cart: Path, folder: Path) -> None:
    report = cart.parent / "report.json"
    download(cartload, cart, "--report", str(report))
    (path,) = folder.iterdir()
    assert json.loads(report.read_text())["log"] == str(path)


def test_a_variable_names_another_folder(
    cartload: CommandLine, cart: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTLOAD_LOG", str(cart.parent / "elsewhere"))
    download(cartload, cart)
    assert "exit code" in log_of(cart.parent / "elsewhere")
    assert not folder.exists()


@pytest.mark.parametrize("word", ["off", "OFF", "no", "0", "false"])
def test_a_variable_does_without(
    cartload: CommandLine, cart: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("CARTLOAD_LOG", word)
    ran = download(cartload, cart)
    assert ran.code == 1
    assert "log" not in ran.err
    assert not folder.exists()


def test_without_a_log_a_fault_says_how_to_have_one(
    cartload: CommandLine, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTLOAD_LOG", "off")
    monkeypatch.setattr(Session, "run", lambda _: 1 // 0)
    ran = download(cartload, cart)
    assert ran.code == 70
    assert "CARTLOAD_LOG wants no log" in ran.err


@pytest.mark.parametrize(("options", "notes"), [((), 1), (("-q",), 0), (("--json",), 0)])
def test_a_log_that_cannot_be_written_ends_nothing(
    cartload: CommandLine, cart: Path, folder: Path, options: tuple[str, ...], notes: int
) -> None:
    folder.write_text("a file, not a folder")
    download(cartload, cart)
    ran = download(cartload, cart, *options)
    assert ran.code == 0
    assert ran.err.count("note: no log is kept: ") == notes


def test_a_disk_that_fills_up_is_told_once_and_ends_nothing(
    cartload: CommandLine, cart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: LogHandler) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cartload_common.log_handler.PART_BYTES", 1000)
    monkeypatch.setattr(LogHandler, "_open", refuse_after_first(LogHandler._open, refuse))
    download(cartload, cart)
    ran = download(cartload, cart)
    assert ran.code == 0
    assert ran.err.count("No space left on device") == 1


def refuse_after_first(first: object, then: object) -> object:
    """Give a method that opens the first file of each handler, and no other."""

    def opened(handler: LogHandler) -> object:
        return then(handler) if hasattr(handler, "_size") else first(handler)  # type: ignore[operator]  # two methods

    return opened


def test_many_runs_at_once_have_a_log_each(cart: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTLOAD_LOG", str(home / "log"))
    running = [start(PROGRAM, "inspect", cart) for _ in range(4)]
    for child in running:
        child.communicate(timeout=100)
    assert [child.returncode for child in running] == [0] * 4
    logs = [path.read_text() for path in (home / "log").iterdir()]
    assert len(logs) == 4
    for child in running:
        (own,) = (text for text in logs if f" {child.pid} " in text)
        assert all(LINE.fullmatch(line) and f" {child.pid} " in line for line in own.splitlines())


def test_afterwards_logging_is_as_it_was(cartload: CommandLine, cart: Path) -> None:
    before = [logging.getLogger(name).level for name in OWN_LOGGERS]
    download(cartload, cart)
    assert log_file.current() is None
    assert [logging.getLogger(name).level for name in OWN_LOGGERS] == before
