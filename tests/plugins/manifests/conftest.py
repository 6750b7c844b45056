"""The example manifests: invented identifiers, in the forms that portals and people write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cartload.manifest import ManifestSource

if TYPE_CHECKING:
    from collections.abc import Callable

_EXAMPLES = Path(__file__).parent / "examples"


@pytest.fixture
def example() -> Callable[[str], ManifestSource]:
    def find(name: str) -> ManifestSource:
        return ManifestSource(name, (_EXAMPLES / name).read_bytes())

    return find
