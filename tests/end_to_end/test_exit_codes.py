"""Every exit code, as the shell gets it from a process that really came to that end."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from attrs import evolve, frozen
from filelock import FileLock

from archive_carts import write_cart
from cartload.testing.archive import Access
from cartload_archive import ArchiveServer, Fault, Stall
from cartload_common.exit_codes import ExitCode
from command_line import CARTLOAD
from small_carts import a_catalogue, a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cartload.testing.archive import Catalogue
    from command_line import CommandLine

FAULTY = """
import sys
from cartload import session
session.Session.prepare = lambda *_: 1 // 0
from cartload_cli.main import main
sys.exit(main())
"""
PATIENCE = 60


@frozen
class User:
    """Somebody with a command line and a folder; the archive has two series, of which one is limited."""

    cartload: CommandLine
    folder: Path

    @property
    def catalogue(self) -> Catalogue:
        """Give what the archive has."""
        limited = evolve(a_series(a_record(2, collection="LIMITED")), access=Access.LIMITED)
        return a_catalogue([a_series(a_record(1)), limited])

    def words(self, server: ArchiveServer, *, limited: bool = False) -> tuple[str, ...]:
        """Give the ordinary command for a cart of the one series, or of both."""
        catalogue = self.catalogue
        cart = write_cart(self.folder, server, catalogue, None if limited else catalogue.public)
        return ("download", str(cart), "--accept-policy", "-d", str(self.folder / "out"))

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a program in this user's environment."""
        return subprocess.Popen(  # noqa: S603 - our own
            command,
            env=self.cartload.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def ended(child: subprocess.Popen[bytes]) -> int:
    try:
        return child.wait(PATIENCE)
    finally:
        child.kill()


def complete(user: User) -> int:
    with ArchiveServer(user.catalogue) as server:
        return user.cartload(*user.words(server)).exit_code


def failed(user: User) -> int:
    (uid,) = user.catalogue.public
    with ArchiveServer(user.catalogue, faults={uid: Fault(vanish=True)}) as server:
        return user.cartload(*user.words(server)).exit_code


def wrong_use(user: User) -> int:
    with ArchiveServer(user.catalogue) as server:
        return user.cartload(*user.words(server), "--no-such-option").exit_code


def invalid(user: User) -> int:
    cart = user.folder / "cart.tcia"
    cart.write_text("downloadServerUrl=nowhere\nListOfSeriesToDownload=\n1.2..4\n")
    return user.cartload("download", cart, "--accept-policy").exit_code


def denied(user: User) -> int:
    with ArchiveServer(user.catalogue) as server:
        return user.cartload(*user.words(server, limited=True)).exit_code


def policy(user: User) -> int:
    with ArchiveServer(user.catalogue) as server:
        words = [word for word in user.words(server) if word != "--accept-policy"]
        return user.cartload(*words).exit_code


def destination(user: User) -> int:
    hidden = user.folder / "out" / "cart" / ".cartload"
    hidden.mkdir(parents=True)
    with ArchiveServer(user.catalogue) as server, FileLock(hidden / "lock"):
        return user.cartload(*user.words(server)).exit_code


def unreachable(user: User) -> int:
    with ArchiveServer(user.catalogue) as server:
        words = user.words(server)
    return user.cartload(*words).exit_code


def fault(user: User) -> int:
    with (
        ArchiveServer(user.catalogue) as server,
        user.start(sys.executable, "-c", FAULTY, *user.words(server)) as child,
    ):
        return ended(child)


def interrupted(user: User) -> int:
    if sys.platform == "win32":
        pytest.skip("Windows sends no signal to another process alone")
    stall = Stall(after=3000)
    (uid,) = user.catalogue.public
    with (
        ArchiveServer(user.catalogue, faults={uid: Fault(stall=stall)}) as server,
        user.start(CARTLOAD, *user.words(server)) as child,
    ):
        assert stall.reached.wait(PATIENCE)
        child.send_signal(signal.SIGTERM)
        return ended(child)


ENDS: Mapping[ExitCode, Callable[[User], int]] = {
    ExitCode.COMPLETE: complete,
    ExitCode.FAILED: failed,
    ExitCode.USAGE: wrong_use,
    ExitCode.INVALID: invalid,
    ExitCode.DENIED: denied,
    ExitCode.POLICY: policy,
    ExitCode.DESTINATION: destination,
    ExitCode.UNREACHABLE: unreachable,
    ExitCode.FAULT: fault,
    ExitCode.INTERRUPTED: interrupted,
}


@pytest.mark.parametrize("code", ExitCode, ids=lambda code: code.name.lower())
def test_a_process_that_ends_so_has_this_code(code: ExitCode, cartload: CommandLine, tmp_path: Path) -> None:
    assert ENDS[code](User(cartload, tmp_path)) == code


def test_the_codes_are_the_documented_ones_for_ever() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 6, 7, 70, 130]
