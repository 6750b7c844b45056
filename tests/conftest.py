"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# A law does not fail because the machine is busy.
settings.register_profile("cartload", deadline=None)
settings.load_profile("cartload")
