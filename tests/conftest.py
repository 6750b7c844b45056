"""What holds for all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A law does not fail because the machine is busy.
settings.register_profile("cartload", deadline=None)
settings.load_profile("cartload")

_MARGIN = 120


def pytest_addoption(parser: pytest.Parser) -> None:
    fuzzing = parser.getgroup("fuzzing", "feeding damaged inputs to the parsers (tests/fuzz)")
    fuzzing.addoption(
        "--fuzz-seconds", type=float, default=1.0, metavar="N", help="how long each target is fed (1)"
    )
    fuzzing.addoption("--fuzz-seed", default="0", metavar="TEXT", help="other inputs, the same for each text")
    fuzzing.addoption(
        "--fuzz-from", type=int, default=0, metavar="N", help="begin with input N, as a failure names it"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give those that are fed for long the time for it; an input that never ends is stopped all the same."""
    time_limit = pytest.mark.timeout(config.option.fuzz_seconds + _MARGIN)
    for item in items:
        if "fuzz" in getattr(item, "fixturenames", ()):
            item.add_marker(time_limit)
