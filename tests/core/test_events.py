"""The events: a closed set of frozen values that plain data can hold."""

from __future__ import annotations

import inspect
import json
from typing import get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload import events
from cartload.conversion import structure, unstructure
from cartload.errors import CartloadError
from cartload.events import (
    AttemptFailed,
    BytesReceived,
    Event,
    ExistingQuestion,
    PluginFailed,
    Question,
    Received,
    SeriesDescribed,
    SeriesStored,
    SessionChanged,
    SessionEnded,
    TaskChanged,
    Warned,
)
from cartload.model import SeriesUID
from cartload.state import SessionState, TaskState

UID = SeriesUID("1.2.3")
DEFINED: list[type[attrs.AttrsInstance]] = [
    kind
    for _, kind in inspect.getmembers(events, inspect.isclass)
    if kind.__module__ == events.__name__ and attrs.has(kind)
]
PLAIN: tuple[attrs.AttrsInstance, ...] = (
    SessionChanged(SessionState.NEW, SessionState.RESOLVING),
    SeriesDescribed(5, 10),
    TaskChanged(UID, TaskState.QUEUED, TaskState.FETCHING),
    BytesReceived((Received(UID, 2, 1024),), 4096),
    AttemptFailed(UID, 1, "nbia", "busy.", None),
    AttemptFailed(UID, 1, "nbia", "busy.", 1.5),
    SeriesStored(UID, "Kidney/P-1", 2, 1024, "nbia"),
    Warned("cart.tcia", "a line came twice"),
    PluginFailed("sftp", "ImportError"),
    SessionEnded(1, 2, 3, 4, 5, 6),
    ExistingQuestion(1, 10, 2, 20),
)


def test_every_event_of_the_module_is_in_the_closed_set() -> None:
    assert {*get_args(Event), *get_args(Question), Received} == set(DEFINED)


@pytest.mark.parametrize("kind", DEFINED, ids=str)
def test_every_event_says_what_it_tells(kind: type[attrs.AttrsInstance]) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith("Method generated")


@pytest.mark.parametrize("event", PLAIN)
def test_an_event_is_frozen_and_may_be_kept(event: attrs.AttrsInstance) -> None:
    first = attrs.fields(type(event))[0].name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(event, first, None)
    assert {event: "kept"}[event]


@pytest.mark.parametrize("event", PLAIN)
def test_an_event_survives_the_way_through_json(event: object) -> None:
    text = json.dumps(unstructure(event))
    assert structure(json.loads(text), type(event), CartloadError) == event


@given(st.dictionaries(st.sampled_from(TaskState), st.integers(0, 10**6)))
def test_an_end_accounts_for_every_series(counts: dict[TaskState, int]) -> None:
    ended = SessionEnded.counting(counts)
    assert sum(attrs.astuple(ended)) == sum(counts.values())
    assert ended.complete == counts.get(TaskState.COMPLETE, 0)
    assert ended.already_held == counts.get(TaskState.ALREADY_HELD, 0)
    assert ended.failed == counts.get(TaskState.FAILED, 0)
    assert ended.denied == counts.get(TaskState.DENIED, 0)
    assert ended.removed == counts.get(TaskState.REMOVED, 0)
