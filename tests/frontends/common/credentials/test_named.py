from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError, SettingsError
from cartload.model import Origin
from cartload_common.credentials.named import Named, named_logins

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://archive.example"
ORIGIN = Origin.of(ADDRESS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ann.properties"
    path.write_text("userName=ann\npassWord=c4n4ry\n")
    path.chmod(0o600)
    return path


def test_the_login_of_a_file_is_for_its_archive_and_its_user_alone(file: Path) -> None:
    named = Named(named_logins({ADDRESS: {"credentials": str(file)}}))
    ann = Credentials("ann", Secret("c4n4ry"))
    assert named.find(ORIGIN, None) == named.find(ORIGIN, "ann") == ann
    assert named.find(ORIGIN, "ben") is None
    assert named.find(Origin.of(f"{ADDRESS}:8443"), None) is None


def test_a_user_alone_is_no_login() -> None:
    logins = named_logins({ADDRESS: {"username": "ann"}})
    assert logins[ORIGIN].username == "ann"
    assert Named(logins).find(ORIGIN, None) is None


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    named = Named(named_logins({ADDRESS: {"credentials": str(tmp_path / "gone")}}))
    with pytest.raises(LoginError, match="gone"):
        named.find(ORIGIN, None)


@pytest.mark.parametrize(
    ("address", "table", "said"),
    [
        ("http://archive.example", {}, "plain http"),
        ("https://ann@archive.example", {}, "plain http"),
        (ADDRESS, {"password": "c4n4ry"}, "unknown: password"),
        (ADDRESS, {"username": " "}, "empty"),
        (ADDRESS, {"credentials": "ann.properties"}, "must begin with"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_without_a_value(
    address: str, table: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as told:
        named_logins({address: table}, "config.toml")
    assert str(told.value).startswith(f'config.toml: [logins."{address}"]')
    assert "c4n4ry" not in str(told.value)
