from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cartload.errors import LoginError
from cartload_common.credentials.private_files import MOST_BYTES, private_text

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(
    os.name != "posix", reason="Windows guards files by access lists, not by such bits"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "login.txt"
    path.write_text("größe")
    path.chmod(0o600)
    return path


def test_a_private_file_is_read(path: Path) -> None:
    assert private_text(path) == "größe"


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o610])
def test_a_file_that_is_open_to_others_is_refused_with_the_way_out(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(LoginError, match="others than you") as refused:
        private_text(path)
    assert refused.value.advice == f"Make it yours alone: chmod 600 {path}"


@posix
def test_whoever_wants_to_be_warned_gets_it_all_the_same(path: Path) -> None:
    path.chmod(0o644)
    warnings: list[str] = []
    assert private_text(path, warnings.append) == "größe"
    assert warnings == [
        f"{path}: others than you can read or change it. Make it yours alone: chmod 600 {path}"
    ]


@posix
def test_a_link_is_judged_by_what_it_leads_to(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(path)
    assert private_text(link) == "größe"
    path.chmod(0o644)
    with pytest.raises(LoginError, match="others than you"):
        private_text(link)


@pytest.mark.parametrize("name", [".", "nothing here"])
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(LoginError, match="it cannot be read"):
        private_text(tmp_path / name)


def test_a_file_that_is_far_too_large_is_refused(path: Path) -> None:
    path.write_bytes(b"x" * (MOST_BYTES + 1))
    with pytest.raises(LoginError, match="too large"):
        private_text(path)


@pytest.mark.parametrize("content", ["\ufeffü".encode(), "ü".encode("iso-8859-1"), "ü".encode()])
def test_the_encodings_of_people_and_of_java_are_read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert private_text(path) == "ü"
