"""Answers the session's questions: from the options, or by asking the one at the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, assert_never

import click
from attrs import frozen

from cartload.events import (
    Asked,
    DeniedQuestion,
    ExistingQuestion,
    LoginQuestion,
    PolicyQuestion,
    SpaceQuestion,
)
from cartload.ports import AcceptedBy
from cartload.settings import Existing
from cartload_common import texts
from cartload_common.messages import Loudness, Message, Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from cartload.credentials import Credentials
    from cartload.events import Answer, Event, Question
    from cartload.model import Denied, UsagePolicy
    from cartload_cli.interrupts import Interrupts


class Answerable(Protocol):
    """What a question needs of a session."""

    def answer(self, question: Question, answer: Answer) -> None:
        """Give the answer to a question."""
        ...

    def cancel(self) -> None:
        """Give up."""
        ...


@frozen(kw_only=True)
class Answers:
    """What the options answer beforehand; ``attended`` tells whether anyone can be asked."""

    accept_policy: bool = False
    show_policy: bool = False
    allowed_only: bool = False
    attended: bool = False
    log_in: Callable[[LoginQuestion], Credentials | None] | None = None


class Asker(Protocol):
    """Finds the answers, wherever they come from."""

    def __call__(self, question: Question) -> Answer | None:
        """Give the answer; None ends the session, and so does an error, which is then told."""
        ...


class Questions:
    """Listens for questions, and answers each before it returns."""

    def __init__(self, session: Answerable, asker: Asker) -> None:
        self._session = session
        self._asker = asker
        self.fault: Exception | None = None

    def __call__(self, event: Event) -> None:
        """Answer a question; one that cannot be answered ends the session."""
        if not isinstance(event, Asked):
            return
        try:
            answer = self._asker(event.question)
        except (click.Abort, EOFError):
            answer = None
        except Exception as error:  # noqa: BLE001 - else the session would wait for an answer for ever
            self.fault, answer = error, None
        if answer is None:
            self._session.cancel()
        else:
            self._session.answer(event.question, answer)


class TerminalAsker:
    """Answers from the options, or by asking whoever is at the terminal."""

    def __init__(self, answers: Answers, say: Callable[[Message], None], interrupts: Interrupts) -> None:
        self._answers = answers
        self._say = say
        self._interrupts = interrupts

    def __call__(self, question: Question) -> Answer | None:
        """Give the answer; where nobody can be asked, the careful one."""
        match question:
            case PolicyQuestion(policy, changed_since):
                return self._policy(policy, changed_since)
            case DeniedQuestion(denied, allowed):
                return self._denied(denied, allowed)
            case ExistingQuestion():
                return self._existing(question)
            case SpaceQuestion():
                return self._room(question)
            case LoginQuestion():
                return self._login(question)
            case _:
                assert_never(question)

    def _policy(self, policy: UsagePolicy, changed_since: str) -> Answer:
        title = f"Data usage policy of {texts.safe(policy.archive)}"
        if changed_since:
            text = f"{title}: it has changed since {texts.safe(changed_since)}, when you accepted it."
            self._say(Message(text, Tone.NOTICE, Loudness.QUIET))
        if self._answers.accept_policy and not self._answers.show_policy:
            self._tell(f"{title}: accepted, as --accept-policy says.")
            return AcceptedBy.FLAG
        self._tell(f"\n{title}\n\n{texts.safe_lines(policy.text)}\n", Loudness.QUIET)
        if self._answers.accept_policy:
            return AcceptedBy.FLAG
        is_accepted = self._answers.attended and self._confirm("Do you accept it?")
        return AcceptedBy.PROMPT if is_accepted else False

    def _denied(self, denied: tuple[Denied, ...], allowed: int) -> bool:
        self._tell(f"Access is denied to {texts.count(len(denied), 'series')}:", Loudness.QUIET)
        for line in texts.listed(denied, lambda each: f"{each.series_uid}: {texts.safe(each.reason)}"):
            self._tell(line, Loudness.QUIET)
        if self._answers.allowed_only:
            return True
        others = texts.count(allowed, "series")
        return self._answers.attended and self._confirm(f"Go on with the other {others}?")

    def _existing(self, question: ExistingQuestion) -> Existing | None:
        if not self._answers.attended:
            return Existing.MISSING
        held = f"{texts.count(question.held, 'series')} ({texts.size(question.held_bytes)})"
        missing = f"{texts.count(question.missing, 'series')} ({texts.size(question.missing_bytes)})"
        self._tell(f"Of this cart {held} are here already, {missing} are missing.", Loudness.QUIET)
        choice = self._choose("Fetch what is missing, fetch all again, or quit?", ("missing", "all", "quit"))
        return None if choice == "quit" else Existing(choice)

    def _room(self, question: SpaceQuestion) -> bool:
        if not self._answers.attended:
            return False  # the error that follows says it
        self._tell(texts.safe(question.what), Loudness.QUIET)
        if question.begun:
            return self._confirm("The download rests, and nothing is lost. Go on, once there is room?")
        return self._confirm("Begin all the same?")

    def _login(self, question: LoginQuestion) -> Answer:
        if not self._answers.attended or self._answers.log_in is None:
            return False  # as a guest, then
        with self._interrupts.asking():
            return self._answers.log_in(question) or False

    def _tell(self, text: str, least: Loudness = Loudness.NORMAL) -> None:
        self._say(Message(text, Tone.PLAIN, least))

    def _confirm(self, text: str) -> bool:
        with self._interrupts.asking():
            return click.confirm(text, err=True)

    def _choose(self, text: str, choices: tuple[str, ...]) -> str:
        with self._interrupts.asking():
            return choose(text, choices)


def wants_retry(save: Callable[[Path], object], interrupts: Interrupts) -> bool:
    """Ask what to do with failed series: retry, or save the report, as often as wished, or leave."""
    try:
        with interrupts.asking():
            while (
                choice := choose("Failed series:", ("retry", "save the report", "leave"))
            ) == "save the report":
                save(
                    click.prompt("Its file (.txt, .json or .html)", type=click.Path(path_type=Path), err=True)
                )
    except click.Abort:
        return False
    return choice == "retry"


def choose(text: str, choices: tuple[str, ...]) -> str:
    """Ask at the terminal for one of *choices*, the first being the default; its first letter will do."""
    by_letter = {choice[0]: choice for choice in choices}

    def meant(typed: str) -> str:
        word = typed.strip().lower()
        if word in choices or word in by_letter:
            return by_letter.get(word, word)
        raise click.BadParameter(f"please type one of: {', '.join(choices)}.")

    listed = ", ".join(f"({choice[0]}){choice[1:]}" for choice in choices)
    chosen: str = click.prompt(f"{text} {listed}", default=choices[0], value_proc=meant, err=True)
    return chosen
