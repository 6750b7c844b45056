from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import pytest

from cartload.network import Condition, Finding
from cartload_cli.doctor import destination

if TYPE_CHECKING:
    from pathlib import Path


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def looked(directory: Path) -> dict[str, Finding]:
    return {found.check: found for found in destination.look(directory)}


def test_a_folder_that_bears_a_cart_is_well_and_left_as_it_was(tmp_path: Path) -> None:
    found = looked(tmp_path)
    assert list(found) == ["folder", "writing", "space", "names", "paths", "letters"]
    assert not any(each.is_bad for each in found.values())
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_folder_that_is_not_there_yet_is_looked_at_in_the_one_above(tmp_path: Path) -> None:
    found = looked(tmp_path / "not" / "yet")
    assert found["folder"].what == f"{tmp_path / 'not' / 'yet'} will be made in {tmp_path}"
    assert "writing" in found
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (found,) = destination.look(tmp_path / "file" / "below")
    assert found.is_bad
    assert "is not a folder" in found.what


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    found = looked(tmp_path)["writing"]
    assert (found.condition, found.what) == (
        Condition.BAD,
        f"{tmp_path} cannot be written: Permission denied.",
    )
    assert found.advice


@pytest.mark.parametrize(("free", "condition"), [(0, Condition.BAD), (999_999_999, Condition.DOUBTFUL)])
def test_little_space_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, condition: Condition
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - free, free))
    assert looked(tmp_path)["space"].condition is condition


def test_a_disk_that_bears_only_short_names_and_paths_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destination, "MOST_COMPONENT_BYTES", 300)
    monkeypatch.setattr(destination, "_LONG_PATH", 5000)
    found = looked(tmp_path)
    assert found["names"].is_bad
    assert found["paths"].condition is Condition.DOUBTFUL
    assert found["letters"].condition is Condition.WELL
