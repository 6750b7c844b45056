"""The original's questions: asked on the standard output, answered from the standard input, a line each.

Programs that wait for a question (expect, and others that read our output) look for its words, and pipes
rely on the order: first the policy, then what to do with what is there. Nothing else is ever asked.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, TypeVar, assert_never

import click

from cartload.errors import AccessDeniedError, PolicyError, StoppedError
from cartload.events import DeniedQuestion, ExistingQuestion, LoginQuestion, PolicyQuestion, SpaceQuestion
from cartload.ports import AcceptedBy
from cartload.settings import Existing
from cartload_common import texts
from cartload_common.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cartload.events import Answer, Question
    from cartload.model import UsagePolicy
    from cartload_cli.interrupts import Interrupts
    from cartload_cli.questions import Answers

Choice = TypeVar("Choice")

POLICY = "Do you agree with the Data Usage Agreement? (Y/N)"
EXISTING = "Enter A for downloading all, M for downloading missing series. E for exiting the program:"
INVALID = "Invalid answer."

MOST_INVALID = 100
"""Lines that answer nothing, before no answer is hoped for any more: ``yes |`` would go on for ever."""

_LONGEST_LINE = 4096
_NOTHING = "Nothing was downloaded."


class PipeAsker:
    """Answers from the flags, or with what is read; ``say`` tells what is no part of the conversation."""

    def __init__(self, answers: Answers, say: Callable[[Message], None], interrupts: Interrupts) -> None:
        self._answers = answers
        self._say = say
        self._interrupts = interrupts
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # what is no text is no answer, and nothing worse

    def __call__(self, question: Question) -> Answer | None:
        """Give the answer; raises PolicyError, AccessDeniedError or StoppedError, which ends the session."""
        match question:
            case PolicyQuestion(policy):
                return AcceptedBy.FLAG if self._answers.accept_policy else self._policy(policy)
            case ExistingQuestion():
                return self._existing(question)
            case DeniedQuestion():
                return self._denied(question)
            case LoginQuestion():
                return False  # the original asks for no login either: it is a guest
            case SpaceQuestion():
                return False  # the error that follows says it
            case _:
                assert_never(question)

    def _policy(self, policy: UsagePolicy) -> bool:
        _tell(texts.safe_lines(policy.text))
        refusal = PolicyError(
            "its data usage policy was not accepted.",
            subject=policy.archive,
            advice=f"{_NOTHING} --agree-to-license accepts it; so does the line Y on the standard input.",
        )
        if self._choice(POLICY, {"y": True, "n": False}, "Y for yes or N for no") is not True:
            raise refusal
        return True

    def _existing(self, question: ExistingQuestion) -> Existing:
        held = texts.count(question.held, "series")
        _tell(
            f"Some of this cart has been downloaded before: {held} ({texts.size(question.held_bytes)}) "
            f"are here, {question.missing:,} ({texts.size(question.missing_bytes)}) are to come.\n"
            "Downloading all replaces each series once its new copy is here and verified; "
            "other files stay as they are."
        )
        choices = {"a": Existing.ALL, "m": Existing.MISSING, "e": None}
        choice = self._choice(EXISTING, choices, "A, M or E")
        if choice is None:
            raise StoppedError("you chose E, or gave no answer.", advice=_NOTHING)
        return choice

    def _denied(self, question: DeniedQuestion) -> bool:
        number = texts.count(len(question.denied), "series")
        if self._answers.allowed_only:
            self._say(Message(f"Access is denied to {number}; going on without, as -f says."))
            return True
        raise AccessDeniedError(
            f"access is denied to {number} of this cart.",
            advice=f"{_NOTHING} -f goes on with the other {question.allowed:,}; a login may open all.",
        )

    def _choice(self, text: str, choices: Mapping[str, Choice], expected: str) -> Choice | None:
        """Ask until a line is one of *choices*, in either case; None where the input ends before."""
        _tell(text)
        for _ in range(MOST_INVALID):
            line = self._line()
            if not line:
                return None
            answer = line.strip().lower()
            if answer in choices:
                return choices[answer]
            _tell(f"{INVALID} Enter {expected}:")
        return None

    def _line(self) -> str:
        if sys.stdin is None:  # it was closed before the start
            return ""
        try:
            with self._interrupts.asking():
                return sys.stdin.readline(_LONGEST_LINE)
        except KeyboardInterrupt:
            raise click.Abort from None


def _tell(text: str) -> None:
    """Write a piece of the conversation, which no -q silences, and which who reads must have at once."""
    click.echo(text)
    sys.stdout.flush()
