"""What the documentation says of the window's keys and stages is so."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMainWindow

from cartload.state import TaskState
from cartload_qt.stage import Action, Stage, Standing, possible
from cartload_qt.window.actions import Actions
from docs.pages import rows, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

TOLD_KEYS = {does: key for key, does in rows(text_of("docs/how-to/use-the-window.md"), "key")}
REFERENCE = text_of("docs/reference/window.md")


@pytest.fixture
def actions(qtbot: QtBot) -> Iterator[dict[str, QAction]]:
    """Give the actions by their texts, without the marks of keys."""
    window = QMainWindow()
    qtbot.addWidget(window)
    made = [each for each in vars(Actions(window)).values() if isinstance(each, QAction)]
    yield {each.text().replace("&", ""): each for each in made}
    window.hide()


@pytest.mark.skipif(sys.platform == "darwin", reason="the keys of macOS are told in words")
def test_the_keys_on_the_page_are_those_of_the_window(actions: dict[str, QAction]) -> None:
    has_keys = {text for text, action in actions.items() if action.shortcuts()}
    assert set(TOLD_KEYS) == has_keys
    for text, key in TOLD_KEYS.items():
        assert key in {each.toString() for each in actions[text].shortcuts()}, text


def test_no_key_is_given_twice(actions: dict[str, QAction]) -> None:
    given = [key.toString() for action in actions.values() for key in action.shortcuts()]
    assert len(set(given)) == len(given)


def test_every_stage_is_explained_in_order() -> None:
    assert [row[0] for row in rows(REFERENCE, "stage")] == [stage.value for stage in Stage]


def test_what_can_be_done_when_is_told_as_it_is() -> None:
    able = {
        stage: possible(Standing(stage, (TaskState.QUEUED,), startable=1, can_retry=True)) for stage in Stage
    }
    told = [(row[0], row[1]) for row in rows(REFERENCE, "action")]
    assert told == [
        (action.value, ", ".join(stage.value for stage in Stage if action in able[stage]))
        for action in Action
    ]
