from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from cartload_common.user_file import UserFile

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "made" / "list.json"
    UserFile(file).write("first, which is longer")
    UserFile(file).write("second")
    assert file.read_text(encoding="utf-8") == "second"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_it_is_its_user_s_alone(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.touch(0o666)
    UserFile(file).write("text")
    assert file.stat().st_mode & 0o077 == 0


def test_what_an_earlier_try_left_is_in_nobody_s_way(tmp_path: Path) -> None:
    (tmp_path / "list.part").write_text("half")
    UserFile(tmp_path / "list.json").write("whole")
    assert (tmp_path / "list.json").read_text(encoding="utf-8") == "whole"
    assert not (tmp_path / "list.part").exists()


def test_when_it_fails_what_was_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "list" / "list.json"
    UserFile(file).write("before")

    def fail(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="space"):
        UserFile(file).write("after")
    assert file.read_text(encoding="utf-8") == "before"
    assert list(file.parent.iterdir()) == [file]
