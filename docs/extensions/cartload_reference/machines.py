"""The two state machines of cartload as plain words: what the drawings and the tables are made of."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from cartload.plan import INITIAL
from cartload.state import SESSION_TABLE, TASK_TABLE, SessionState, TaskState

if TYPE_CHECKING:
    from collections.abc import Mapping

StateT = TypeVar("StateT", bound=Enum)
InputT = TypeVar("InputT", bound=Enum)


@frozen
class Transition:
    """One entry of a table, in words."""

    state: str
    given: str
    to: str

    def __str__(self) -> str:
        return f"{self.state}, {self.given}: {self.to}"


@frozen(kw_only=True)
class Machine:
    """A state machine: ``initial`` are the states that something begins in, the main one first.

    A transition that is the same from ``many`` states or more is written into their boxes.
    """

    name: str
    states: tuple[str, ...]
    initial: tuple[str, ...]
    final: frozenset[str]
    transitions: tuple[Transition, ...]
    many: int


def session() -> Machine:
    """Give the states of a session."""
    return Machine(
        name="States of a session",
        states=tuple(state.value for state in SessionState),
        initial=(SessionState.NEW.value,),
        final=frozenset(state.value for state in SessionState if state.is_final),
        transitions=transitions(SESSION_TABLE),
        many=5,
    )


def task() -> Machine:
    """Give the states of a task; a plan begins each in one of several."""
    return Machine(
        name="States of a task",
        states=tuple(state.value for state in TaskState),
        initial=tuple(dict.fromkeys(state.value for state in INITIAL.values())),
        final=frozenset(state.value for state in TaskState if state.is_final),
        transitions=transitions(TASK_TABLE),
        many=3,
    )


def transitions(table: Mapping[tuple[StateT, InputT], StateT]) -> tuple[Transition, ...]:
    """Put a table into words."""
    return tuple(Transition(state.value, given.value, to.value) for (state, given), to in table.items())
