from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from attrs import field, frozen

from cartload.errors import LoginError
from cartload.model import Origin
from cartload_common.credentials.login_list import LoginList, usual_path
from cartload_common.user_file import MOST_BYTES

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = Origin.of("https://archive.example")
OTHER = Origin.of("https://other.example:8443")


@frozen
class Listed:
    """A list in a folder that is not there yet, and what it warned of."""

    path: Path
    warnings: list[str] = field(factory=list)

    @property
    def list(self) -> LoginList:
        return LoginList(self.path, self.warnings.append)


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    return Listed(tmp_path / "state" / "logins.json")


def test_at_first_nobody_logged_in_anywhere(listed: Listed) -> None:
    assert listed.list.read() == {}
    assert not listed.warnings
    assert not listed.path.parent.exists()


def test_what_is_added_is_there_the_next_time_the_latest_user_first(listed: Listed) -> None:
    listed.list.add(ORIGIN, "jane")
    listed.list.add(OTHER, None)
    listed.list.add(ORIGIN, "john")
    assert listed.list.read() == {ORIGIN: ("john", "jane"), OTHER: ()}
    listed.list.add(ORIGIN, "jane")
    listed.list.add(ORIGIN, None)
    assert listed.list.read()[ORIGIN] == ("jane", "john")


def test_what_is_removed_is_gone(listed: Listed) -> None:
    listed.list.add(ORIGIN, "jane")
    listed.list.add(OTHER, None)
    listed.list.remove(ORIGIN)
    listed.list.remove(ORIGIN)
    assert listed.list.read() == {OTHER: ()}


@pytest.mark.skipif(os.name != "posix", reason="Windows guards files by access lists, not by such bits")
def test_nobody_else_can_read_it_whatever_the_umask(listed: Listed) -> None:
    before = os.umask(0)
    try:
        listed.list.add(ORIGIN, "jane")
        listed.list.add(OTHER, "jane")
    finally:
        os.umask(before)
    assert listed.path.stat().st_mode & 0o077 == 0
    assert listed.path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff",
        b"null",
        b'{"version": 1}',
        b'{"version": 2, "logins": []}',
        b'{"version": 1, "logins": [], "more": 1}',
        b'{"version": 1, "logins": [{"origin": "https://good@evil.example", "users": []}]}',
        b'{"version": 1, "logins": [{"origin": "https://archive.example", "users": [1]}]}',
        b'{"version": 1, "logins": "https://archive.example"}',
        b" " * (MOST_BYTES + 1),
    ],
)
def test_a_damaged_list_is_a_warning_and_empty_and_can_be_begun_anew(listed: Listed, content: bytes) -> None:
    listed.path.parent.mkdir()
    listed.path.write_bytes(content)
    assert listed.list.read() == {}
    assert listed.warnings == [
        f"{listed.path}: the list of logins cannot be read (it is damaged): none is known."
    ]
    listed.list.add(ORIGIN, "jane")
    assert listed.list.read() == {ORIGIN: ("jane",)}


def test_a_list_that_cannot_be_read_is_a_warning(listed: Listed) -> None:
    listed.path.mkdir(parents=True)
    assert listed.list.read() == {}
    assert "cannot be read" in listed.warnings[0]


def test_a_list_that_cannot_be_written_is_an_error_and_leaves_nothing(listed: Listed) -> None:
    listed.path.mkdir(parents=True)
    with pytest.raises(LoginError, match="the list of logins cannot be written"):
        listed.list.add(ORIGIN, "jane")
    assert not list(listed.path.parent.glob("*.part"))


def test_what_a_crash_left_does_not_hinder(listed: Listed) -> None:
    listed.path.parent.mkdir()
    listed.path.with_suffix(".part").write_text("half")
    listed.list.add(ORIGIN, "jane")
    assert listed.list.read() == {ORIGIN: ("jane",)}


def test_it_belongs_to_the_users_state(home: Path) -> None:
    assert usual_path() == home / "state" / "logins.json"
