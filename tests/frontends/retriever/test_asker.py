from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest
from attrs import field, frozen

from cartload.errors import AccessDeniedError, CartloadError, PolicyError, StoppedError
from cartload.events import (
    Answer,
    Asked,
    DeniedQuestion,
    ExistingQuestion,
    LoginQuestion,
    PolicyQuestion,
    Question,
    SpaceQuestion,
)
from cartload.model import Denied, Origin, SeriesUID, UsagePolicy
from cartload.ports import AcceptedBy
from cartload.settings import Existing
from cartload_cli.interrupts import Interrupts
from cartload_cli.questions import Answers, Questions
from cartload_retriever.asker import EXISTING, MOST_INVALID, POLICY, PipeAsker
from frontends.cli.commandline import Piped

if TYPE_CHECKING:
    from cartload_common.messages import Message

AGREE = PolicyQuestion(UsagePolicy("archive.example", "Be kind.\n\x1b[2JNo resale.\n"))
DENIED = DeniedQuestion((Denied(SeriesUID("1.2"), "private"),), 3)
THERE = ExistingQuestion(2, 5_000_000, 3, 7_000_000)
WHO = LoginQuestion(Origin("https", "archive.example", 443), (SeriesUID("1.2"), SeriesUID("1.3")))
ROOM = SpaceQuestion("there is no room.", 2, 1, begun=False)


@frozen
class Pipe:
    """A script that wrote its answers beforehand, and all that it reads."""

    monkeypatch: pytest.MonkeyPatch
    out: io.StringIO = field(factory=io.StringIO)
    said: list[Message] = field(factory=list)

    def asker(self, content: bytes | str, answers: Answers | None = None) -> PipeAsker:
        stdin = Piped(content) if isinstance(content, bytes) else io.StringIO(content)
        self.monkeypatch.setattr(sys, "stdin", stdin)
        self.monkeypatch.setattr(sys, "stdout", self.out)
        return PipeAsker(answers or Answers(), self.said.append, Interrupts(lambda: None))


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    return Pipe(monkeypatch)


@pytest.mark.parametrize("line", ["Y\n", "y\n", "Y\r\n", " y \n", "Y", "what\nY\n", "\n\nY\n"])
def test_a_yes_accepts_the_policy(pipe: Pipe, line: str) -> None:
    assert pipe.asker(line)(AGREE) is True
    assert pipe.out.getvalue().startswith(f"Be kind.\n\\x1b[2JNo resale.\n{POLICY}\n")


@pytest.mark.parametrize("line", ["N\n", "n\n", "", "no\n", "yes\n"])
def test_anything_else_does_not(pipe: Pipe, line: str) -> None:
    with pytest.raises(PolicyError, match="not accepted"):
        pipe.asker(line)(AGREE)


@pytest.mark.parametrize(
    ("line", "choice"),
    [("A\n", Existing.ALL), ("a\n", Existing.ALL), ("M\n", Existing.MISSING), ("x\nm\n", Existing.MISSING)],
)
def test_a_letter_chooses_what_becomes_of_what_is_there(pipe: Pipe, line: str, choice: Existing) -> None:
    assert pipe.asker(line)(THERE) is choice
    told = pipe.out.getvalue()
    assert f"\n{EXISTING}\n" in told
    assert "2 series (5.0 MB) are here, 3 (7.0 MB) are to come" in told


@pytest.mark.parametrize("line", ["E\n", "e\n", ""])
def test_an_e_or_the_end_of_the_input_ends_it(pipe: Pipe, line: str) -> None:
    with pytest.raises(StoppedError, match="you chose E, or gave no answer"):
        pipe.asker(line)(THERE)


def test_answers_are_read_a_line_each_and_no_further(pipe: Pipe) -> None:
    asker = pipe.asker(b"Y\nM\nnext\n")
    assert (asker(AGREE), asker(THERE)) == (True, Existing.MISSING)
    assert sys.stdin.readline() == "next\n"


def test_an_input_that_never_answers_is_not_read_for_ever(pipe: Pipe) -> None:
    asker = pipe.asker("y\n" * (MOST_INVALID + 1))
    with pytest.raises(StoppedError):
        asker(THERE)
    assert sys.stdin.readline() == "y\n"


def test_bytes_that_are_no_text_are_no_answer(pipe: Pipe) -> None:
    assert pipe.asker(b"\xff\xfe\nY\n")(AGREE) is True


def test_a_standard_input_that_is_closed_is_no_answer(pipe: Pipe) -> None:
    asker = pipe.asker("")
    pipe.monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(PolicyError):
        asker(AGREE)


def test_flags_answer_in_silence(pipe: Pipe) -> None:
    asker = pipe.asker("", Answers(accept_policy=True, allowed_only=True))
    assert (asker(AGREE), asker(DENIED)) == (AcceptedBy.FLAG, True)
    assert pipe.out.getvalue() == ""
    assert "as -f says" in pipe.said[0].text


def test_denied_series_end_it_with_the_flag_that_goes_on(pipe: Pipe) -> None:
    with pytest.raises(AccessDeniedError, match="denied to 1 series") as refused:
        pipe.asker("Y\n")(DENIED)
    assert "-f goes on with the other 3" in refused.value.advice


@pytest.mark.parametrize("question", [WHO, ROOM])
def test_what_the_original_never_asked_is_not_asked(pipe: Pipe, question: Question) -> None:
    assert pipe.asker("Y\n")(question) is False
    assert pipe.out.getvalue() == ""
    assert sys.stdin.readline() == "Y\n"


@frozen
class FakeSession:
    """Remembers how it was answered."""

    told: list[Answer | str] = field(factory=list)

    def answer(self, question: Question, answer: Answer) -> None:  # noqa: ARG002 - the session's signature
        self.told.append(answer)

    def cancel(self) -> None:
        self.told.append("cancel")


def test_ctrl_c_at_a_question_ends_the_session(pipe: Pipe) -> None:
    asker, session = pipe.asker(""), FakeSession()

    def interrupted(_: int) -> str:
        raise KeyboardInterrupt

    pipe.monkeypatch.setattr(sys.stdin, "readline", interrupted)
    Questions(session, asker)(Asked(THERE))
    assert session.told == ["cancel"]


@pytest.mark.parametrize(("question", "kind"), [(AGREE, PolicyError), (DENIED, AccessDeniedError)])
def test_a_refusal_ends_the_session_and_is_told(
    pipe: Pipe, question: Question, kind: type[CartloadError]
) -> None:
    session = FakeSession()
    questions = Questions(session, pipe.asker("N\n"))
    questions(Asked(question))
    assert session.told == ["cancel"]
    assert isinstance(questions.fault, kind)
