"""The pane with all that is known of one series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel

from cartload.events import AttemptFailed
from cartload.model import License
from cartload.plan import Plan
from cartload.state import TaskState
from cartload_qt.table.details import DetailsPane, web_address
from cartload_qt.table.model import SeriesModel
from frontends.qt.table.table_plans import HOSTILE, NC, a_plan_task, completing, going, hostile, small, uid

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def pane(qtbot: QtBot) -> DetailsPane:
    model = SeriesModel(clock=lambda: 1_000_000_000.0)
    made = DetailsPane(model)
    model.setParent(made)
    qtbot.addWidget(made)
    model.show_plan(small())
    return made


@pytest.fixture
def model(pane: DetailsPane) -> SeriesModel:
    found = pane.findChild(SeriesModel)
    assert found is not None
    return found


def said(pane: DetailsPane) -> str:
    return "\n".join(value.text() for value in pane.facts.values if not value.isHidden())


def test_without_a_series_it_says_what_to_do(pane: DetailsPane) -> None:
    assert not pane.empty.isHidden()
    assert pane.facts.isHidden()


def test_it_shows_whole_identifiers_that_can_be_copied(pane: DetailsPane) -> None:
    pane.show_series(uid(2))
    assert uid(2) in said(pane)
    assert "1.3.9.1" in said(pane)
    flags = Qt.TextInteractionFlag.TextSelectableByKeyboard
    assert all(value.textInteractionFlags() & flags for value in pane.facts.values)


def test_it_follows_what_happens(pane: DetailsPane, model: SeriesModel) -> None:
    pane.show_series(uid(1))
    model.apply(completing(model.rows.tasks[0]))
    assert f"there/{uid(1)}" in said(pane)
    assert "Complete: " in said(pane)


def test_no_line_of_a_long_reason_is_cut_off(qtbot: QtBot, pane: DetailsPane, model: SeriesModel) -> None:
    pane.resize(800, 400)
    pane.show()
    pane.show_series(uid(1))
    reason = "the connection broke before the answer was complete " * 8
    model.apply(going(model.rows.tasks[0], TaskState.FETCHING, TaskState.FAILED, reason=reason))
    shown = [value for value in pane.facts.values if not value.isHidden()]
    assert any(reason.strip() in value.text() for value in shown)
    qtbot.waitUntil(lambda: all(each.height() >= each.heightForWidth(each.width()) for each in shown))
    assert max(value.height() for value in shown) > 2 * pane.fontMetrics().lineSpacing()


def test_it_tells_every_attempt(pane: DetailsPane, model: SeriesModel) -> None:
    pane.show_series(uid(1))
    assert pane.attempts.isHidden()
    failed = [AttemptFailed(uid(1), number, "nbia", f"fault {number}", 2.0) for number in range(1, 9)]
    model.apply(
        [*failed, *going(model.rows.tasks[0], TaskState.FETCHING, TaskState.FAILED, reason="It broke.")]
    )
    lines = pane.attempts.toPlainText().splitlines()
    assert len(lines) == 8
    assert "from nbia: fault 3 Next attempt 2 s later." in lines[2]
    assert "It broke." in said(pane)


def test_another_plan_without_the_series_empties_it(pane: DetailsPane, model: SeriesModel) -> None:
    pane.show_series(uid(1))
    model.show_plan(Plan((a_plan_task(50),)))
    assert not pane.empty.isHidden()


def test_the_licence_opens_by_a_signal(qtbot: QtBot, pane: DetailsPane) -> None:
    pane.show_series(uid(4))
    with qtbot.waitSignal(pane.link_wanted) as told:
        pane.link.click()
    assert told.args == [NC.uri]
    pane.show_series(uid(1))
    assert pane.link.isHidden()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "http://[broken",
        "ftp://example.org",
        "https://e.org/\u202egpj",
        "cc-by",
    ],
)
def test_nothing_but_the_web_is_opened(address: str) -> None:
    assert web_address(License("name", address)) == ""


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_values_are_plain_text(pane: DetailsPane, model: SeriesModel, number: int) -> None:
    model.show_plan(hostile())
    text = HOSTILE[number]
    model.apply([AttemptFailed(uid(number), 1, text, text, None)])
    pane.show_series(uid(number))
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in pane.findChildren(QLabel))
    assert all(line.isprintable() for line in said(pane).splitlines())
    assert len(pane.attempts.toPlainText().splitlines()) == 1
