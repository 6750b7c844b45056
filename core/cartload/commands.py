"""What a frontend commands a session, as values that wait in its inbox."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from cartload.events import Answer, Question  # noqa: TC001 - attrs reads the annotations
from cartload.model import SeriesUID  # noqa: TC001 - likewise


class Command(Enum):
    """A command without details; the value is that of the input to the state tables."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


@frozen
class Reply:
    """The answer to a question."""

    question: Question
    answer: Answer


@frozen
class Remove:
    """Take these series out of the cart."""

    uids: tuple[SeriesUID, ...]
