"""The settings file is replaced at once, keeps its mode, and is never overwritten when it is broken."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from cartload.errors import SettingsError
from cartload_qt import settings_file

if TYPE_CHECKING:
    from pathlib import Path

posix_modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_file_that_is_not_there_is_empty(path: Path) -> None:
    assert settings_file.read(path).data == {}
    assert not path.parent.exists()


def test_the_first_change_makes_the_file(path: Path) -> None:
    saved = settings_file.save(path, {("jobs",): 2})
    assert path.read_text() == "jobs = 2\n"
    assert saved == settings_file.read(path)


@posix_modes
def test_a_new_file_is_its_users_alone(path: Path) -> None:
    settings_file.save(path, {("proxy",): "http://me:secret@proxy.example"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix_modes
def test_a_file_keeps_its_mode(path: Path) -> None:
    written(path, "jobs = 1\n").chmod(0o640)
    settings_file.save(path, {("jobs",): 2})
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_no_change_leaves_the_file_alone(path: Path) -> None:
    before = written(path, "jobs=1").stat()
    settings_file.save(path, {})
    assert path.stat().st_ino == before.st_ino


def test_a_change_made_elsewhere_meanwhile_is_kept(path: Path) -> None:
    settings_file.read(written(path, "jobs = 1\n"))
    written(path, 'jobs = 1\nnaming = "classic"\n')
    settings_file.save(path, {("jobs",): 2})
    assert path.read_text() == 'jobs = 2\nnaming = "classic"\n'


def test_nothing_is_left_beside_the_file(path: Path) -> None:
    settings_file.save(path, {("jobs",): 2})
    assert [each.name for each in path.parent.iterdir()] == ["config.toml"]


@posix_modes
def test_a_link_stays_one(path: Path, tmp_path: Path) -> None:
    real = written(path, "jobs = 1\n")
    link = tmp_path / "link.toml"
    link.symlink_to(real)
    settings_file.save(link, {("jobs",): 2})
    assert link.is_symlink()
    assert real.read_text() == "jobs = 2\n"


@pytest.mark.parametrize("content", [b"jobs = = 1\n", b"jobs = '\xff'\n", b"#" * (1024 * 1024 + 1)])
def test_a_broken_file_is_told_and_stays_as_it_is(path: Path, content: bytes) -> None:
    written(path, content)
    with pytest.raises(SettingsError, match=r"config\.toml"):
        settings_file.save(path, {("jobs",): 2})
    assert path.read_bytes() == content


def test_what_cannot_be_changed_in_place_is_left(path: Path) -> None:
    written(path, "plugins = 3\n")
    with pytest.raises(SettingsError, match="Nothing was written"):
        settings_file.save(path, {("plugins", "nbia", "proxy"): "direct"})
    assert path.read_text() == "plugins = 3\n"


def test_half_a_character_is_refused(path: Path) -> None:
    with pytest.raises(SettingsError):
        settings_file.save(path, {("template",): "\ud800"})
    assert not path.exists()


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(SettingsError, match="cannot be read"):
        settings_file.read(path)


@posix_modes
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_not_replaced(path: Path) -> None:
    written(path, "jobs = 1\n").chmod(0o400)
    with pytest.raises(SettingsError, match="cannot be written"):
        settings_file.save(path, {("jobs",): 2})
    assert path.read_text() == "jobs = 1\n"


def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    written(path, "jobs = 1\n")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match="No space left on device"):
        settings_file.save(path, {("jobs",): 2})
    assert path.read_text() == "jobs = 1\n"
    assert [each.name for each in path.parent.iterdir()] == ["config.toml"]


def test_the_raw_text_of_a_broken_file_can_be_looked_at(path: Path) -> None:
    assert settings_file.raw_text(written(path, b"jobs = \xff")) == "jobs = \ufffd"
    assert settings_file.raw_text(path / "none") == ""


def test_variables_that_win_are_known() -> None:
    found = settings_file.overriding({"CARTLOAD_JOBS": "2", "CARTLOAD_PLUGINS": "x", "JOBS": "3"})
    assert found == {"jobs": "CARTLOAD_JOBS"}
