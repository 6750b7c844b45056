"""A login is asked for one origin, which is shown; the password stays in no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QLineEdit

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.events import LoginQuestion
from cartload.model import Origin, SeriesUID
from cartload_qt.dialogs.factory import dialog_for
from cartload_qt.dialogs.login import LoginDialog
from cartload_qt.dialogs.rows import RowsView
from dialog_parts import opened, press_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from dialog_parts import Opened
    from keyrings import MemoryKeyring

SERIES = tuple(SeriesUID(f"1.2.{number}") for number in range(42))
SAFE = Origin("https", "archive.example", 8443)


def no_keyring() -> str:
    raise LoginError("there is none on this system.", advice="Set one up.")


def asked(
    window: QWidget,
    origin: Origin = SAFE,
    *,
    refusal: str = "",
    keyring: Callable[[], str] = lambda: "of the tests",
    user: str = "",
) -> Opened:
    question = LoginQuestion(origin, SERIES, refusal)
    return opened(dialog_for(question, window, keyring=keyring, user=user))


def fields(shown: Opened) -> tuple[QLineEdit, QLineEdit]:
    user, password = shown.all(QLineEdit)
    return user, password


def filled(shown: Opened, user: str = "jane", typed: str = "pässword") -> Opened:
    for field, text in zip(fields(shown), (user, typed), strict=True):
        field.clear()
        field.insert(text)
    return shown


def kept(shown: Opened) -> bool:
    assert isinstance(shown.dialog, LoginDialog)
    return shown.dialog.keeps


def test_the_origin_and_the_number_of_series_are_shown(window: QWidget) -> None:
    said = asked(window).said
    assert "https://archive.example:8443" in said
    assert "42 series" in said


def test_the_series_are_listed_on_demand(window: QWidget) -> None:
    shown = asked(window)
    table = shown.one(RowsView)
    assert not table.isVisible()
    shown.press("List the series")
    assert table.isVisible()
    model = table.model()
    assert model is not None
    assert (model.rowCount(), model.index(41, 0).data()) == (42, "1.2.41")


def test_what_was_typed_is_the_answer(window: QWidget) -> None:
    shown = filled(asked(window))
    shown.press("Log in")
    assert shown.answers == [Credentials("jane", Secret("pässword"))]


def test_enter_logs_in_once_both_are_typed(window: QWidget) -> None:
    shown = filled(asked(window))
    press_key(fields(shown)[1], Qt.Key.Key_Return)
    assert shown.answers == [Credentials("jane", Secret("pässword"))]


@pytest.mark.parametrize(("user", "password"), [("", "x"), ("jane", ""), ("  ", "x")])
def test_half_a_login_is_none(window: QWidget, user: str, password: str) -> None:
    shown = filled(asked(window), user, password)
    assert not shown.button("Log in").isEnabled()
    press_key(fields(shown)[1], Qt.Key.Key_Return)
    assert shown.answers == []


def test_a_guest_goes_on_without(window: QWidget) -> None:
    shown = filled(asked(window))
    shown.press("Go on as a guest")
    assert shown.answers == [False]


def test_closing_goes_on_as_a_guest(window: QWidget) -> None:
    shown = filled(asked(window))
    shown.key(Qt.Key.Key_Escape)
    assert shown.answers == [False]


@pytest.mark.parametrize("button", ["Log in", "Go on as a guest"])
def test_the_password_stays_in_no_widget(window: QWidget, button: str) -> None:
    shown = filled(asked(window))
    password = fields(shown)[1]
    shown.press(button)
    assert password.text() == ""
    password.setEchoMode(QLineEdit.EchoMode.Normal)
    password.undo()
    assert password.text() == ""


def test_the_password_is_hidden_until_it_is_to_be_shown(window: QWidget) -> None:
    shown = filled(asked(window))
    password = fields(shown)[1]
    assert password.displayText() != "pässword"
    shown.press("Show the password")
    assert password.displayText() == "pässword"
    shown.press("Show the password")
    assert password.displayText() != "pässword"


def test_no_text_of_the_dialog_tells_the_password(window: QWidget) -> None:
    shown = filled(asked(window))
    shown.press("Log in")
    assert "pässword" not in repr(shown.answers)
    assert "pässword" not in repr(vars(shown.dialog))


def test_why_the_last_one_was_refused_is_shown(window: QWidget) -> None:
    said = asked(window, refusal="the account is locked.").said
    assert "The last login was not accepted: the account is locked." in said


def test_plain_http_is_warned_of_and_gets_no_login(window: QWidget) -> None:
    shown = filled(asked(window, Origin("http", "archive.example", 80)))
    assert "not encrypted (http)" in shown.said
    assert not shown.button("Log in").isEnabled()


def test_plain_http_on_this_computer_is_told_and_may_have_one(window: QWidget) -> None:
    shown = filled(asked(window, Origin("http", "localhost", 8080)))
    assert "not encrypted (http)" in shown.said
    assert shown.button("Log in").isEnabled()


def test_what_cannot_be_sent_is_told_and_stays_open(window: QWidget) -> None:
    shown = filled(asked(window), "jane", "\ud800")
    shown.press("Log in")
    assert shown.answers == []
    assert "This cannot be sent" in shown.said


def test_a_known_user_only_types_the_password(window: QWidget) -> None:
    shown = asked(window, user="jane")
    assert shown.dialog.focusWidget() is fields(shown)[1]


def test_a_login_is_kept_only_on_demand(window: QWidget, qtbot: QtBot) -> None:
    shown = filled(asked(window))
    keeping = shown.button("Keep in the system keyring")
    qtbot.waitUntil(keeping.isEnabled)
    assert "of the tests" in shown.said
    shown.press("Log in")
    assert not kept(shown)


def test_a_login_that_is_to_be_kept_says_so(window: QWidget, qtbot: QtBot) -> None:
    shown = filled(asked(window))
    qtbot.waitUntil(shown.button("Keep in the system keyring").isEnabled)
    shown.press("Keep in the system keyring")
    shown.press("Log in")
    assert kept(shown)


def test_a_guest_keeps_nothing(window: QWidget, qtbot: QtBot) -> None:
    shown = filled(asked(window))
    qtbot.waitUntil(shown.button("Keep in the system keyring").isEnabled)
    shown.press("Keep in the system keyring")
    shown.press("Go on as a guest")
    assert not kept(shown)


def test_without_a_keyring_it_is_said_why_nothing_is_kept(window: QWidget, qtbot: QtBot) -> None:
    shown = asked(window, keyring=no_keyring)
    qtbot.waitUntil(lambda: "there is none on this system" in shown.said)
    assert not shown.button("Keep in the system keyring").isEnabled()


def test_the_systems_keyring_is_asked_by_default(
    window: QWidget, qtbot: QtBot, keyring: MemoryKeyring
) -> None:
    shown = opened(dialog_for(LoginQuestion(SAFE, SERIES), window))
    qtbot.waitUntil(lambda: f"Keyring: {keyring.name}" in shown.said)
    assert shown.button("Keep in the system keyring").isEnabled()


def test_a_dialog_that_is_gone_hears_nothing_of_the_keyring(window: QWidget, qtbot: QtBot) -> None:
    asked_of: list[str] = []

    def slow() -> str:
        asked_of.append("it")
        return "slow"

    shown = asked(window, keyring=slow)
    shown.press("Go on as a guest")
    qtbot.waitUntil(lambda: bool(asked_of))
    assert shown.answers == [False]


def test_tab_goes_from_above_to_below(window: QWidget, qtbot: QtBot) -> None:
    shown = asked(window)
    qtbot.waitUntil(shown.button("Keep in the system keyring").isEnabled)
    user, password = fields(shown)
    lists, shows, keeps = shown.all(QCheckBox)
    order = [lists, user, password, shows, keeps]
    lists.setFocus()
    for expected in order[1:]:
        following = shown.dialog.focusWidget()
        assert following is not None
        press_key(following, Qt.Key.Key_Tab)
        assert shown.dialog.focusWidget() is expected
