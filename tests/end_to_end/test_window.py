"""From a double click on a manifest to files on the disk: the window, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from archive_carts import fetches, files_below, images_below, stored_bytes, write_cart
from cartload.testing.catalogue import DEMO_USER, demo_catalogue
from cartload_archive import ArchiveServer, Fault, Stall
from command_line import CARTLOAD
from driven_window import PATIENCE, Screen
from small_carts import a_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from command_line import CommandLine
    from driven_window import Shown

CATALOGUE = a_catalogue()
UIDS = list(CATALOGUE.series)
ALL = stored_bytes(CATALOGUE.series.values())
COMPLETE = "Complete: all 4 series are there and verified."


@pytest.fixture
def screen(cartload: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Screen:
    running = tmp_path_factory.mktemp("r")  # a socket's path must be short
    running.chmod(0o700)
    return Screen(cartload, running)


@pytest.fixture
def stall() -> Stall:
    return Stall(after=2000)


@pytest.fixture
def stalling(stall: Stall) -> Iterator[ArchiveServer]:
    """Serve all but the last series, once."""
    with ArchiveServer(CATALOGUE, faults={UIDS[3]: Fault(stall=stall, times=1)}) as server:
        yield server


def begin(window: Shown, folder: Path) -> None:
    """Start the cart that is shown, into *folder*, and agree."""
    window.until(stage="shown")
    window.ask("folder", str(folder))
    window.press("Start")
    window.press("Agree", "PolicyDialog")


def reach(window: Shown, stall: Stall) -> None:
    """Wait until the archive is silent, all else is there, and the window knows."""
    assert stall.reached.wait(PATIENCE)
    window.until(stage="running")


@pytest.mark.parametrize("words", [("gui",), ()], ids=["gui", "double click"])
def test_a_cart_that_is_opened_in_the_window_is_what_the_command_line_brings_home(
    screen: Screen, tmp_path: Path, words: tuple[str, ...]
) -> None:
    with ArchiveServer(CATALOGUE) as server:
        cart = write_cart(tmp_path, server, CATALOGUE)
        with screen.start(*words, cart) as window:
            begin(window, tmp_path / "window")
            assert window.until(stage="ended")["ending"] == COMPLETE
            window.ask("close")
            assert window.end() == 0
        command = screen.cartload("download", cart, "-d", tmp_path / "command")
    assert command.exit_code == 0, command.err
    by_window, by_command = (files_below(tmp_path / each / "cart") for each in ("window", "command"))
    assert sorted(images_below(tmp_path / "window" / "cart").values()) == ALL
    assert by_window.keys() == by_command.keys()
    assert images_below(tmp_path / "window" / "cart") == images_below(tmp_path / "command" / "cart")


def test_a_window_that_is_killed_offers_its_cart_again_and_fetches_nothing_twice(
    screen: Screen, tmp_path: Path, stalling: ArchiveServer, stall: Stall
) -> None:
    cart = write_cart(tmp_path, stalling, CATALOGUE)
    with screen.start(cart) as window:
        begin(window, tmp_path / "data")
        reach(window, stall)
        window.until(counts={"complete": 3, "fetching": 1})
        window.process.kill()
        window.end()
    before = len(fetches(stalling))
    with screen.start("gui") as window:
        window.press("Resume", "UnfinishedDialog")
        window.until(stage="shown")
        window.press("Start")
        window.press("Start", "ExistingDialog")
        assert window.until(stage="ended")["ending"] == COMPLETE
        window.ask("close")
        assert window.end() == 0
    assert set(fetches(stalling)[before:]) == {UIDS[3]}
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL
    assert not (tmp_path / "data" / "cart" / ".cartload" / "staging").exists()
    with screen.start("gui") as window:
        assert window.until(recent=1)["dialog"] is None


@pytest.mark.parametrize("way", ["close", "signal"])
def test_a_window_that_is_left_while_the_archive_is_silent_goes_and_can_be_gone_on_with(
    screen: Screen, tmp_path: Path, stalling: ArchiveServer, stall: Stall, way: str
) -> None:
    if way == "signal" and sys.platform == "win32":
        pytest.skip("Windows sends no signal to another process alone")
    cart = write_cart(tmp_path, stalling, CATALOGUE)
    with screen.start("gui", cart) as window:
        begin(window, tmp_path / "data")
        reach(window, stall)
        if way == "close":
            window.ask("close")
            window.press("Keep running", "LeaveDialog")
            assert window.until(dialog=None)["stage"] == "running"
            window.ask("close")
            window.press("Leave and stop", "LeaveDialog")
        else:
            window.process.send_signal(signal.SIGTERM)
        assert window.end() == 0
    command = screen.cartload("download", cart, "-d", tmp_path / "data")
    assert command.exit_code == 0, command.err
    assert sorted(images_below(tmp_path / "data" / "cart").values()) == ALL


def test_a_second_start_hands_its_cart_to_the_window_that_is_there(screen: Screen, tmp_path: Path) -> None:
    with ArchiveServer(CATALOGUE) as server, screen.start("gui") as window:
        window.until(stage="empty")
        second = subprocess.run(  # noqa: S603 - our own command
            [CARTLOAD, str(write_cart(tmp_path, server, CATALOGUE))],
            env=screen.environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        window.until(stage="shown", title="cart.tcia - cartload")


def test_a_password_that_is_typed_in_the_window_is_in_no_file(screen: Screen, tmp_path: Path) -> None:
    catalogue = demo_catalogue()
    logging = evolve(screen, variables={"CARTLOAD_LOG": str(tmp_path / "log")})
    with ArchiveServer(catalogue) as server, logging.start(write_cart(tmp_path, server, catalogue)) as window:
        begin(window, tmp_path / "data")
        window.until(dialog="LoginDialog")
        window.ask("type", DEMO_USER.name, DEMO_USER.password)
        window.press("Log in")
        assert window.until(stage="ended")["ending"].startswith("Complete")
        window.ask("close")
        assert window.end() == 0
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".dcm"]
    assert any(path.suffix == ".log" and b"LoggedIn" in path.read_bytes() for path in written)
    assert not [path for path in written if DEMO_USER.password.encode() in path.read_bytes()]


def test_a_fault_of_cartload_itself_is_shown_and_logged_and_ends_nothing(
    screen: Screen, tmp_path: Path
) -> None:
    logging = evolve(screen, variables={"CARTLOAD_LOG": str(tmp_path / "log")})
    with logging.start("gui") as window:
        window.until(stage="empty")
        window.ask("raise")
        assert "nobody thought of this" in window.until(dialog="ErrorDialog")["said"]
        window.press("Close")
        window.until(dialog=None)
        window.ask("close")
        assert window.end() == 0
    (log,) = (tmp_path / "log").glob("*.log")
    written = log.read_text(encoding="utf-8")
    assert "RuntimeError: nobody thought of this" in written
    assert "the window was closed" in written
