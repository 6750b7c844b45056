"""The page of a cart: which series it tells about, and what its buttons are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtWidgets import QMainWindow, QToolButton

from cartload.plan import Plan
from cartload_qt.choices import Choices
from cartload_qt.window.actions import Actions
from cartload_qt.window.cart_page import CartPage
from frontends.qt.table.table_plans import small, uid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[CartPage]:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = CartPage(Actions(window), Choices(directory=tmp_path))
    made.table.current_changed.connect(made.details.show_series)
    window.setCentralWidget(made)
    window.show()
    yield made
    window.hide()


def test_the_first_series_of_a_cart_is_told_about_at_once(page: CartPage) -> None:
    page.model.show_plan(small())
    assert page.table.selected_uids() == [uid(1)]
    assert page.details.uid == uid(1)
    assert page.details.empty.isHidden()


def test_who_looked_at_a_series_still_does_when_the_cart_is_described_again(page: CartPage) -> None:
    page.model.show_plan(small())
    page.table.show_series(uid(4))
    page.model.show_plan(small())
    assert page.table.selected_uids() == [uid(4)]
    assert page.details.uid == uid(4)


def test_an_empty_cart_tells_about_nothing(page: CartPage) -> None:
    page.model.show_plan(small())
    page.model.show_plan(Plan(()))
    assert not page.details.empty.isHidden()


def test_a_button_is_enabled_exactly_when_its_action_is(page: CartPage) -> None:
    buttons = [each for each in page.findChildren(QToolButton) if each.parent() is page.widget()]
    assert len(buttons) == 5
    for button in buttons:
        action = button.defaultAction()
        assert action is not None
        for is_possible in (False, True):
            action.setEnabled(is_possible)
            assert button.isEnabled() is is_possible
