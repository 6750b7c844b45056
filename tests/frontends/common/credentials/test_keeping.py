"""A login is kept in the keyring and on the list, or in neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.model import Origin
from cartload_common.credentials import keeping
from cartload_common.credentials.keyring_store import KeyringStore
from cartload_common.credentials.login_list import LoginList

if TYPE_CHECKING:
    from pathlib import Path

    from keyrings import MemoryKeyring

ORIGIN = Origin("https", "archive.example", 443)
JANE = Credentials("jane", Secret("x"))


@pytest.fixture
def listed(tmp_path: Path) -> LoginList:
    return LoginList(tmp_path / "state" / "logins.json", pytest.fail)


def test_a_login_is_kept_and_forgotten(listed: LoginList, keyring: MemoryKeyring) -> None:
    keeping.keep(KeyringStore(), listed, ORIGIN, JANE)
    assert listed.read() == {ORIGIN: ("jane",)}
    assert list(keyring.kept.values()) == ["x"]
    keeping.forget(KeyringStore(), listed, ORIGIN, ["jane"])
    assert listed.read() == {}
    assert keyring.kept == {}


def test_what_cannot_be_listed_is_not_in_the_keyring(tmp_path: Path, keyring: MemoryKeyring) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LoginError):
        keeping.keep(KeyringStore(), LoginList(tmp_path / "file" / "logins.json", pytest.fail), ORIGIN, JANE)
    assert keyring.kept == {}


@pytest.mark.usefixtures("broken_keyring")
def test_what_the_keyring_does_not_forget_stays_on_the_list(listed: LoginList) -> None:
    listed.add(ORIGIN, "jane")
    with pytest.raises(LoginError):
        keeping.forget(KeyringStore(), listed, ORIGIN, ["jane"])
    assert listed.read() == {ORIGIN: ("jane",)}
