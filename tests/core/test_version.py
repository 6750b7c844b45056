"""The version is the one of the packaging."""

from __future__ import annotations

import tomllib
from pathlib import Path

import cartload

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_version_is_that_of_the_packaging() -> None:
    assert cartload.__version__ == tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["version"]
