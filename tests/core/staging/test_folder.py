from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import filelock
import pytest

from cartload.errors import DestinationError
from cartload.model import SeriesUID
from cartload.staging import CartFolder, cart_folders, owners

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = 1_600_000_000.25
SERIES = SeriesUID("1.2.3")
HOST = owners.new_owner().partition("-")[0]

OTHER_SESSION = """
import sys
from pathlib import Path
from cartload.staging import CartFolder
cart = CartFolder(Path(sys.argv[1]))
cart.open(0.0)
cart.area("1.2.3", 10).receive(iter([b"half a series"]), 100, lambda _: None)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "cart"


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work on a file system that knows no locks."""

    def refuse(*_: object, **__: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)


@contextmanager
def _other_session(root: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", OTHER_SESSION, str(root)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def _staged(root: Path) -> list[str]:
    return sorted(path.name for path in (root / ".cartload" / "staging").iterdir())


def _leave(root: Path, owner: str) -> Path:
    left = root / ".cartload" / "staging" / owner / "000001"
    left.mkdir(parents=True)
    (left / ".000001").write_bytes(b"half a series")
    return left.parent


def _dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


# --- one session --------------------------------------------------------------------------------


def test_opening_makes_all_that_is_needed(root: Path) -> None:
    cart = CartFolder(root)
    cart.open(NOW).close()
    assert sorted(path.name for path in (root / ".cartload").iterdir()) == ["journal", "lock", "staging"]
    assert len(_staged(root)) == 1
    cart.close()


def test_closing_leaves_no_staging(root: Path) -> None:
    cart = CartFolder(root)
    cart.open(NOW)
    area = cart.area(SERIES, 10)
    area.receive(iter([b"x"]), 1, lambda _: None)
    area.discard()
    cart.close()
    cart.close()
    assert sorted(path.name for path in (root / ".cartload").iterdir()) == ["journal", "lock"]


def test_a_journal_is_named_by_time_host_and_process(root: Path) -> None:
    cart = CartFolder(root)
    journal = cart.open(NOW)
    assert journal.path.name.startswith("20200913T122640.250000Z-")
    assert f"-{os.getpid()}-" in journal.path.name
    cart.close()


def test_what_was_written_is_read_by_the_next_session(root: Path) -> None:
    for number in range(2):
        cart = CartFolder(root)
        journal = cart.open(NOW + number)
        journal.append(f"run {number}", durable=True)
        journal.close()
        cart.close()
    assert [line for _, line in CartFolder(root).journals().lines()] == ["run 0\n", "run 1\n"]


def test_looking_at_the_journals_makes_no_folder(root: Path) -> None:
    assert list(CartFolder(root).journals().lines()) == []
    assert not root.exists()


def test_a_folder_that_cannot_be_made_is_told(root: Path) -> None:
    root.write_text("a file")
    with pytest.raises(
        DestinationError, match="making the cart's folder failed: a part of its path is a file"
    ):
        CartFolder(root).open(NOW)


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_destination_that_cannot_be_written_to_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DestinationError, match="making the cart's folder failed: "):
        CartFolder(root).open(NOW)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("name", [".cartload", ".cartload/staging", ".cartload/journal"])
def test_a_link_in_the_place_of_what_is_cartload_s_own_is_refused(
    root: Path, tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / name).parent.mkdir(parents=True)
    (root / name).symlink_to(outside)
    with pytest.raises(DestinationError, match="a link stands where cartload keeps what it is working on"):
        CartFolder(root).open(NOW)
    assert not [path for path in outside.rglob("*") if path.is_file()]


# --- two sessions -------------------------------------------------------------------------------


def test_a_second_session_in_this_process_is_refused(root: Path) -> None:
    first = CartFolder(root)
    first.open(NOW)
    with pytest.raises(DestinationError, match="another cartload session is at work here"):
        CartFolder(root).open(NOW)
    first.close()
    second = CartFolder(root)
    second.open(NOW)
    second.close()


def test_a_second_session_in_another_process_is_refused(root: Path) -> None:
    with (
        _other_session(root),
        pytest.raises(DestinationError, match="another cartload session is at work here"),
    ):
        CartFolder(root).open(NOW)


@pytest.mark.usefixtures("without_locks")
def test_without_locks_a_living_session_s_staging_stays(root: Path) -> None:
    with _other_session(root):
        cart = CartFolder(root)
        cart.open(NOW)
        assert len(_staged(root)) == 2
        cart.close()
        assert len(_staged(root)) == 1


def test_what_a_killed_session_left_is_cleared(root: Path) -> None:
    with _other_session(root) as process:
        process.kill()
        process.wait()
    (left,) = _staged(root)
    cart = CartFolder(root)
    cart.open(NOW)
    assert left not in _staged(root)
    assert len(_staged(root)) == 1
    cart.close()


# --- what is abandoned --------------------------------------------------------------------------


def _open_and_close(root: Path) -> None:
    cart = CartFolder(root)
    cart.open(NOW)
    cart.close()


def test_the_staging_of_a_dead_process_is_cleared(root: Path) -> None:
    left = _leave(root, f"{HOST}-{_dead_process()}-abcd")
    _open_and_close(root)
    assert not left.exists()


def test_the_staging_of_a_living_process_stays(root: Path) -> None:
    left = _leave(root, f"{HOST}-{os.getppid()}-abcd")
    _open_and_close(root)
    assert left.exists()


def test_the_staging_of_another_host_stays(root: Path) -> None:
    left = _leave(root, f"another{HOST}-{_dead_process()}-abcd")
    _open_and_close(root)
    assert left.exists()


@pytest.mark.parametrize("owner", ["{host}", "{host}-x-abcd", "{host}--", "notes"])
def test_what_has_no_such_name_stays(root: Path, owner: str) -> None:
    left = _leave(root, owner.format(host=HOST))
    _open_and_close(root)
    assert left.exists()


def test_a_number_that_no_process_can_have_is_dead(root: Path) -> None:
    left = _leave(root, f"{HOST}-{10**30}-abcd")
    _open_and_close(root)
    assert not left.exists()


def test_an_earlier_process_of_this_number_is_dead_when_the_lock_is_ours(root: Path) -> None:
    left = _leave(root, f"{HOST}-{os.getpid()}-abcd")
    _open_and_close(root)
    assert not left.exists()


@pytest.mark.usefixtures("without_locks")
def test_without_a_lock_a_namesake_of_this_process_may_live(root: Path) -> None:
    left = _leave(root, f"{HOST}-{os.getpid()}-abcd")
    _open_and_close(root)
    assert left.exists()


def test_a_process_that_may_not_be_asked_lives(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    left = _leave(root, f"{HOST}-{_dead_process()}-abcd")
    monkeypatch.setattr(os, "kill", refuse)
    _open_and_close(root)
    assert left.exists()


def test_on_windows_whoever_holds_the_lock_is_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = _leave(root, f"{HOST}-{os.getppid()}-abcd")
    monkeypatch.setattr(owners, "sys", SimpleNamespace(platform="win32"))
    _open_and_close(root)
    assert not left.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_among_the_abandoned_is_not_followed(root: Path, tmp_path: Path) -> None:
    outside = _leave(tmp_path / "outside", "x")
    link = root / ".cartload" / "staging" / f"{HOST}-{_dead_process()}-abcd"
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    _open_and_close(root)
    assert (outside / "000001" / ".000001").exists()


@pytest.mark.parametrize(("name", "stays"), [(f"{HOST}-{10**30}-abcd", False), ("notes.txt", True)])
def test_a_file_that_a_dead_process_was_writing_is_cleared_and_no_other(
    root: Path, name: str, *, stays: bool
) -> None:
    file = root / ".cartload" / "staging" / name
    file.parent.mkdir(parents=True)
    file.write_text("half")
    _open_and_close(root)
    assert file.exists() is stays


def test_a_file_that_cannot_be_cleared_hinders_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    file = root / ".cartload" / "staging" / f"{HOST}-{10**30}-abcd"
    file.parent.mkdir(parents=True)
    file.write_text("half")
    monkeypatch.setattr(Path, "unlink", refuse)
    _open_and_close(root)
    assert file.exists()


def test_a_session_that_could_not_begin_lets_go_of_the_lock(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    cart = CartFolder(root)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", refuse)
        with pytest.raises(DestinationError, match="looking through what an earlier session left failed"):
            cart.open(NOW)
    _open_and_close(root)


# --- carts that are there already


def test_a_folder_with_a_journal_is_a_cart(root: Path) -> None:
    (root / ".cartload" / "journal").mkdir(parents=True)
    assert cart_folders(root) == (root,)


def test_the_carts_in_a_folder_are_found_by_name(tmp_path: Path) -> None:
    for name in ("b", "a", "c/deeper"):
        (tmp_path / name / ".cartload" / "journal").mkdir(parents=True)
    (tmp_path / "file").touch()
    assert cart_folders(tmp_path) == (tmp_path / "a", tmp_path / "b")


def test_a_folder_that_cannot_be_looked_into_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DestinationError, match="looking for carts failed: a part of its path is a file"):
        cart_folders(tmp_path / "file")


def test_what_other_sessions_left_is_named(root: Path) -> None:
    assert CartFolder(root).leftovers() == ()
    _leave(root, "host-1-b")
    _leave(root, "host-1-a")
    assert CartFolder(root).leftovers() == ("host-1-a", "host-1-b")
