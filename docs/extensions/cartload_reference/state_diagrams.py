"""The two state tables of cartload, drawn and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.plan import INITIAL
from cartload.state import SESSION_TABLE, TASK_TABLE, SessionState, TaskState
from cartload_reference import diagram
from cartload_reference.markdown import table

if TYPE_CHECKING:
    from cartload_reference.diagram import Table


def session() -> str:
    """Draw the states of a session."""
    return diagram.page(SessionState, SESSION_TABLE, (SessionState.NEW,), "States of a session", many=5)


def task() -> str:
    """Draw the states of a task; a plan begins each in one of several."""
    initial = tuple(dict.fromkeys(INITIAL.values()))
    return diagram.page(TaskState, TASK_TABLE, initial, "States of a task", many=3)


def session_table() -> str:
    """Give the session's table in words."""
    return _in_words(SESSION_TABLE)


def task_table() -> str:
    """Give the task's table in words."""
    return _in_words(TASK_TABLE)


def _in_words(given: Table) -> str:
    rows = [(state.value, what.value, to.value) for (state, what), to in given.items()]
    return table(("state", "what happens", "next state"), rows)
