"""The world of three series that most tests of the engine start from; some make one of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine_cart import ALL
from engine_world import Watched, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path, *ALL)


@pytest.fixture
def watched(world: World) -> Iterator[Watched]:
    with world.watched() as made:
        yield made
