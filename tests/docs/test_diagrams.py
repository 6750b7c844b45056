from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from cartload_reference import state_diagrams
from cartload_reference.layout import Edge, lay_out
from hypothesis import given
from hypothesis import strategies as some

from cartload.state import SESSION_TABLE, TASK_TABLE, SessionState, TaskState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import Enum

    Table = Mapping[tuple[Enum, Enum], Enum]

DRAWINGS = [(state_diagrams.session, SESSION_TABLE), (state_diagrams.task, TASK_TABLE)]


def _titles(drawing: str) -> list[str]:
    return [html.unescape(title) for title in re.findall("<title>(.*?)</title>", drawing)]


@pytest.mark.parametrize(("draw", "table"), DRAWINGS, ids=["session", "task"])
def test_a_diagram_shows_each_pair_of_its_table_once_and_nothing_else(
    draw: Callable[[], str], table: Table
) -> None:
    _, *told = _titles(draw())
    assert sorted(told) == sorted(
        f"{state.value}, {what.value}: {to.value}" for (state, what), to in table.items()
    )


@pytest.mark.parametrize(
    ("draw", "states"), [(state_diagrams.session, SessionState), (state_diagrams.task, TaskState)]
)
def test_a_diagram_has_a_box_for_every_state(draw: Callable[[], str], states: type[Enum]) -> None:
    names = re.findall('<text class="name"[^>]*>(.*?)</text>', draw())
    assert sorted(names) == sorted(state.value for state in states)


@pytest.mark.parametrize("draw", [state_diagrams.session, state_diagrams.task])
def test_a_diagram_is_valid_xml(draw: Callable[[], str]) -> None:
    assert ET.fromstring(draw()).tag.endswith("svg")  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("words", "table"),
    [(state_diagrams.session_table, SESSION_TABLE), (state_diagrams.task_table, TASK_TABLE)],
)
def test_the_table_in_words_has_every_pair(words: Callable[[], str], table: Table) -> None:
    rows = words().splitlines()[2:]
    assert rows == [f"| {state.value} | {what.value} | {to.value} |" for (state, what), to in table.items()]


NAMES = ("a", "b", "c", "d", "e", "f")


@given(some.lists(some.tuples(some.sampled_from(NAMES), some.sampled_from(NAMES)), unique=True, max_size=14))
def test_no_two_boxes_of_a_row_overlap_whatever_the_arrows(pairs: list[tuple[str, str]]) -> None:
    edges = [Edge(source, target, "x") for source, target in pairs if source != target]
    layout = lay_out(NAMES, edges, dict.fromkeys(NAMES, 100.0), 40.0, 30.0)
    assert sorted(place for row in layout.rows for place in row if place in NAMES) == list(NAMES)
    for row in layout.rows:
        boxes = [layout.x[place] for place in row if place in NAMES]
        assert all(right - left >= 100 for left, right in pairwise(boxes))
