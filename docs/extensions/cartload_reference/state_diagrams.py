"""The two state tables of cartload, drawn and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload_reference import diagram, machines
from cartload_reference.markdown import table

if TYPE_CHECKING:
    from cartload_reference.machines import Machine


def session() -> str:
    """Draw the states of a session."""
    return diagram.draw(machines.session())


def task() -> str:
    """Draw the states of a task."""
    return diagram.draw(machines.task())


def session_table() -> str:
    """Give the session's table in words."""
    return _in_words(machines.session())


def task_table() -> str:
    """Give the task's table in words."""
    return _in_words(machines.task())


def _in_words(machine: Machine) -> str:
    rows = [(each.state, each.given, each.to) for each in machine.transitions]
    return table(("state", "what happens", "next state"), rows)
