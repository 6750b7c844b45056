from __future__ import annotations

import os
import traceback
from pathlib import Path

import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.model import Origin
from cartload_common.credentials.netrc_file import NetrcFile

ORIGIN = Origin.of("https://archive.example")
OTHER = Origin.of("https://other.example")
ENTRY = "machine archive.example login jane password c4n4ry\n"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_the_entry_of_the_host_is_a_login(home: Path) -> None:
    written(home / ".netrc", ENTRY)
    assert NetrcFile({}).find(ORIGIN, None) == Credentials("jane", Secret("c4n4ry"))


def test_the_variable_names_another_file(home: Path, tmp_path: Path) -> None:
    written(home / ".netrc", "machine archive.example login john password other")
    file = NetrcFile({"NETRC": str(written(tmp_path / "mine", ENTRY))})
    assert file.find(ORIGIN, None) == Credentials("jane", Secret("c4n4ry"))
    assert file.name == str(tmp_path / "mine")


def test_a_host_is_found_however_it_is_written(home: Path) -> None:
    written(home / ".netrc", ENTRY.replace("archive", "Archive"))
    assert NetrcFile({}).find(ORIGIN, None) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "machine other.example login jane password c4n4ry",
        "default login jane password c4n4ry",
        "machine archive.example.org login jane password c4n4ry",
        "machine archive.example login jane",
        "machine archive.example password c4n4ry",
    ],
)
def test_whatever_is_not_a_login_for_that_very_host_is_none(home: Path, text: str) -> None:
    written(home / ".netrc", text)
    assert NetrcFile({}).find(ORIGIN, None) is None


def test_the_login_of_another_user_is_none(home: Path) -> None:
    written(home / ".netrc", ENTRY)
    assert NetrcFile({}).find(ORIGIN, "john") is None
    assert NetrcFile({}).find(ORIGIN, "jane") is not None


def test_without_a_file_there_is_no_login() -> None:
    assert NetrcFile({}).find(ORIGIN, None) is None


def test_a_user_without_a_home_has_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    assert NetrcFile({}).find(ORIGIN, None) is None
    assert NetrcFile({}).name == "netrc"


def test_a_named_file_that_is_not_there_is_told() -> None:
    with pytest.raises(LoginError, match="it cannot be read"):
        NetrcFile({"NETRC": "nowhere"}).find(ORIGIN, None)


@pytest.mark.skipif(os.name != "posix", reason="Windows guards files by access lists, not by such bits")
def test_a_file_that_others_can_read_is_refused(home: Path) -> None:
    written(home / ".netrc", ENTRY).chmod(0o644)
    with pytest.raises(LoginError, match="others than you"):
        NetrcFile({}).find(ORIGIN, None)


def test_a_mistake_is_told_with_its_line_and_not_quoted(home: Path) -> None:
    written(home / ".netrc", "machine archive.example login jane\n pasword c4n4ry\n")
    with pytest.raises(LoginError, match=r"not written as a netrc file is \(line \d\)") as refused:
        NetrcFile({}).find(ORIGIN, None)
    assert "pasword" not in "".join(traceback.format_exception(refused.value))
    assert "c4n4ry" not in "".join(traceback.format_exception(refused.value))


def test_the_entry_for_all_hosts_is_not_that_of_a_host_of_this_name(home: Path) -> None:
    written(home / ".netrc", "default login jane password c4n4ry")
    assert NetrcFile({}).find(Origin.of("https://default"), None) is None
