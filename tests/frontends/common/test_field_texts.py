"""The text under a field is its help."""

from __future__ import annotations

import pytest
from attrs import frozen

from cartload_common.field_texts import field_texts


@frozen
class Base:
    one: int = 1
    """What one is."""
    two: int = 2


@frozen
class Derived(Base):
    three: int = 3
    """What three is,
    on two lines."""


def test_each_field_has_the_text_under_it_on_one_line() -> None:
    assert field_texts(Derived) == {"one": "What one is.", "three": "What three is, on two lines."}


def test_what_was_made_without_source_cannot_be_read() -> None:
    with pytest.raises((OSError, TypeError)):
        field_texts(int)
