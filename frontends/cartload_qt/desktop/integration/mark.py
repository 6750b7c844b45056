"""The mark by which files of an earlier ``cartload integrate`` are known again: no others are touched."""

from __future__ import annotations

from typing import Final

MARK: Final = "Made by cartload integrate, which also removes it."
