from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_cli.tree import first_lines

if TYPE_CHECKING:
    from pathlib import Path


def fill(root: Path) -> Path:
    for name in ("a/1.dcm", "a/2.dcm", "a/3.dcm", "a/4.dcm", "b/x.dcm", ".cartload/j", "LICENSE"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def test_files_of_one_folder_are_one_line(tmp_path: Path) -> None:
    assert list(first_lines(fill(tmp_path / "cart"))) == [
        "  LICENSE",
        "  a/",
        "    1.dcm ... 4.dcm (4 files)",
        "  b/",
        "    x.dcm",
    ]


def test_a_long_tree_is_cut(tmp_path: Path) -> None:
    assert list(first_lines(fill(tmp_path / "cart"), 2)) == ["  LICENSE", "  a/", "  ..."]
