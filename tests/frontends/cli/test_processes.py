"""The command line as processes of their own: signals, pipes and terminals."""

from __future__ import annotations

import json
import re
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from cartload.testing.archive import manifest_text
from cartload.testing.catalogue import demo_catalogue
from cartload_archive import ArchiveServer, Fault, Stall
from frontends.cli.commandline import start

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cartload.testing.archive import Catalogue

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals are those of POSIX")

PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from cartload_cli.main import main
sys.exit(main())
"""
AT_TERMINAL = """
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn([sys.executable, *sys.argv[1:]])))
"""
SIZE = {"COLUMNS": "80", "LINES": "24", "TERM": "xterm"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return demo_catalogue()


@pytest.fixture
def stall() -> Stall:
    return Stall(after=3000)


@pytest.fixture
def cart(catalogue: Catalogue, stall: Stall, tmp_path: Path) -> Iterator[Path]:
    """Give a cart of three series, one of which stalls at the first request for it."""
    uids = sorted(catalogue.public, key=lambda uid: catalogue.series[uid].record.image_bytes)[:3]
    with ArchiveServer(catalogue, faults={uids[1]: Fault(times=1, stall=stall)}) as server:
        path = tmp_path / "cart.tcia"
        path.write_text(manifest_text(catalogue, server.servlet_url, uids))
        yield path


@pytest.fixture(autouse=True)
def own_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    for name, value in SIZE.items():
        monkeypatch.setenv(name, value)


def download(cart: Path, *options: str) -> subprocess.Popen[str]:
    return start(PROGRAM, "download", cart, "-d", cart.parent / "out", "--accept-policy", *options)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_cleanly_and_a_second_run_goes_on(
    cart: Path, stall: Stall, number: signal.Signals
) -> None:
    with download(cart) as child:
        assert stall.reached.wait(60)
        child.send_signal(number)
        _, told = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "STOPPED: " in told
    assert "Run the same command again" in told
    with download(cart) as again:
        _, told = again.communicate(timeout=60)
    assert again.returncode == 0
    assert "COMPLETE: all 3 series" in told


def test_when_nobody_reads_the_events_the_session_stops(cart: Path, stall: Stall) -> None:
    with download(cart, "--json") as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert json.loads(child.stdout.readline())["event"] == "SessionChanged"
        child.stdout.close()
        stall.released.set()
        told = child.stderr.read()
        assert child.wait(60) == 130
    assert "the standard output cannot be written" in told
    assert "Traceback" not in told


def on_terminal(*arguments: str | Path, seen: str = "", then: Callable[[], object] = bool) -> tuple[int, str]:
    """Run a command at a pseudo-terminal; gives its exit code and all that was painted.

    Once *seen* (a regular expression) is painted, *then* is called.
    """
    painted = ""
    waiting = bool(seen)
    with start(AT_TERMINAL, "-c", PROGRAM, *arguments) as child:
        assert child.stdout is not None
        while piece := child.stdout.read(1):
            painted += piece
            if waiting and re.search(seen, painted):
                waiting = False
                then()
    return child.returncode, painted


def test_at_a_terminal_the_bars_are_painted_and_leave_a_text_that_can_be_read(
    cart: Path, stall: Stall
) -> None:
    arguments = ("download", cart, "-d", cart.parent / "out", "--accept-policy")
    code, painted = on_terminal(*arguments, seen=r"\d+ of 3 series", then=stall.released.set)
    assert code == 0
    assert "COMPLETE: all 3 series" in painted
    assert painted.count("\x1b[?25l") == painted.count("\x1b[?25h")


def test_without_a_terminal_nothing_is_painted(cart: Path, stall: Stall) -> None:
    stall.released.set()
    with download(cart) as child:
        _, told = child.communicate(timeout=60)
    assert "\x1b" not in told
    assert sum(line.startswith("stored: ") for line in told.splitlines()) == 3


def test_a_dumb_terminal_gets_plain_lines(cart: Path, stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    stall.released.set()
    monkeypatch.setenv("TERM", "dumb")
    code, painted = on_terminal("download", cart, "-d", cart.parent / "out", "--accept-policy")
    assert code == 0
    assert "\x1b[?25l" not in painted


def test_names_that_the_terminal_cannot_show_do_not_end_it(
    cart: Path, stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall.released.set()
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    path = cart.rename(cart.with_name("Gr\u00f6\u00dfe.tcia"))
    with download(path) as child:
        _, told = child.communicate(timeout=60)
    assert child.returncode == 0
    assert "Gr\\xf6\\xdfe.tcia" in told
