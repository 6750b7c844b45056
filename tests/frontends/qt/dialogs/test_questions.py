"""Each question of a session is asked by a dialog, and answered once, in the session's own terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QPlainTextEdit, QPushButton

from cartload.events import DeniedQuestion, ExistingQuestion, PolicyQuestion, SpaceQuestion
from cartload.model import Denied, SeriesUID, UsagePolicy
from cartload.ports import AcceptedBy
from cartload.settings import Existing
from cartload_qt.dialogs.denied import DeniedDialog
from cartload_qt.dialogs.factory import dialog_for
from dialog_parts import opened

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

    from cartload.events import Question
    from dialog_parts import Opened

POLICY = PolicyQuestion(UsagePolicy("archive.example", "Be kind.\n" * 500))
DENIED = DeniedQuestion(tuple(Denied(SeriesUID(f"1.2.{n}"), f"reason {n}") for n in range(3)), 9)
EXISTING = ExistingQuestion(held=12, held_bytes=3_000_000_000, missing=5, missing_bytes=1_000_000_000)
BEGIN = SpaceQuestion("It is too small.", 2_000_000_000, 1_000_000_000, begun=False)
GO_ON = SpaceQuestion("It is full.", 2_000_000_000, None, begun=True)


def asked(question: Question, window: QWidget) -> Opened:
    return opened(dialog_for(question, window))


@pytest.mark.parametrize(
    ("question", "button", "answer"),
    [
        (POLICY, "Agree", AcceptedBy.PROMPT),
        (POLICY, "Leave", False),
        (DENIED, "Go on with the other 9", True),
        (DENIED, "Leave", False),
        (EXISTING, "Start", Existing.MISSING),
        (EXISTING, "Cancel", None),
        (BEGIN, "Begin all the same", True),
        (BEGIN, "Do not begin", False),
        (GO_ON, "Go on", True),
        (GO_ON, "Stop here, keep all that came", False),
    ],
)
def test_a_button_answers_once_and_closes(
    window: QWidget, question: Question, button: str, answer: object
) -> None:
    shown = asked(question, window)
    shown.press(button)
    assert shown.answers == [answer]
    assert not shown.dialog.isVisible()


@pytest.mark.parametrize(
    ("question", "answer"),
    [(POLICY, False), (DENIED, False), (EXISTING, None), (BEGIN, False), (GO_ON, False)],
)
def test_escape_and_the_windows_button_give_the_careful_answer(
    window: QWidget, question: Question, answer: object
) -> None:
    escaped, closed = asked(question, window), asked(question, window)
    escaped.key(Qt.Key.Key_Escape)
    closed.dialog.close()
    assert (escaped.answers, closed.answers) == ([answer], [answer])


@pytest.mark.parametrize(
    ("question", "answer"),
    [(POLICY, False), (DENIED, True), (EXISTING, Existing.MISSING), (BEGIN, False), (GO_ON, True)],
)
def test_enter_presses_what_can_do_no_harm(window: QWidget, question: Question, answer: object) -> None:
    shown = asked(question, window)
    shown.key(Qt.Key.Key_Return)
    assert shown.answers == [answer]


def test_only_the_first_answer_counts(window: QWidget) -> None:
    shown = asked(POLICY, window)
    shown.dialog.give(answer=True)
    shown.dialog.give(answer=False)
    shown.dialog.reject()
    assert shown.answers == [True]


def test_the_whole_policy_is_there_with_its_archive(window: QWidget) -> None:
    shown = asked(POLICY, window)
    assert "archive.example" in shown.said
    text = shown.one(QPlainTextEdit)
    assert text.toPlainText().count("Be kind.") == 500
    assert text.isReadOnly()


def test_the_text_of_a_policy_can_be_selected_by_keyboard(window: QWidget) -> None:
    text = asked(POLICY, window).one(QPlainTextEdit)
    assert text.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard


def test_agreeing_takes_the_button_itself(window: QWidget) -> None:
    shown = asked(POLICY, window)
    agree = shown.button("Agree")
    assert isinstance(agree, QPushButton)
    assert not agree.isDefault()
    agree.setFocus()
    shown.key(Qt.Key.Key_Space)
    assert shown.answers == [AcceptedBy.PROMPT]


def test_denied_series_are_listed_with_their_reasons(window: QWidget) -> None:
    shown = asked(DENIED, window)
    assert isinstance(shown.dialog, DeniedDialog)
    rows = shown.dialog.table.model()
    assert rows is not None
    assert [rows.index(2, column).data() for column in range(2)] == ["1.2.2", "reason 2"]
    assert "refuses 3 series" in shown.said


def test_denied_series_can_be_copied(window: QWidget) -> None:
    shown = asked(DENIED, window)
    shown.press("Copy")
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == "1.2.0\treason 0\n1.2.1\treason 1\n1.2.2\treason 2"
    assert shown.answers == []


def test_the_choices_of_a_partly_finished_cart_have_counts_and_sizes(window: QWidget) -> None:
    shown = asked(EXISTING, window)
    shown.button("Only the 5 missing series (1.0 GB)")
    shown.button("All 17 series again (4.0 GB)")
    assert "12 series of this cart (3.0 GB) are here already." in shown.said


def test_all_again_is_answered_when_it_is_chosen(window: QWidget) -> None:
    shown = asked(EXISTING, window)
    shown.button("All 17 series again (4.0 GB)").setChecked(True)
    shown.press("Start")
    assert shown.answers == [Existing.ALL]


def test_nothing_missing_is_said(window: QWidget) -> None:
    shown = asked(ExistingQuestion(12, 3000, 0, 0), window)
    assert shown.button("Nothing: no series is missing").isChecked()
    assert "12 series of this cart" in shown.said


def test_the_room_is_told_as_far_as_it_is_known(window: QWidget) -> None:
    assert "Needed: 2.0 GB. Free: 1.0 GB." in asked(BEGIN, window).said
    resting = asked(GO_ON, window).said
    assert "How much is free is not known." in resting
    assert "nothing is lost" in resting
