from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from attrs import field, frozen

from cartload.events import (
    Answer,
    Asked,
    DeniedQuestion,
    ExistingQuestion,
    PolicyQuestion,
    Question,
    SpaceQuestion,
    Warned,
)
from cartload.model import Denied, SeriesUID, UsagePolicy
from cartload.ports import AcceptedBy
from cartload.settings import Existing
from cartload_cli.interrupts import Interrupts
from cartload_cli.questions import Answers, Questions, TerminalAsker, wants_retry
from cartload_common.messages import Loudness
from frontends.cli.commandline import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from cartload_common.messages import Message

POLICY = PolicyQuestion(UsagePolicy("archive\x1b.example", "Be kind.\n\x1b[2JNo resale.\n"))
DENIED = DeniedQuestion(tuple(Denied(SeriesUID(f"1.{number}"), "private") for number in range(12)), 3)
EXISTING = ExistingQuestion(2, 5_000_000, 3, 7_000_000)


@frozen
class FakeSession:
    """Remembers what it was told."""

    told: list[Answer | str] = field(factory=list)

    def answer(self, question: Question, answer: Answer) -> None:  # noqa: ARG002 - the session's signature
        self.told.append(answer)

    def cancel(self) -> None:
        self.told.append("cancel")


@frozen
class Asking:
    """One who answers, and all that was said."""

    answers: Answers
    session: FakeSession = field(factory=FakeSession)
    said: list[Message] = field(factory=list)

    def ask(self, question: Question) -> list[Answer | str]:
        interrupts = Interrupts(self.session.cancel)
        asker = TerminalAsker(self.answers, self.said.append, interrupts)
        Questions(self.session, asker)(Asked(question))
        return self.session.told

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.said)


def typing(monkeypatch: pytest.MonkeyPatch, text: str) -> Terminal:
    shown = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(text))
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setattr(sys, "stderr", shown)
    return shown


def test_unattended_a_policy_is_shown_and_not_accepted() -> None:
    asking = Asking(Answers())
    assert asking.ask(POLICY) == [False]
    assert "Data usage policy of archive\\x1b.example" in asking.text
    assert "Be kind.\n\\x1b[2JNo resale." in asking.text


def test_the_option_accepts_the_policy_and_says_so() -> None:
    asking = Asking(Answers(accept_policy=True))
    assert asking.ask(POLICY) == [AcceptedBy.FLAG]
    assert "accepted, as --accept-policy says" in asking.text
    assert "Be kind." not in asking.text


def test_the_demo_shows_the_policy_that_it_accepts() -> None:
    asking = Asking(Answers(accept_policy=True, show_policy=True))
    assert asking.ask(POLICY) == [AcceptedBy.FLAG]
    assert "Be kind." in asking.text


@pytest.mark.parametrize(("typed", "told"), [("y\n", [AcceptedBy.PROMPT]), ("n\n", [False]), ("\n", [False])])
def test_at_a_terminal_the_user_decides_on_the_policy(
    monkeypatch: pytest.MonkeyPatch, typed: str, told: list[Answer]
) -> None:
    shown = typing(monkeypatch, typed)
    assert Asking(Answers(attended=True)).ask(POLICY) == told
    assert "Do you accept it?" in shown.getvalue()


@pytest.mark.parametrize("answers", [Answers(), Answers(accept_policy=True)])
def test_a_policy_that_changed_is_told_as_such_whoever_answers(answers: Answers) -> None:
    asking = Asking(answers)
    asking.ask(PolicyQuestion(POLICY.policy, "2026-07-01T12:00:00+00:00"))
    assert "it has changed since 2026-07-01T12:00:00+00:00, when you accepted it." in asking.text
    assert asking.said[0].least is Loudness.QUIET


def test_unattended_a_denied_series_ends_it_and_a_long_list_is_shortened() -> None:
    asking = Asking(Answers())
    assert asking.ask(DENIED) == [False]
    assert "Access is denied to 12 series:" in asking.text
    assert "  1.9: private" in asking.text
    assert "1.10" not in asking.text
    assert "and 2 more" in asking.text


def test_the_option_goes_on_with_what_is_allowed() -> None:
    assert Asking(Answers(allowed_only=True)).ask(DENIED) == [True]


def test_at_a_terminal_the_user_decides_on_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = typing(monkeypatch, "y\n")
    assert Asking(Answers(attended=True)).ask(DENIED) == [True]
    assert "Go on with the other 3 series?" in shown.getvalue()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("\n", Existing.MISSING), ("a\n", Existing.ALL), ("what\nALL\n", Existing.ALL), ("q\n", "cancel")],
)
def test_at_a_terminal_the_user_decides_on_what_is_there(
    monkeypatch: pytest.MonkeyPatch, typed: str, answer: Existing | str
) -> None:
    typing(monkeypatch, typed)
    asking = Asking(Answers(attended=True))
    assert asking.ask(EXISTING) == [answer]
    assert asking.text == "Of this cart 2 series (5.0 MB) are here already, 3 series (7.0 MB) are missing."


def test_unattended_what_is_missing_is_fetched() -> None:
    assert Asking(Answers()).ask(EXISTING) == [Existing.MISSING]


@pytest.mark.parametrize("question", [POLICY, DENIED, EXISTING])
def test_an_end_of_input_ends_the_session(monkeypatch: pytest.MonkeyPatch, question: Question) -> None:
    typing(monkeypatch, "")
    assert Asking(Answers(attended=True)).ask(question) == ["cancel"]


def test_a_fault_while_asking_ends_the_session_and_is_kept() -> None:
    def fail(_: Message) -> None:
        raise ZeroDivisionError

    session = FakeSession()
    questions = Questions(session, TerminalAsker(Answers(), fail, Interrupts(session.cancel)))
    questions(Asked(POLICY))
    assert session.told == ["cancel"]
    assert isinstance(questions.fault, ZeroDivisionError)


def test_other_events_are_none_of_its_business() -> None:
    session = FakeSession()
    asker = TerminalAsker(Answers(), lambda _: None, Interrupts(session.cancel))
    Questions(session, asker)(Warned("a", "b"))
    assert session.told == []


@pytest.mark.parametrize(
    ("typed", "choice"), [("r\n", "retry"), ("\n", "retry"), ("l\n", "leave"), ("", "leave")]
)
def test_failed_series_can_be_tried_again_or_left(
    monkeypatch: pytest.MonkeyPatch, typed: str, choice: str
) -> None:
    typing(monkeypatch, typed)
    assert wants_retry(lambda _: None, Interrupts(lambda: None)) is (choice == "retry")


def test_the_report_can_be_saved_before_deciding(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[Path] = []
    typing(monkeypatch, "s\nreport.html\nl\n")
    assert not wants_retry(saved.append, Interrupts(lambda: None))
    assert [path.name for path in saved] == ["report.html"]


def full(*, begun: bool) -> SpaceQuestion:
    return SpaceQuestion("\x1b[2J/data/cart: the disk is full.", 5_000_000, 1_000, begun)


@pytest.mark.parametrize("begun", [True, False])
def test_unattended_a_full_disk_is_not_waited_for(*, begun: bool) -> None:
    asking = Asking(Answers())
    assert asking.ask(full(begun=begun)) == [False]
    assert asking.said == []


@pytest.mark.parametrize(
    ("begun", "said"), [(True, "Go on, once there is room?"), (False, "Begin all the same?")]
)
def test_at_a_terminal_a_full_disk_is_told_and_one_may_make_room(
    monkeypatch: pytest.MonkeyPatch, said: str, *, begun: bool
) -> None:
    shown = typing(monkeypatch, "y\n")
    asking = Asking(Answers(attended=True))
    assert asking.ask(full(begun=begun)) == [True]
    assert said in shown.getvalue()
    assert "\\x1b[2J/data/cart: the disk is full." in asking.text
