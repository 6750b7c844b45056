from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import platformdirs
import pytest

from cartload_qt.desktop.meeting_place import MeetingPlace, meeting_place

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows guards folders by access lists")


@pytest.fixture
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a short path: sockets allow no other."""
    folder = tmp_path_factory.mktemp("r")
    folder.chmod(0o700)
    return folder


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user a state folder, likewise, and tell the folder in it."""
    state = tmp_path_factory.mktemp("s")
    monkeypatch.setattr(platformdirs, "user_state_path", lambda *_, **__: state)
    return state / "running"


def folder_of(runtime: Path) -> Path | None:
    place = meeting_place({"XDG_RUNTIME_DIR": str(runtime)})
    return place.folder if place else None


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_it_is_in_the_folder_that_the_system_empties(runtime: Path) -> None:
    assert folder_of(runtime) == runtime / "cartload"
    assert mode_of(runtime / "cartload") == 0o700


def test_a_folder_that_was_left_open_is_closed(runtime: Path) -> None:
    (runtime / "cartload").mkdir()
    (runtime / "cartload").chmod(0o777)
    assert folder_of(runtime) == runtime / "cartload"
    assert mode_of(runtime / "cartload") == 0o700


def test_a_link_that_somebody_laid_is_not_followed(runtime: Path, own: Path) -> None:
    (runtime / "elsewhere").mkdir(mode=0o700)
    (runtime / "cartload").symlink_to(runtime / "elsewhere")
    assert folder_of(runtime) == own


def test_a_folder_of_another_user_is_not_used(
    runtime: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (runtime / "cartload").mkdir(mode=0o700)
    own.mkdir(parents=True, mode=0o700)
    another = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: another)
    assert folder_of(runtime) is None


def test_a_folder_where_others_can_put_another_in_its_place_is_not_used(runtime: Path, own: Path) -> None:
    runtime.chmod(0o777)
    assert folder_of(runtime) == own


def test_a_folder_like_tmp_where_each_has_its_own_is_used(runtime: Path) -> None:
    runtime.chmod(0o1777)
    assert folder_of(runtime) == runtime / "cartload"


@pytest.mark.parametrize("named", ["", "relative", "/nowhere/at/all"])
def test_without_a_runtime_folder_it_is_among_the_user_s_own(own: Path, named: str) -> None:
    place = meeting_place({"XDG_RUNTIME_DIR": named})
    assert place is not None
    assert place.folder == own


def test_a_path_that_is_too_long_for_a_socket_is_not_used(runtime: Path, own: Path) -> None:
    deep = runtime / ("a" * 90)
    deep.mkdir(mode=0o700)
    assert folder_of(deep) == own


def test_on_windows_each_window_has_a_name_that_nobody_can_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    place = MeetingPlace(tmp_path)
    first, second = place.new_address(), place.new_address()
    assert first != second
    assert len(second) > 32
    assert place.address() == second
