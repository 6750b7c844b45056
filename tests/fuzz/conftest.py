"""The fixture that feeds a parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fuzz.feeding import Feeder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def fuzz(request: pytest.FixtureRequest, tmp_path: Path) -> Feeder:
    option = request.config.option
    return Feeder(
        name=request.node.name,
        seed=option.fuzz_seed,
        first=option.fuzz_from,
        seconds=option.fuzz_seconds,
        folder=tmp_path,
    )
