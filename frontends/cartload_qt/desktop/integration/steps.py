"""One step of an integration: what it was about, what came of it, and whether that is as it should be."""

from __future__ import annotations

from enum import Enum

from attrs import frozen


class Outcome(Enum):
    """What came of a step, in the words that are shown."""

    WRITTEN = "written"
    UNCHANGED = "as it was"
    REMOVED = "removed"
    ABSENT = "not there"
    FOREIGN = "left alone: cartload did not make it"
    IN_THE_WAY = "not written: there is one that cartload did not make"
    FAILED = "failed"
    RAN = "ran"
    NO_TOOL = "not installed; the desktop notices by itself, perhaps at the next login"
    TOOL_FAILED = "did not work; the desktop may notice at the next login"


@frozen
class Step:
    """A file or a program, its *outcome*, and *why* it failed."""

    subject: str
    outcome: Outcome
    why: str = ""

    @property
    def is_failure(self) -> bool:
        """Tell whether something of ours is not where it should be, or is where it should not be."""
        return self.outcome in {Outcome.FAILED, Outcome.IN_THE_WAY}

    def __str__(self) -> str:
        return f"{self.subject}: {self.outcome.value}{f' ({self.why})' if self.why else ''}"
