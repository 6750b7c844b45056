"""The notice of licences that forbid commercial use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cartload.state import TaskState
from cartload_qt.table.model import SeriesModel
from cartload_qt.table.notice import CommercialNotice
from frontends.qt.pressing import click
from frontends.qt.table.table_plans import going, small

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def notice(qtbot: QtBot) -> CommercialNotice:
    model = SeriesModel()
    made = CommercialNotice(model)
    model.setParent(made)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def model(notice: CommercialNotice) -> SeriesModel:
    found = notice.findChild(SeriesModel)
    assert found is not None
    return found


def test_without_such_licences_there_is_no_notice(notice: CommercialNotice) -> None:
    assert notice.isHidden()


def test_it_says_how_many_in_words(notice: CommercialNotice, model: SeriesModel) -> None:
    model.show_plan(small())
    assert not notice.isHidden()
    assert notice.text.text() == "Not for commercial use: the licence of 1 series forbids it."


def test_it_filters_the_table_and_lets_go(notice: CommercialNotice, model: SeriesModel) -> None:
    model.show_plan(small())
    click(notice.filtering)
    assert model.rowCount() == 1
    click(notice.filtering)
    assert model.rowCount() == 6


def test_it_stays_as_long_as_it_filters(notice: CommercialNotice, model: SeriesModel) -> None:
    model.show_plan(small())
    click(notice.filtering)
    model.apply(going(model.rows.tasks[3], TaskState.REMOVED))
    assert not notice.isHidden()
    click(notice.filtering)
    assert notice.isHidden()
