from __future__ import annotations

import getpass
import sys
import warnings
from typing import TYPE_CHECKING

import click
import pytest

from cartload.credentials import Credentials, Secret
from cartload.errors import LoginError
from cartload.model import Origin, SeriesUID
from cartload_cli.login_prompt import LoginPrompt
from frontends.cli.commandline import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

ORIGIN = Origin.of("https://archive.example")


class Sitting:
    """Somebody at a terminal: what is typed visibly and hidden, and all that was shown."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, names: str, *hidden: str) -> None:
        self.screen = Terminal()
        self.told: list[str] = []
        passwords = iter(hidden)
        monkeypatch.setattr(sys, "stdin", Terminal(names))
        monkeypatch.setattr(sys, "stdout", self.screen)
        monkeypatch.setattr(sys, "stderr", self.screen)
        monkeypatch.setattr(getpass, "getpass", lambda *_, **__: next(passwords))

    @property
    def prompt(self) -> LoginPrompt:
        return LoginPrompt(self.told.append)


def test_name_and_password_are_asked_for_with_the_archive_that_gets_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sitting = Sitting(monkeypatch, "jane\n", "c4n4ry")
    assert sitting.prompt.ask(ORIGIN) == Credentials("jane", Secret("c4n4ry"))
    (told,) = sitting.told
    assert (
        told
        == "Your login at https://archive.example. It is sent nowhere else; to give up, give no password."
    )
    assert "User name" in sitting.screen.getvalue()
    assert "c4n4ry" not in sitting.screen.getvalue()


def test_the_series_that_need_it_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = Sitting(monkeypatch, "\n")
    sitting.prompt.ask(ORIGIN, series=[SeriesUID(f"1.2.{number}") for number in range(1, 13)])
    assert sitting.told[0] == "12 series of this cart need a login at https://archive.example:"
    assert sitting.told[1:11] == [f"  1.2.{number}" for number in range(1, 11)]
    assert sitting.told[11:] == [
        "  and 2 more",
        "It is sent nowhere else; to go on without it, give no password.",
    ]


def test_whoever_was_refused_can_only_give_up(monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = Sitting(monkeypatch, "\n")
    sitting.prompt.ask(ORIGIN, series=[SeriesUID("1.2.3")], refused="the login from netrc")
    assert sitting.told[-1] == "It is sent nowhere else; to give up, give no password."


def test_a_name_that_is_known_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = Sitting(monkeypatch, "\n", "c4n4ry")
    assert sitting.prompt.ask(ORIGIN, user="jane") == Credentials("jane", Secret("c4n4ry"))
    assert "User name [jane]" in sitting.screen.getvalue()


def test_no_name_is_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Sitting(monkeypatch, "\n").prompt.ask(ORIGIN) is None


def test_no_password_is_no_login_though_a_name_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Sitting(monkeypatch, "\n", "").prompt.ask(ORIGIN, user="jane") is None


def test_after_a_refusal_it_says_whose_login_was_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = Sitting(monkeypatch, "jane\n", "c4n4ry")
    sitting.prompt.ask(ORIGIN, refused="the login from netrc")
    assert sitting.told[0] == "https://archive.example does not accept the login from netrc."


def test_an_origin_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = Sitting(monkeypatch, "\n")
    sitting.prompt.ask(Origin("https", "a\x1b[2Jb", 443))
    assert "\x1b" not in "".join(sitting.told)


def test_what_cannot_be_sent_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = Sitting(monkeypatch, "jane\njane\n", "half\udcff", "c4n4ry")
    assert sitting.prompt.ask(ORIGIN) == Credentials("jane", Secret("c4n4ry"))
    assert "half" not in "".join(sitting.told)


def test_to_break_off_is_to_break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(click.Abort):
        Sitting(monkeypatch, "").prompt.ask(ORIGIN)


def test_a_terminal_that_would_show_the_password_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(*_: object) -> str:
        warnings.warn("it may be echoed", getpass.GetPassWarning, stacklevel=2)
        raise AssertionError("it was asked all the same")

    sitting = Sitting(monkeypatch, "jane\n")
    showing: Callable[..., str] = shown
    monkeypatch.setattr(getpass, "getpass", showing)
    with pytest.raises(LoginError, match="cannot hide what is typed"):
        sitting.prompt.ask(ORIGIN)
