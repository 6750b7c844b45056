"""What the states of a series are called in the window, what they mean, and which is worse: one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartload.state import TaskState
from cartload_qt.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORST_FIRST = (
    TaskState.FAILED,
    TaskState.DENIED,
    TaskState.WAITING,
    TaskState.FETCHING,
    TaskState.VERIFYING,
    TaskState.STORING,
    TaskState.PAUSED,
    TaskState.QUEUED,
    TaskState.LEFT_OUT,
    TaskState.REMOVED,
    TaskState.ALREADY_HELD,
    TaskState.COMPLETE,
)
"""All states, what needs attention first: the order of the status column, and what a group shows."""


SEVERITY: Mapping[TaskState, int] = {state: place for place, state in enumerate(WORST_FIRST)}
"""The place of each state there."""


def state_word(state: TaskState) -> str:
    """Name a state in a word or two."""
    return _WORDS[state]()


def state_sentence(state: TaskState) -> str:
    """Say what a state means for the series, and what becomes of it."""
    return _SENTENCES[state]()


def state_line(state: TaskState) -> str:
    """Name a state, and say what it means."""
    return tr("{state}: {meaning}", state=state_word(state), meaning=state_sentence(state))


_WORDS: Mapping[TaskState, Callable[[], str]] = {
    TaskState.QUEUED: lambda: tr("Queued"),
    TaskState.FETCHING: lambda: tr("Downloading"),
    TaskState.VERIFYING: lambda: tr("Checking"),
    TaskState.STORING: lambda: tr("Storing"),
    TaskState.WAITING: lambda: tr("Will try again"),
    TaskState.PAUSED: lambda: tr("Paused"),
    TaskState.COMPLETE: lambda: tr("Complete"),
    TaskState.ALREADY_HELD: lambda: tr("Already here"),
    TaskState.DENIED: lambda: tr("No access"),
    TaskState.FAILED: lambda: tr("Failed"),
    TaskState.LEFT_OUT: lambda: tr("Left out"),
    TaskState.REMOVED: lambda: tr("Removed"),
}

_SENTENCES: Mapping[TaskState, Callable[[], str]] = {
    TaskState.QUEUED: lambda: tr("It is downloaded when its turn comes."),
    TaskState.FETCHING: lambda: tr("It is being downloaded."),
    TaskState.VERIFYING: lambda: tr("All of it has come, and every image is being checked."),
    TaskState.STORING: lambda: tr("It is whole and is being put in its place."),
    TaskState.WAITING: lambda: tr(
        "An attempt failed. It is tried again in a while; what has come so far is kept."
    ),
    TaskState.PAUSED: lambda: tr("It is paused. What has come so far is kept."),
    TaskState.COMPLETE: lambda: tr("It is complete, checked and in its place."),
    TaskState.ALREADY_HELD: lambda: tr("It was here before, whole, and is not downloaded again."),
    TaskState.DENIED: lambda: tr("The archive does not let you have it."),
    TaskState.FAILED: lambda: tr("It could not be downloaded."),
    TaskState.LEFT_OUT: lambda: tr("Its licence is none that you allow, so it is not downloaded."),
    TaskState.REMOVED: lambda: tr("It was taken out of this cart. No file was deleted."),
}
