"""The documentation's pictures can be taken: each scene is reached, with an archive of tiny images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cartload_screenshots.scenes import SCENES, take

from docs.pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtWidgets import QApplication

PICTURES = ROOT / "docs" / "_static"


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize("name", SCENES)
def test_a_scene_can_be_shown(qapp: QApplication, tmp_path: Path, name: str) -> None:
    del qapp
    image = take(SCENES[name], tmp_path, 16)
    assert image.width() > 600
    drawn = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(drawn) > 10


def test_every_scene_has_its_picture_and_every_picture_its_scene() -> None:
    found = {path.stem.removeprefix("window-") for path in PICTURES.glob("window-*.png")}
    assert found == set(SCENES)


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.png")), ids=lambda path: path.stem)
def test_a_picture_is_small_enough_to_be_kept(path: Path) -> None:
    assert path.stat().st_size < 150_000
