"""The user's ledger: private, whole whatever happens, and never the loss of what another version wrote."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from cartload.errors import LedgerError
from cartload.ledger import Accepted, Ledger
from cartload.model import UsagePolicy
from cartload.ports import Acceptance
from cartload_common.policy_ledger import PolicyLedger
from cartload_common.user_file import MOST_BYTES
from frontends.cli.commandline import start

if TYPE_CHECKING:
    from pathlib import Path

ARCHIVE = "https://archive.example"
POLICY = UsagePolicy(ARCHIVE, "Be kind.\n")
ACCEPTANCE = Acceptance(POLICY, "2026-07-01T12:00:00+00:00", "prompt")
OTHER = Acceptance(UsagePolicy("https://other.example", "Be kind.\n"), "2026-07-02T12:00:00+00:00", "flag")
KNOWN = Accepted(ARCHIVE, POLICY.digest, "2026-07-01T12:00:00+00:00", "prompt")
DAMAGED = [
    b"",
    b"{",
    b"[" * 100_000,
    b"\xff",
    b"null",
    b'{"version": 1}',
    b'{"version": 0, "accepted": []}',
    b'{"version": true, "accepted": []}',
    b'{"version": "2", "accepted": []}',
    b'{"version": 1, "accepted": [], "more": 1}',
    b'{"version": 1, "accepted": [{"archive": "a", "sha256": "b", "at": "c"}]}',
    b'{"version": 1, "accepted": [{"archive": "a", "sha256": "b", "at": 1, "by": "flag"}]}',
]
NEWER = b'{"version": 2, "accepted": {"by": "a form that nobody knows yet"}}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file in a folder that is not there yet."""
    return tmp_path / "state" / "policies.json"


def entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["accepted"]
    return found


def test_it_is_what_a_session_takes_for_a_ledger(path: Path) -> None:
    assert isinstance(PolicyLedger(path), Ledger)


def test_at_first_nothing_was_accepted_and_looking_writes_nothing(path: Path) -> None:
    assert PolicyLedger(path).find(ARCHIVE) is None
    assert not path.parent.exists()


def test_what_is_remembered_is_found_by_its_archive(path: Path) -> None:
    PolicyLedger(path).remember(ACCEPTANCE)
    PolicyLedger(path).remember(OTHER)
    assert PolicyLedger(path).find(ARCHIVE) == KNOWN
    assert PolicyLedger(path).find("https://other.example:8443") is None


def test_an_archive_has_one_entry_the_latest(path: Path) -> None:
    ledger = PolicyLedger(path)
    ledger.remember(ACCEPTANCE)
    ledger.remember(OTHER)
    later = Acceptance(UsagePolicy(ARCHIVE, "Be kinder."), "2026-08-01T12:00:00+00:00", "flag")
    ledger.remember(later)
    assert ledger.find(ARCHIVE) == Accepted(ARCHIVE, later.policy.digest, later.at, "flag")
    assert [entry["archive"] for entry in entries(path)] == ["https://other.example", ARCHIVE]


def test_the_text_of_a_policy_is_not_in_it(path: Path) -> None:
    PolicyLedger(path).remember(ACCEPTANCE)
    assert "kind" not in path.read_text()


@pytest.mark.skipif(os.name != "posix", reason="Windows guards files by access lists, not by such bits")
def test_nobody_else_can_read_it_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        PolicyLedger(path).remember(ACCEPTANCE)
        PolicyLedger(path).remember(OTHER)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_ledger_is_told_and_kept_aside_when_a_new_one_begins(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    ledger = PolicyLedger(path)
    with pytest.raises(LedgerError, match="this list of accepted policies is damaged"):
        ledger.find(ARCHIVE)
    assert path.read_bytes() == content
    ledger.remember(ACCEPTANCE)
    assert ledger.find(ARCHIVE) == KNOWN
    (aside,) = path.parent.glob("policies.damaged-*.json")
    assert aside.read_bytes() == content


def test_a_ledger_that_a_newer_version_wrote_is_told_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(NEWER)
    ledger = PolicyLedger(path)
    with pytest.raises(LedgerError, match="a newer cartload wrote this list"):
        ledger.find(ARCHIVE)
    with pytest.raises(LedgerError, match="a newer cartload wrote this list"):
        ledger.remember(ACCEPTANCE)
    assert path.read_bytes() == NEWER
    assert not list(path.parent.glob("*damaged*"))


def test_a_ledger_without_end_is_not_read_to_its_end_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b" " * (MOST_BYTES + 1))
    with pytest.raises(LedgerError, match="more than 1,048,576 bytes"):
        PolicyLedger(path).find(ARCHIVE)
    with pytest.raises(LedgerError, match="more than 1,048,576 bytes"):
        PolicyLedger(path).remember(ACCEPTANCE)
    assert path.stat().st_size == MOST_BYTES + 1


def test_a_ledger_that_cannot_be_read_or_written_is_an_error_and_leaves_nothing(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(LedgerError, match="cannot be read"):
        PolicyLedger(path).find(ARCHIVE)
    with pytest.raises(LedgerError, match="cannot be read"):
        PolicyLedger(path).remember(ACCEPTANCE)
    assert not list(path.parent.glob("*.part"))


def test_a_ledger_without_a_folder_to_be_in_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder has to be")
    with pytest.raises(LedgerError, match="cannot be written"):
        PolicyLedger(tmp_path / "state" / "policies.json").remember(ACCEPTANCE)


def test_what_a_crash_left_does_not_hinder(path: Path) -> None:
    path.parent.mkdir()
    path.with_suffix(".part").write_text("half")
    PolicyLedger(path).remember(ACCEPTANCE)
    assert PolicyLedger(path).find(ARCHIVE) == KNOWN


MANY = """
import sys
from pathlib import Path
from cartload.model import UsagePolicy
from cartload.ports import Acceptance
from cartload_common.policy_ledger import PolicyLedger

sys.stdin.readline()
for number in range(10):
    policy = UsagePolicy(f"https://{sys.argv[2]}-{number}.example", "Be kind.")
    PolicyLedger(Path(sys.argv[1])).remember(Acceptance(policy, "2026-07-01T12:00:00+00:00", "flag"))
"""


def test_processes_that_accept_at_once_lose_nothing(path: Path) -> None:
    processes = [start(MANY, path, name) for name in ("a", "b", "c")]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[1] for process in processes] == ["", "", ""]
    assert len(entries(path)) == 30


def test_it_belongs_to_the_users_state(home: Path) -> None:
    PolicyLedger.usual().remember(ACCEPTANCE)
    assert (home / "state" / "policies.json").is_file()
