from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.errors import PluginError
from cartload.plan import Need, Plan
from cartload.room import needed_by, room_of
from engine_world import FakeStorage
from series_builders import a_task

if TYPE_CHECKING:
    from pathlib import Path


class Silent:
    """A storage that cannot tell."""


def test_a_storage_that_cannot_tell_is_not_believed_to_be_full() -> None:
    assert room_of(Silent(), "storage silent") is None  # type: ignore[arg-type]  # all that is asked of it


def test_a_storage_tells_its_room(tmp_path: Path) -> None:
    assert room_of(FakeStorage(tmp_path, free=lambda: 7), "storage fake") == 7


def test_a_storage_that_fails_to_tell_is_named(tmp_path: Path) -> None:
    def fail() -> int:
        raise ValueError("odd")

    with pytest.raises(PluginError, match="storage fake: failed: ValueError: odd"):
        room_of(FakeStorage(tmp_path, free=fail), "storage fake")


def test_a_plan_needs_room_for_what_it_fetches() -> None:
    plan = Plan((a_task("1.1", size=5), a_task("1.2", Need.HELD, size=7), a_task("1.3", size=11)))
    assert needed_by(plan) == 16


def test_what_is_fetched_anew_needs_room_one_after_the_other() -> None:
    plan = Plan((a_task("1.1", size=5), a_task("1.2", Need.HELD, size=7))).refetching()
    assert needed_by(plan) == 7
