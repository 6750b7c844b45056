"""Where the window is with its cart, and what can be done there: tables, as the session's own states are."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from cartload_qt.table.offers import REMOVABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cartload.state import TaskState


class Stage(Enum):
    """Where the window is with its cart."""

    EMPTY = "empty"
    READING = "reading"
    SHOWN = "shown"
    PREPARING = "preparing"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"
    ENDED = "ended"

    @property
    def is_working(self) -> bool:
        """Tell whether a session is at work, which must end before another begins."""
        return self in _WORKING


_WORKING = frozenset(
    {Stage.READING, Stage.PREPARING, Stage.RUNNING, Stage.PAUSING, Stage.PAUSED, Stage.STOPPING}
)


class Action(Enum):
    """What the user may want."""

    OPEN = "open"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    DELETE = "delete"
    RETRY = "retry"
    CHOOSE = "choose"
    REPORT = "report"
    CLOSE = "close"


@frozen
class Standing:
    """What decides which actions make sense: the stage, the chosen series' states, and what could still come.

    ``startable`` counts the series that a start might bring, ``can_retry`` tells whether the session that
    ended would try failed series again.
    """

    stage: Stage
    selected: Collection[TaskState] = ()
    startable: int = 0
    can_retry: bool = False


_STAGES: Mapping[Action, frozenset[Stage]] = {
    Action.OPEN: frozenset({Stage.EMPTY, Stage.SHOWN, Stage.ENDED}),
    Action.START: frozenset({Stage.SHOWN, Stage.ENDED}),
    Action.PAUSE: frozenset({Stage.RUNNING}),
    Action.RESUME: frozenset({Stage.PAUSED, Stage.PAUSING}),
    Action.STOP: frozenset({Stage.READING, Stage.PREPARING, Stage.RUNNING, Stage.PAUSING, Stage.PAUSED}),
    Action.DELETE: frozenset({Stage.SHOWN, Stage.RUNNING, Stage.PAUSING, Stage.PAUSED, Stage.ENDED}),
    Action.RETRY: frozenset({Stage.ENDED}),
    Action.CHOOSE: frozenset({Stage.SHOWN, Stage.ENDED}),
    Action.REPORT: frozenset({Stage.RUNNING, Stage.PAUSED, Stage.ENDED}),
    Action.CLOSE: frozenset(set(Stage) - {Stage.EMPTY, Stage.STOPPING}),
}
"""The stages in which each action can do something at all."""


def possible(standing: Standing) -> frozenset[Action]:
    """Say which actions can do something now."""
    return frozenset(action for action in Action if _is_possible(action, standing))


def _is_possible(action: Action, standing: Standing) -> bool:
    if standing.stage not in _STAGES[action]:
        return False
    match action:
        case Action.START:
            return standing.startable > 0
        case Action.DELETE:
            return any(state in REMOVABLE for state in standing.selected)
        case Action.RETRY:
            return standing.can_retry
        case _:
            return True
