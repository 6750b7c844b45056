"""The words for the states."""

from __future__ import annotations

import pytest

from cartload.state import TaskState
from cartload_qt.table.words import SEVERITY, WORST_FIRST, state_sentence, state_word


@pytest.mark.usefixtures("qapp")
def test_every_state_has_a_word_of_its_own_and_a_sentence() -> None:
    words = [state_word(state) for state in TaskState]
    assert len(set(words)) == len(TaskState)
    assert all(state_sentence(state).endswith(".") for state in TaskState)


def test_every_state_has_its_place_among_the_worst() -> None:
    assert set(WORST_FIRST) == set(TaskState)
    assert SEVERITY[TaskState.FAILED] == 0 < SEVERITY[TaskState.COMPLETE]
