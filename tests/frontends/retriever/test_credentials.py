from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import pytest

from cartload.errors import LoginError
from cartload_retriever.command import command
from cartload_retriever.credentials import ALONE, SEEN, login_given

if TYPE_CHECKING:
    from pathlib import Path

    from cartload_cli.login_options import LoginGiven


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "login"
    path.write_text("userName=jane\npassWord=from the file\n")
    path.chmod(0o600)
    return path


def given(*words: str | Path) -> LoginGiven:
    context = command.make_context("nbia-data-retriever", ["-c", "cart.tcia", *map(str, words)])
    chosen = context.params
    return login_given(
        context, chosen["user"], chosen["password"], chosen["credentials"], chosen["allow_host"]
    )


def told(login: LoginGiven) -> tuple[str, str] | None:
    if login.credentials is None:
        return None
    return login.credentials.user, login.credentials.password.reveal()


def test_a_name_and_a_password_are_a_login_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(given("-u", "jane", "-p", "secret")) == ("jane", "secret")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"{SEEN}\n")


def test_a_file_is_a_login_without_one(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(given("-l", file)) == ("jane", "from the file")
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.name != "posix", reason="Windows guards files by access lists, not by such bits")
def test_a_file_that_others_can_read_is_used_with_a_warning(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.chmod(0o644)
    assert told(given("-l", file)) == ("jane", "from the file")
    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "login"),
    [
        (("-u", "x", "-p", "y", "-l"), ("jane", "from the file")),
        (("-u", "x", "-l"), ("jane", "from the file")),
    ],
)
def test_a_file_after_a_name_holds(file: Path, words: tuple[str, ...], login: tuple[str, str]) -> None:
    assert told(given(*words, file)) == login


@pytest.mark.parametrize(
    ("words", "login"),
    [
        (("-u", "x", "-p", "y"), ("x", "y")),
        (("-u", "x"), ("x", "from the file")),
        (("-p", "y"), ("jane", "y")),
    ],
)
def test_what_is_typed_after_a_file_holds(file: Path, words: tuple[str, ...], login: tuple[str, str]) -> None:
    assert told(given("-l", file, *words)) == login


def test_a_name_alone_says_whose_login_is_looked_for() -> None:
    login = given("-u", "jane")
    assert (login.user, login.credentials) == ("jane", None)


def test_a_password_alone_is_not_used(capsys: pytest.CaptureFixture[str]) -> None:
    login = given("-p", "secret")
    assert (login.user, login.credentials) == (None, None)
    assert ALONE in capsys.readouterr().err


@pytest.mark.parametrize("words", [("-u", " ", "-p", "y"), ("-u", "x", "-p", "\udcff"), ("-p", "\udcff")])
def test_what_no_login_is_made_of_is_wrong_use(words: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError, match="cannot be used") as refused:
        given(*words)
    assert "\udcff" not in refused.value.message


@pytest.mark.parametrize("content", ["", "userName=jane\n", "passWord=secret\n"])
def test_a_file_without_a_login_is_an_error(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(LoginError, match="it has no"):
        given("-l", file)


def test_a_host_may_be_allowed() -> None:
    (origin,) = given("--allow-host", "archive.example").allowed
    assert str(origin) == "https://archive.example"
